"""The servers that stand for messengers: they lie among an add-on's tests, which import
Odoo; as ``chat_servers`` they can be imported without."""

import sys
import types

from tools.workspace import ROOT

FOLDER = ROOT / "loyalty_b2b2c_chat" / "tests" / "servers"

_package = types.ModuleType("chat_servers")
_package.__path__ = [str(FOLDER)]
sys.modules.setdefault("chat_servers", _package)
