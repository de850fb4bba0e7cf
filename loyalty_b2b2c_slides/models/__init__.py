from . import b2b2c_training_way_course
