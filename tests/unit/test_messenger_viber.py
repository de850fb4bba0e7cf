"""Viber's adapter against a server that speaks its REST bot API."""

from dataclasses import replace

import pytest
import requests
from chat.dialog.messages import Attachment, Button, Outgoing, Reply
from chat.messengers.messenger import (
    Account,
    Blocked,
    OutsideWindow,
    Refused,
    Unavailable,
    Wait,
)
from chat.messengers.viber import Viber
from chat_hook import Hook
from chat_servers.messenger_server import Response
from chat_servers.viber_server import ViberServer

ANNA = "01234567890A="


@pytest.fixture
def server():
    with ViberServer() as server:
        yield server


@pytest.fixture
def hook():
    with Hook() as hook:
        yield hook


@pytest.fixture
def viber(server, hook):
    account = Account(
        token=server.token,
        name=server.uri,
        api_base=server.base,
        options={
            "sender": "Jeweller North",
            "welcome": "Hello! Here your points live.",
            "welcome_button": "Start",
        },
    )
    hook.messenger = Viber(account, requests.Session())
    hook.messenger.set_up(f"{hook.base}/hook")
    return hook.messenger


@pytest.fixture
def anna(server, viber, hook):
    server.write_text(ANNA, "Hello")
    server.deliver()
    hook.got.clear()
    return ANNA


def send(viber, text="Hello", is_open=True, **content):
    template = "" if is_open else viber.get_template("uk_UA") or ""
    reply = Reply(text, **content)
    return viber.send(Outgoing(ANNA, reply, is_open=is_open, template=template))


def rows(*labels, size=1):
    buttons = [Button(label, "act", data=f"d{n}") for n, label in enumerate(labels)]
    return tuple(tuple(buttons[at : at + size]) for at in range(0, len(buttons), size))


def paid(viber, told="yes"):
    options = {**viber.account.options, "pays": told}
    return Viber(replace(viber.account, options=options), viber.http)


# === THE WEBHOOK === #


def test_set_up(server, viber, hook):
    assert server.webhook == f"{hook.base}/hook"
    assert "delivered" not in server.event_types  # nobody needs a row for each
    hook.status = 500
    with pytest.raises(Refused, match="invalidUrl"):
        viber.set_up(f"{hook.base}/other")
    viber.set_up("")
    assert server.webhook == ""


def test_signature(server, viber, hook):
    event = server.write_text(ANNA, "Hello")
    assert server.bring(event, token="another")[0] == 403
    assert server.post(server.webhook, b"{}", {})[0] == 403
    assert hook.got == []
    assert server.bring(event)[0] == 200
    assert [one.text for one in hook.got] == ["Hello"]
    empty = Viber(replace(viber.account, token=""), None)
    assert not empty.verify(server.sign(b"{}", token=""), {}, b"{}")


# === WHAT COMES IN === #


def test_welcome_keeps_what_the_link_carries(server, viber, hook):
    """One message before subscribing; its button brings the link's payload back."""
    assert viber.get_link("l_Ab-9_x") == (
        "viber://pa?chatURI=jewellernorth&context=l_Ab-9_x"
    )
    server.open_chat(ANNA, "l_Ab-9_x")
    [welcome] = server.sent
    [button] = welcome["keyboard"]["Buttons"]
    assert welcome["text"] == "Hello! Here your points live."
    assert button["Text"] == "Start"
    assert [one.kind for one in hook.got] == ["unblocked"]
    with pytest.raises(Blocked):
        send(viber)
    server.write_text(ANNA, button["ActionBody"])
    server.deliver()
    assert (hook.got[-1].kind, hook.got[-1].text) == ("start", "l_Ab-9_x")
    send(viber)


def test_subscriber_opens_the_chat_by_a_link(server, viber, hook, anna):
    server.open_chat(ANNA, "r_CODE")
    assert server.sent == []
    assert (hook.got[0].kind, hook.got[0].text) == ("start", "r_CODE")


