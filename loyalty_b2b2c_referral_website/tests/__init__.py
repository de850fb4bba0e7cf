from . import test_recommended_cart
from . import test_recommended_tour
