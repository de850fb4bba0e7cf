from . import b2b2c_activity_answer
