from . import test_figures, test_shown_figures
