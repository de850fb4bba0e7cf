from . import b2b2c_training_refuse