def test_messages(server, viber, hook):
    number = server.write_text(ANNA, "Hello")["message_token"]
    server.show(ANNA, b"photo")
    server.show(ANNA, b"video", "video", size=2_000_000_000)
    server.show(ANNA, b"%PDF", "file")
    place = {"lat": "50.45", "lon": "30.5"}
    server.add(ANNA, {"type": "location", "location": place})
    server.add(ANNA, {"type": "sticker", "sticker_id": 7})
    server.add(ANNA, {"type": "contact", "contact": {"phone_number": "380500000002"}})
    assert server.deliver() == [200] * 7
    text, photo, video, file, location, sticker, contact = hook.got
    assert (text.external_id, text.user, text.language) == (str(number), ANNA, "uk")
    assert (photo.kind, photo.files[0].size) == ("photo", None)
    assert (video.kind, video.files[0].size) == ("video", 2_000_000_000)
    assert (file.kind, file.files[0].name) == ("file", "receipt.pdf")
    assert (location.latitude, location.longitude) == (50.45, 30.5)
    assert sticker.kind == "other"
    assert (contact.phone, contact.is_own_phone) == ("380500000002", False)


def test_press(server, viber, hook, anna):
    send(viber, buttons=rows("Balance"))
    [button] = server.sent[-1]["keyboard"]["Buttons"]
    server.write_text(anna, button["ActionBody"])
    server.write_text(anna, "d0")
    server.deliver()
    told = [(one.kind, one.data, one.text) for one in hook.got if one.text or one.data]
    assert told == [("button", "d0", ""), ("text", "", "d0")]


def test_who_wants_no_more(server, viber, hook, anna):
    server.unsubscribe(anna)
    server.deliver()
    assert [one.kind for one in hook.got] == ["blocked"]
    with pytest.raises(Blocked):
        send(viber)
    server.subscribe(anna)
    server.deliver()
    assert hook.got[-1].kind == "unblocked"


def test_failed_later(server, viber, hook, anna):
    sent = send(viber)
    token = int(sent.message_id)
    event = {"event": "failed", "user_id": anna, "desc": "failure description"}
    server.waiting.append({**event, "timestamp": 1457764197627, "message_token": token})
    server.deliver()
    status = hook.got[-1]
    assert (status.kind, status.message_id) == ("status", sent.message_id)
    assert status.external_id != sent.message_id
    assert status.text == "failed failure description"


def test_in_order_until_it_is_taken(server, viber, hook):
    server.write_text(ANNA, "One")
    server.write_text(ANNA, "Two")
    hook.status = 500
    assert server.deliver() == [500]
    hook.status = 200
    assert server.deliver() == [200, 200]
    assert [one.text for one in hook.got] == ["One", "Two"]


def test_unknown_events(viber):
    assert viber.parse({"event": "tomorrow"}) == []
    with pytest.raises(KeyError):
        viber.parse({})


# === FILES === #


def test_fetch(server, viber, hook):
    server.show(ANNA, b"0" * 1000)
    server.deliver()
    [file] = hook.got[0].files
    assert viber.fetch(file, 1000) == b"0" * 1000
    assert "x-viber-auth-token" not in server.calls[-1].headers
    with pytest.raises(Unavailable) as refused:
        viber.fetch(file, 999)
    assert refused.value.is_too_large
    server.clock.pass_by(3601)
    with pytest.raises(Unavailable, match="404"):
        viber.fetch(file, 1000)


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/x", "https://viber.com.example/x", "file:///x"]
)
def test_file_of_a_stranger(viber, hook, server, address):
    server.show(ANNA, b"0")
    server.deliver()
    with pytest.raises(Unavailable, match="stranger"):
        viber.fetch(replace(hook.got[0].files[0], reference=address), 1000)


# === WHAT GOES OUT === #


def test_text_and_keyboard(server, viber, anna):
    page = Button("Rewards", web_page="https://shop.example/my/rewards")
    buttons = (*rows("Balance", "Scan", "Tasks", "More", size=4), (page,))
    send(viber, "What now?", buttons=buttons)
    [call] = server.sent
    drawn = call["keyboard"]["Buttons"]
    assert [button["Columns"] for button in drawn] == [1, 1, 2, 2, 6]
    assert drawn[4]["ActionType"] == "open-url"
    assert drawn[4]["ActionBody"] == "https://shop.example/my/rewards"
    assert call["sender"] == {"name": "Jeweller North"}


def test_at_most_24_buttons_and_a_way_back(server, viber, anna):
    labels = [f"Reward {number}" for number in range(30)]
    send(viber, buttons=(*rows(*labels), (Button("Back", "menu", data="back"),)))
    drawn = server.sent[-1]["keyboard"]["Buttons"]
    assert len(drawn) == 24
    assert drawn[-1]["Text"] == "Back"


