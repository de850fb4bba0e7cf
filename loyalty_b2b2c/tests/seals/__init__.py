from . import test_seals
from . import test_seal_heads
from . import test_tampering
from . import test_stamps
