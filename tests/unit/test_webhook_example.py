"""The example of the documentation checks what is really sent."""

import re
from pathlib import Path

from engine.signature import sign

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api" / "webhooks.md"
BODY = '{"kind":"entries","events":[],"next":"7-0","note":"Ж"}'.encode()


def get_example():
    """Return the function of the documentation."""
    [code] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    names = {}
    exec(code, names)  # noqa: S102
    return names["is_genuine"]


def test_the_example_of_the_documentation_tells_who_sent_it():
    is_genuine = get_example()
    header = sign("secret", 1_780_000_000, BODY)
    assert is_genuine("secret", header, BODY, now=1_780_000_100)
    assert not is_genuine("another", header, BODY, now=1_780_000_100)
    assert not is_genuine("secret", header, BODY + b" ", now=1_780_000_100)
    assert not is_genuine("secret", header, BODY, now=1_780_000_400)
    later = header.replace("t=1780000000", "t=1780000400")
    assert not is_genuine("secret", later, BODY, now=1_780_000_400)
