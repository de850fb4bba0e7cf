from . import api, codes, export
