"""S1.9, S2.6, S1.33: photos and videos of shelves, promotions and presentations.

Olena shows a shelf, is asked for a nearer photo and gets 40 points.  Ihor hands in a
part of her photo.  Olena sends a video in pieces over a network that breaks.
"""

import hashlib
import json
import random
import re
from datetime import timedelta

from book import scene, today

from tools import shelf_photos
from tools.odoo_env import open_environment

PIECE = 2 * 1024 * 1024
SHELF = shelf_photos.photo(1)


@scene("S1.9")
def test_display_of_goods(story):
    """a photo of the shelf is sent back with a reason, taken again, and accepted"""
    manager = story.as_user("manager")
    task = story.memory["activity.shelf"] = _create(
        manager,
        "Show Our Shelf",
        criterion_ids=[
            (0, 0, {"name": "Three rows at eye level", "max_score": 6}),
            (0, 0, {"name": "Prices can be read", "max_score": 4}),
        ],
        is_by_score=True,
        is_place_asked=True,
    )
    first, second = manager.read("b2b2c.challenge", task, "criterion_ids")[
        "criterion_ids"
    ]
    before = _points(story, "Olena")
    said = [_send(story, "olena", task, SHELF)]
    said.append(_send(story, "olena", task, place="Office, first floor"))
    story.show(
        "S1.9",
        "photo without a place, then with one",
        "; ".join(said),
        "Say where it is.; Handed in: somebody looks at it.",
    )
    one = _find(story, task)
    _answer(story, one, "send_back", "blurred", "Nearer, please.")
    said = _status(story, "olena", task)
    story.show(
        "S1.9",
        "sent back with a reason, which is on her page",
        "Nearer, please." in said and "Sent back" in said,
        True,
    )
    nearer = shelf_photos.photo(1, visit=2)
    _send(
        story, "olena", task, nearer, place="Office, first floor",
        **{f"criterion_{first}": "1", f"criterion_{second}": "1"},
    )  # fmt: skip
    [low] = manager.search(
        "b2b2c.activity.score",
        [("submission_id", "=", one), ("criterion_id", "=", second)],
    )
    scores = {"score_ids": [(1, low, {"score": 2})]}
    manager.call("b2b2c.activity.submission", "write", [one], scores)
    manager.call("b2b2c.activity.submission", "action_accept", [one])
    row = manager.read("b2b2c.activity.submission", one, "state", "attempt", "score")
    story.show(
        "S1.9",
        "accepted at the second attempt, 8 of 10: four fifths of 50 points",
        f"{row['state']}, attempt {row['attempt']}, {row['score']} of 10, "
        f"+{_points(story, 'Olena') - before:g} points",
        "accepted, attempt 2, 8 of 10, +40 points",
    )


@scene("S2.6")
def test_the_same_photo(story):
    """somebody hands in a part of another person's photo: noticed, a person decides"""
    manager, task = story.as_user("manager"), story.memory["activity.shelf"]
    part = shelf_photos.AGAIN["three fifths of it"](SHELF)
    before = _points(story, "Ihor")
    said = _send(story, "ihor", task, part, place="My shop")
    _look(story)
    one = _find(story, task)
    row = manager.read("b2b2c.activity.submission", one, "state", "signs_text")
    story.show(
        "S2.6",
        "a part of Olena's photo, smaller and under another name",
        f"{said} {row['state']}: {row['signs_text']}",
        "Handed in: somebody looks at it. handed_in: A photo looks like a part of one "
        "that was handed in before.",
    )
    _answer(story, one, "refuse", "again")
    story.show(
        "S2.6",
        "refused for good, he reads why, and nothing is paid",
        f"{'handed in before' in _status(story, 'ihor', task)}, "
        f"+{_points(story, 'Ihor') - before:g} points",
        "True, +0 points",
    )
    bomb = b"\x89PNG\r\n\x1a\n" + bytes(200)
    story.show(
        "S2.6",
        "what is no photo is told at once, what was sent before stays",
        _send(story, "nina", task, raw=bomb),
        "The file is damaged. Take the photo again.",
    )


