"""Makes plain packages importable without their addons, which import Odoo."""

import sys
import types
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Last, so that the addon's folders never shadow an installed package.
sys.path.append(str(ROOT / "loyalty_b2b2c"))

# The dialog of the chat and its messengers refer to each other: ``chat.dialog`` and
# ``chat.messengers`` need a parent that is not the addon.
sys.modules["chat"] = types.ModuleType("chat")
sys.modules["chat"].__path__ = [str(ROOT / "loyalty_b2b2c_chat")]

# The servers that stand for messengers lie among the addon's tests, which import Odoo.
sys.modules["chat_servers"] = types.ModuleType("chat_servers")
sys.modules["chat_servers"].__path__ = [
    str(ROOT / "loyalty_b2b2c_chat" / "tests" / "servers")
]
