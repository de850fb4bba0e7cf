from . import test_recommended_till
