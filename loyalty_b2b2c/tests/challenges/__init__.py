from . import test_challenge
