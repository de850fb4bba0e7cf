from . import test_two_people
