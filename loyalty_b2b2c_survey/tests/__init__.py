from . import test_survey_training