def test_a_row_of_eight(server, viber, anna):
    send(viber, buttons=rows(*"12345678", size=8))
    drawn = server.sent[-1]["keyboard"]["Buttons"]
    assert [button["Columns"] for button in drawn] == [1, 1, 1, 1, 1, 1, 3, 3]


def test_ask_for_the_number(server, viber, anna):
    send(viber, ask_contact="Share my number")
    [button] = server.sent[-1]["keyboard"]["Buttons"]
    assert (button["ActionType"], button["Text"]) == ("share-phone", "Share my number")


def test_long_text(server, viber, anna):
    text = " ".join(["points"] * 1500)  # 10,499 characters
    send(viber, text, buttons=rows("Back"))
    first, second = server.sent
    assert f"{first['text']} {second['text']}" == text
    assert "keyboard" not in first
    assert "keyboard" in second


def test_picture_is_fetched_from_us(server, viber, hook, anna):
    code = Attachment("code.png", "image/png", b"png")
    send(viber, "Your code", attachment=code)
    assert server.sent[-1] == {**server.sent[-1], "type": "text", "text": "Your code"}
    code = replace(code, address=f"{server.base}/media/1")
    server.files["1"] = (b"png", server.clock() + 60)
    send(viber, "Your code", attachment=code, buttons=rows("Back"))
    [call] = server.sent[1:]
    assert (call["type"], call["text"]) == ("picture", "Your code")
    assert "keyboard" in call
    assert server.fetched == [(200, b"png")]
    send(viber, "x" * 769, attachment=code)
    assert [call["type"] for call in server.sent[2:]] == ["picture", "text"]
    send(viber, "", attachment=replace(code, content=b"0" * 1_000_001))
    assert server.sent[-1]["type"] == "file"


# === MONEY === #


def test_after_a_day_it_costs(server, viber, anna):
    send(viber)
    assert server.paid == 0
    server.clock.pass_by(25 * 3600)
    with pytest.raises(OutsideWindow):
        send(viber, is_open=False)
    assert len(server.sent) == 1
    paying = paid(viber)
    send(paying, is_open=False)
    assert (server.paid, server.balance) == (1, 99)
    server.balance = 0
    with pytest.raises(OutsideWindow, match="noBalance"):
        send(paying, is_open=False)


@pytest.mark.parametrize("told", ["yes", " YES ", "1", "true", "так"])
def test_news_that_are_said_to_be_paid_are_sent(server, viber, anna, told):
    server.clock.pass_by(25 * 3600)
    paying = paid(viber, told)
    assert paying.get_template("uk_UA") == "paid"
    send(paying, is_open=False)
    assert server.paid == 1


@pytest.mark.parametrize("told", ["", "no", "0", "ні"])
def test_nobody_pays_unasked(server, viber, anna, told):
    server.clock.pass_by(25 * 3600)
    free = paid(viber, told)
    assert free.get_template("uk_UA") is None
    with pytest.raises(OutsideWindow):
        send(free, is_open=False)
    assert server.paid == 0


# === ERRORS === #


def test_too_many(server, viber, anna):
    server.too_many_after = 3
    for _number in range(3):
        send(viber)
    with pytest.raises(Wait) as wait:
        send(viber)
    assert (wait.value.seconds, wait.value.for_all) == (10, True)
    server.clock.pass_by(10)
    send(viber)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(2, Wait), (3, Refused), (5, Blocked), (6, Blocked), (10, Wait), (13, Refused)],
)
def test_statuses(server, viber, anna, status, expected):
    told = {"status": status, "status_message": f"words {server.token}"}
    server.failures = [Response(told)]
    with pytest.raises(expected) as error:
        send(viber)
    assert str(error.value) == f"words … ({status})"


def test_an_answer_that_is_none(server, viber, anna):
    for body in (b"<html>", b"[]"):
        server.failures = [Response(body, 200, "text/html")]
        with pytest.raises(Wait):
            send(viber)


def test_health(server, viber, hook):
    health = viber.get_health()
    assert (health.is_ok, health.account) == (True, "jewellernorth")
    assert health.hook_url == f"{hook.base}/hook"
    viber.set_up("")
    assert not viber.get_health().is_ok
    wrong = Viber(replace(viber.account, token="x"), viber.http)
    assert wrong.get_health().problem == "invalidAuthToken (2)"
