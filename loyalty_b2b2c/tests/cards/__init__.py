from . import test_shown_cards
