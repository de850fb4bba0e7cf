from . import b2b2c_terminal_cancel