@scene("S1.33")
def test_video(story):
    """a video of a presentation arrives in pieces over a network that breaks"""
    manager = story.as_user("manager")
    task = _create(
        manager, "Show How It Works", photo_min=0, photo_max=0, video_use="required"
    )
    data = b"\0\0\0\x18ftypisom\0\0\2\0isommp42"
    data += random.Random(33).randbytes(2 * PIECE + 4321)
    phone = story.as_user("olena")
    begin = {"name": "shelf.mp4", "token": "t", "size": len(data), "member": 0}
    url = f"/my/rewards/tasks/{task}/photos"
    clip = phone.post(f"{url}/video", begin)
    csrf = _csrf(story, "olena", task)
    no_video = _piece(story, clip, 0, bytes(len(data)), csrf)
    _piece(story, clip, 0, data, csrf)
    half = _piece(story, clip, 1, data, csrf, length=PIECE // 2)
    again = phone.post(f"{url}/video", begin)
    story.show(
        "S1.33",
        "what is no video; a piece of which half arrived; what is missing then",
        f"{no_video}; {half}; {again['missing']}",
        "This is no video that can be played here. Record it with the camera of the "
        "phone: MP4, MOV or WebM.; A part of the video arrived damaged; it is sent "
        "again.; [1, 2]",
    )
    for number in (2, 1, 1):
        _piece(story, clip, number, data, csrf)
    done = phone.post(f"/my/rewards/tasks/video/{clip['id']}/finish", {})
    part = phone.http.get(
        f"{story.url}/my/rewards/tasks/video/{clip['id']}",
        headers={"Range": f"bytes={PIECE - 2}-{PIECE + 1}"},
        timeout=60,
    )
    same = part.content == data[PIECE - 2 : PIECE + 2]
    story.show(
        "S1.33",
        "it is put together, and played from where one likes",
        f"{done['state']}, {part.status_code}, {same}",
        "ready, 206, True",
    )
    before = _points(story, "Olena")
    said = _send(story, "olena", task)
    manager.call("b2b2c.activity.submission", "action_accept", [_find(story, task)])
    story.show(
        "S1.33",
        "handed in and accepted",
        f"{said} +{_points(story, 'Olena') - before:g} points",
        "Handed in: somebody looks at it. +50 points",
    )


# === WHAT PEOPLE DO === #


def _create(manager, name, **values):
    """Create and start a photo task of 50 points; its id."""
    [program] = manager.search("b2b2c.program", [("name", "=", "Office Club")])
    [task] = manager.call(
        "b2b2c.challenge",
        "create",
        [
            {
                "name": name,
                "kind": "activity",
                "program_id": program,
                "first_day": str(today()),
                "last_day": str(today() + timedelta(days=20)),
                "prize_ids": [(0, 0, {"points": 50})],
                **values,
            }
        ],
    )
    manager.call("b2b2c.challenge", "action_start", [task])
    return task


def _send(story, login, task, picture=None, raw=None, **words):
    """Send the form of a task; return what the page says."""
    url = f"{story.url}/my/rewards/tasks/{task}/photos"
    photo = raw or (picture and shelf_photos.jpeg(picture))
    answer = story.as_user(login).http.post(
        url,
        data={"csrf_token": _csrf(story, login, task), **words},
        files={"photo": ("photo.jpg", photo, "image/jpeg")} if photo else None,
        timeout=120,
    )
    return _said(answer.text)


def _status(story, login, task):
    """Return what is on the page of a task."""
    return story.as_user(login).page(f"/my/rewards/tasks/{task}/photos")[1]


def _said(html):
    """Return what a page says: what is wrong, or how far it is."""
    found = re.search(
        r'class="o_b2b2c_error[^>]*>([^<]+)<|o_b2b2c_status[^>]*>\s*<div[^>]*>([^<]+)<',
        html,
    )
    return (found[1] or found[2]).strip() if found else "nothing"


def _csrf(story, login, task):
    page = story.as_user(login).http.get(
        f"{story.url}/my/rewards/tasks/{task}/photos", timeout=60
    )
    return re.search(r'csrf_token: "([^"]+)"', page.text)[1]


def _piece(story, clip, number, data, csrf, length=PIECE):
    """Send a piece; return what is wrong with it."""
    start = number * PIECE
    whole = data[start : start + PIECE]
    answer = story.as_user("olena").http.post(
        f"{story.url}/my/rewards/tasks/video/{clip['id']}/{number}?csrf_token={csrf}",
        data=whole[:length],
        headers={
            "Content-Type": "application/octet-stream",
            "X-Piece-Sha256": hashlib.sha256(whole).hexdigest(),
        },
        timeout=60,
    )
    return json.loads(answer.text).get("error")


def _answer(story, one, answer, reason, note=""):
    """Send back or refuse by the dialog."""
    manager = story.as_user("manager")
    values = {"submission_id": one, "answer": answer, "reason": reason, "note": note}
    [dialog] = manager.call("b2b2c.activity.answer", "create", [values])
    manager.call("b2b2c.activity.answer", "action_answer", [dialog])


def _find(story, task):
    """Return the id of what was handed in last."""
    [one] = story.as_user("manager").search(
        "b2b2c.activity.submission",
        [("challenge_id", "=", task)],
        order="id desc",
        limit=1,
    )
    return one


def _look(story):
    """Run the scheduled action that compares photos."""
    with open_environment(story.database) as env:
        env.registry.check_signaling()
        env["b2b2c.activity.photo"]._cron_look()


def _points(story, name):
    """Return what tasks of photos and video gave somebody."""
    rows = story.as_user("manager").call(
        "b2b2c.challenge.award",
        "search_read",
        [
            ("member_id.name", "like", name),
            ("challenge_id.kind", "=", "activity"),
            ("state", "=", "given"),
        ],
        ["points"],
    )
    return sum(row["points"] for row in rows)
