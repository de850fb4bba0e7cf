from . import b2b2c_external_document
from . import b2b2c_external_line
from . import b2b2c_source
from . import b2b2c_same_goods
from . import b2b2c_source_external
from . import b2b2c_intake
from . import b2b2c_member
