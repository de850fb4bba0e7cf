"""Run a Python program as if some days had passed: ``moved_clock DAYS SCRIPT …``.

For the story: what passing time alone does must be seen on a real server.  The clock
goes on; PostgreSQL keeps its own.
"""

import runpy
import sys
from datetime import datetime, timedelta, timezone

from freezegun import freeze_time


def main():
    """Move the clock, then become the program."""
    days, script, *arguments = sys.argv[1:]
    sys.argv = [script, *arguments]
    freeze_time(
        datetime.now(timezone.utc) + timedelta(days=int(days)), tick=True
    ).start()
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
