from . import test_receipt_desk_tour
from . import test_receipt_lesson_tour
from . import test_receipt_words
from . import test_receipts
from . import test_same_goods
