from . import test_seals
from . import test_seal_heads
