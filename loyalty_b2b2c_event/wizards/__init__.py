from . import b2b2c_challenge_begin
