"""Memory of the process that makes uploads harmless, measured from outside."""

import json
import subprocess
import sys

from harness import limit
from PIL import Image

from tools import receipt_photos
from tools.workspace import ROOT

MEGABYTES = 200
# a small process of its own: what it starts inherits nothing of our size
PROGRAM = """
import json, resource, sys
sys.path.append(sys.argv[1])
from recognition import sandbox
from recognition.errors import BadUpload
try:
    outcome = f"{len(sandbox.clean(sys.stdin.buffer.read()))} page"
except BadUpload as error:
    outcome = f"refused: {error.code}"
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([outcome, used / 1024]))
"""


def hostile():
    """Rows: megabytes for a photo of 40 megapixels, and for one of 65."""
    rows = []
    for name, size in (("40", (7300, 5470)), ("65", (8100, 8100))):
        noise = Image.effect_noise((size[0] // 10, size[1] // 10), 90)
        outcome, used = measure(receipt_photos.jpeg(noise.resize(size)))
        title = f"a photo of {name} megapixels ({outcome}), MB"
        rows.append(limit(title, used, f"<= {MEGABYTES}", used <= MEGABYTES))
    return rows


def measure(data):
    """``(what became of an upload, megabytes it took)``."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT / "loyalty_b2b2c")],
        input=data,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)
