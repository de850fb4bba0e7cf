from .test_sharing import *
from .test_recommended_sales import *
