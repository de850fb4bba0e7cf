from . import test_settlement
from . import test_settlement_books
from . import test_settlement_oracle
from . import test_settlement_shipped
from . import test_settlement_told
