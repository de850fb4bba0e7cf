from . import b2b2c_checklist
from . import b2b2c_desk
from . import b2b2c_mechanic
from . import b2b2c_member
from . import b2b2c_program
from . import b2b2c_source
