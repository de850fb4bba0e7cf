from . import test_webhooks
