from . import b2b2c_training_way_course
from . import b2b2c_challenge_templates
