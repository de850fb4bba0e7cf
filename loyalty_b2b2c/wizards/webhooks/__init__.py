from . import b2b2c_webhook_replay
