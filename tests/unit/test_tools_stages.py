"""What the stages of the gate consist of."""

import pytest

from tools import lanes, stages


@pytest.fixture
def files(tmp_path):
    """Make files of so many bytes, named by them."""

    def make(*sizes):
        paths = []
        for size in sizes:
            path = tmp_path / f"test_{size}.py"
            path.write_text("x" * size)
            paths.append(path)
        return paths

    return make


def test_every_file_is_in_one_part(files):
    paths = files(100, 50, 40, 30, 20)
    parts = lanes.share_out(paths, 2)
    # 100 | 50 + 40, then 30 to the shorter one, then 20
    assert [[path.stem for path in part] for part in parts] == [
        ["test_100", "test_20"],
        ["test_50", "test_40", "test_30"],
    ]
    assert lanes.share_out(reversed(paths), 2) == parts


def test_more_parts_than_files(files):
    assert lanes.share_out(files(5), 3) == [files(5)]


def test_no_test_of_ours_is_left_out():
    """A file is run on the fresh installation, or beside other apps."""
    shared = {path for part in lanes.share_out(stages._our_tests(), 2) for path in part}
    left = {
        path
        for name in stages.modules()
        for path in stages._test_files(name)
        if path not in shared
    }
    assert {path.name for path in left} == {
        "test_beside.py",
        "test_debit_notes.py",
        "test_payout_withheld.py",
        "test_seller_beside.py",
        "test_till_beside_tour.py",
    }
    assert all(stages.BESIDE_TAG in path.read_text() for path in left)
    assert len(shared) > 50


def test_no_race_is_left_out():
    jobs = stages.concurrency(None, ["install"])
    parts = [job.work.args[1] for job in jobs]
    races = (stages.ROOT / "tests" / "concurrency").glob("test_*.py")
    assert sorted(path for part in parts for path in part) == sorted(races)
    assert [job.title for job in jobs] == [
        f"concurrency {number}" for number in range(1, len(parts) + 1)
    ]
    assert all(job.after == ["install"] for job in jobs)
