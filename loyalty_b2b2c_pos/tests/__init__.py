from . import test_pos_books
from . import test_pos_buyer
from . import test_pos_dealer
from . import test_pos_measures
from . import test_pos_order
from . import test_pos_same_goods
from . import test_pos_same_lines
from . import test_pos_settled
