from . import test_chat_queues
