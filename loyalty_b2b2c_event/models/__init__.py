from . import event_registration
from . import event_registration_desk
from . import b2b2c_training_way_event
from . import b2b2c_challenge_templates
