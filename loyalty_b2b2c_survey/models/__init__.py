from . import survey_survey
from . import survey_user_input
from . import b2b2c_training_way_survey
from . import b2b2c_challenge_templates
