from . import test_course_training
