from . import b2b2c_member
from . import b2b2c_event
from . import b2b2c_event_failure
from . import b2b2c_source
from . import b2b2c_source_stated
from . import b2b2c_document
