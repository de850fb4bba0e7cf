from . import test_client
from . import test_network
from . import test_network_tour
