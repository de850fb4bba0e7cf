from . import api, codes
