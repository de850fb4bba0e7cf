from . import recommended
