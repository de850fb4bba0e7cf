"""WhatsApp's adapter against a server that speaks the Cloud API."""

import base64
import hashlib
import re
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
from chat.messengers.whatsapp import WhatsApp
from chat_hook import Hook
from chat_servers.messenger_server import Response
from chat_servers.whatsapp_server import WhatsAppServer

ANNA = "380671112233"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAA"
    "AABJRU5ErkJggg=="
)


@pytest.fixture
def server():
    with WhatsAppServer() as server:
        yield server


@pytest.fixture
def hook():
    with Hook() as hook:
        yield hook


@pytest.fixture
def whatsapp(server, hook):
    account = Account(
        token=server.token,
        secret="prove-me",
        name="+38 044 000-00-01",
        api_base=server.base,
        options={
            "phone_id": server.phone_id,
            "account_id": server.account_id,
            "app_secret": server.app_secret,
        },
    )
    hook.messenger = WhatsApp(account, requests.Session())
    hook.messenger.set_up(f"{hook.base}/hook")
    return hook.messenger


@pytest.fixture
def anna(server, whatsapp, hook):
    """Anna wrote a minute ago: she can be written to."""
    server.write_text(ANNA, "Hello")
    server.deliver()
    hook.got.clear()
    return ANNA


def send(whatsapp, text="Hello", **content):
    options = {
        name: content.pop(name)
        for name in ("is_open", "template", "template_values")
        if name in content
    }
    return whatsapp.send(Outgoing(ANNA, Reply(text, **content), **options))


def keys(*labels):
    return tuple(
        (Button(label, "act", data=f"d{n}"),) for n, label in enumerate(labels)
    )


# === THE WEBHOOK === #


def test_set_up_proves_the_token(server, whatsapp, hook):
    assert server.webhook == f"{hook.base}/hook"
    assert server.verify_token == "prove-me"
    hook.messenger = WhatsApp(replace(whatsapp.account, secret="x"), whatsapp.http)
    with pytest.raises(Refused, match="Callback verification failed"):
        whatsapp.set_up(f"{hook.base}/other")
    assert server.webhook == f"{hook.base}/hook"
    hook.messenger = whatsapp
    whatsapp.set_up("")
    assert server.webhook == ""


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "subscribe", "hub.challenge": "7"},
        {
            "hub.mode": "unsubscribe",
            "hub.verify_token": "prove-me",
            "hub.challenge": "7",
        },
        {"hub.mode": "subscribe", "hub.verify_token": "prove-mé", "hub.challenge": "7"},
    ],
)
def test_challenge_of_a_stranger(whatsapp, query):
    assert whatsapp.get_challenge(query) is None


def test_signature(server, whatsapp, hook):
    server.write_text(ANNA, "Hello")
    payload = server.get_payload(server.waiting)
    assert server.bring(payload, secret="another")[0] == 403
    assert server.post(server.webhook, b"{}", {})[0] == 403
    assert hook.got == []
    assert server.bring(payload)[0] == 200
    body = b"{}"
    right = server.sign(body)["X-Hub-Signature-256"]
    for given in (
        "",
        "sha256=",
        right.removeprefix("sha256="),
        right + "0",
        "sha256=é",
    ):
        assert not whatsapp.verify({"x-hub-signature-256": given}, {}, body)
    assert whatsapp.verify({"X-HUB-SIGNATURE-256": right}, {}, body)
    options = {**whatsapp.account.options, "app_secret": ""}
    account = replace(whatsapp.account, options=options)
    empty = server.sign(body, secret=" ")
    assert not WhatsApp(account, None).verify(empty, {}, body)


# === WHAT COMES IN === #


def test_several_messages_and_statuses_in_one_call(server, whatsapp, hook, anna):
    server.clock.pass_by(25 * 3600)
    sent = send(whatsapp, "Too late, but we do not know")
    first = server.write_text(anna, "One")
    second = server.write_text("380500000002", "Two", name="Borys")
    assert server.deliver() == 200
    one, two, failed = hook.got
    assert (one.external_id, one.user, one.kind, one.text) == (
        first,
        anna,
        "text",
        "One",
    )
    assert (two.external_id, two.name, two.text) == (second, "Borys", "Two")
    assert (failed.kind, failed.message_id) == ("status", sent.message_id)
    assert failed.text == "failed 131047 Re-engagement message"
    assert failed.external_id not in (first, second, sent.message_id)
    assert one.sent_at.year == 2027  # 1,800,090,000 seconds after 1970


def test_what_is_not_taken_comes_again_with_the_same_number(server, whatsapp, hook):
    hook.status = 500
    number = server.write_text(ANNA, "Hello")
    assert server.deliver() == 500
    hook.status = 200
    assert server.deliver() == 200
    assert server.deliver() is None
    assert [incoming.external_id for incoming in hook.got] == [number]


@pytest.mark.parametrize(
    ("text", "kind", "read"),
    [
        ("start l_Ab-9_x", "start", "l_Ab-9_x"),
        ("/start", "start", ""),
        (" Start: j_abc ", "start", "j_abc"),
        ("start over, please", "text", "start over, please"),
        ("started", "text", "started"),
        ("🙂​ABC", "text", "🙂​ABC"),
    ],
)
def test_texts(server, whatsapp, hook, text, kind, read):
    server.write_text(ANNA, text)
    server.deliver()
    assert [(one.kind, one.text) for one in hook.got] == [(kind, read)]


def test_link_opens_the_chat_with_what_it_carries(server, whatsapp, hook):
    link = whatsapp.get_link("l_Ab-9_x")
    assert link == "https://wa.me/380440000001?text=start%20l_Ab-9_x"
    server.write_text(ANNA, "start l_Ab-9_x")
    server.deliver()
    assert (hook.got[0].kind, hook.got[0].text) == ("start", "l_Ab-9_x")


@pytest.mark.parametrize("kind", ["button_reply", "list_reply"])
def test_press(server, whatsapp, hook, kind):
    server.press(ANNA, "v1:abc", "Balance", kind)
    server.deliver()
    assert (hook.got[0].kind, hook.got[0].data) == ("button", "v1:abc")


def test_own_number_by_the_button(server, whatsapp, hook, anna):
    send(whatsapp, "Your number?", ask_contact="Share my number")
    button = server.sent[-1]["interactive"]["action"]["buttons"][0]["reply"]
    assert button["title"] == "Share my number"
    server.press(anna, button["id"], button["title"])
    server.deliver()
    [incoming] = hook.got
    assert (incoming.kind, incoming.phone, incoming.is_own_phone) == (
        "contact",
        "+380671112233",
        True,
    )


def test_contact_of_somebody_else(server, whatsapp, hook):
    phones = [{"phone": "+380 50 000 0002", "wa_id": "380500000002"}]
    server.add(ANNA, type="contacts", contacts=[{"phones": phones}])
    server.add(ANNA, type="contacts", contacts=[{"name": {}}])
    server.deliver()
    told = [(one.kind, one.phone, one.is_own_phone) for one in hook.got]
    assert told == [("contact", "+380 50 000 0002", False), ("contact", "", False)]


def test_what_is_nothing_to_us(server, whatsapp, hook):
    server.add(ANNA, type="reaction", reaction={"emoji": "👍"})
    server.add(ANNA, type="sticker", sticker={"id": "1"})
    server.add(ANNA, type="tomorrow")
    server.add(ANNA, type="location", location={"latitude": 50.45, "longitude": 30.5})
    server.deliver()
    assert [one.kind for one in hook.got] == ["other", "other", "location"]
    assert (hook.got[2].latitude, hook.got[2].longitude) == (50.45, 30.5)
    payload = server.get_payload([("messages", {"type": "text"}, None)])
    payload["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "1"
    assert whatsapp.parse(payload) == []


def test_changed_number_ends_the_link(server, whatsapp, hook):
    changed = {"type": "user_changed_number", "wa_id": "380500000009", "body": "…"}
    server.add(ANNA, type="system", system=changed)
    server.deliver()
    assert [(one.kind, one.user) for one in hook.got] == [("blocked", ANNA)]


# === FILES === #


def test_photo_in_two_steps(server, whatsapp, hook):
    server.show(ANNA, PNG)
    server.deliver()
    [file] = hook.got[0].files
    assert hook.got[0].kind == "photo"
    assert whatsapp.fetch(file, 1000) == PNG
    asked, got = server.calls[-2:]
    assert got.path == "/whatsapp_business/attachments/"
    assert [call.headers["authorization"] for call in (asked, got)] == [
        f"Bearer {server.token}"
    ] * 2
    assert "access_token" not in got.query


def test_address_of_a_file_is_good_for_five_minutes(server, whatsapp, hook):
    server.show(ANNA, PNG)
    server.deliver()
    [file] = hook.got[0].files
    told = whatsapp._call("GET", file.reference)
    headers = {"Authorization": f"Bearer {server.token}"}
    server.clock.pass_by(299)
    assert requests.get(told["url"], headers=headers, timeout=10).status_code == 200
    assert requests.get(told["url"], timeout=10).status_code == 401
    server.clock.pass_by(2)
    assert requests.get(told["url"], headers=headers, timeout=10).status_code == 404
    assert whatsapp.fetch(file, 1000) == PNG  # it asks for a fresh one


@pytest.mark.parametrize("stated", [2_000_000_000, 10])
def test_too_large(server, whatsapp, hook, stated):
    """By what is stated nothing is fetched; what states too little is cut off."""
    server.show(ANNA, b"0" * 1001, "video/mp4", size=stated)
    server.deliver()
    with pytest.raises(Unavailable) as refused:
        whatsapp.fetch(hook.got[0].files[0], 1000)
    assert refused.value.is_too_large
    paths = [call.path for call in server.calls]
    assert ("/whatsapp_business/attachments/" in paths) == (stated == 10)


def test_file_of_a_stranger(server, whatsapp, hook):
    """A token goes to nobody else, whatever address is named."""
    server.show(ANNA, PNG)
    server.deliver()
    answer = {"url": "https://fbsbx.com.evil.example/x", "file_size": 5}
    server.failures = [Response(answer)]
    with pytest.raises(Unavailable, match="stranger"):
        whatsapp.fetch(hook.got[0].files[0], 1000)
    file = replace(hook.got[0].files[0], reference="404")
    with pytest.raises(Unavailable, match="does not exist"):
        whatsapp.fetch(file, 1000)


# === WHAT GOES OUT === #


def test_text(server, whatsapp, anna):
    sent = send(whatsapp, "You have 12 points.")
    assert server.sent[-1]["text"]["body"] == "You have 12 points."
    assert sent.message_id == server.sent[-1]["wamid"]


def test_long_text_goes_out_in_parts(server, whatsapp, anna):
    words = " ".join(str(number) for number in range(2000))  # 8,889 characters
    send(whatsapp, words)
    parts = [call["text"]["body"] for call in server.sent]
    assert len(parts) == 3
    assert " ".join(parts) == words


def test_three_short_ones_are_buttons(server, whatsapp, anna):
    send(whatsapp, buttons=keys("Balance", "Scan", "Rewards"))
    action = server.sent[-1]["interactive"]["action"]
    replies = [button["reply"] for button in action["buttons"]]
    assert [(reply["id"], reply["title"]) for reply in replies] == [
        ("d0", "Balance"),
        ("d1", "Scan"),
        ("d2", "Rewards"),
    ]


def test_a_long_one_makes_a_list(server, whatsapp, anna):
    label = "A voucher of the cinema Planet for two people"  # 45 characters
    send(whatsapp, buttons=keys(label, "Back"))
    [section] = server.sent[-1]["interactive"]["action"]["sections"]
    first, second = section["rows"]
    assert first["title"] == "A voucher of the cinema…"
    assert first["description"] == label
    assert second == {"id": "d1", "title": "Back"}


def test_ten_are_a_list(server, whatsapp, anna):
    count = whatsapp.abilities.max_buttons
    send(whatsapp, "Which?", buttons=keys(*(f"Reward {n}" for n in range(count))))
    [call] = server.sent
    [section] = call["interactive"]["action"]["sections"]
    assert [row["id"] for row in section["rows"]] == [f"d{n}" for n in range(10)]
    assert call["interactive"]["body"]["text"] == "Which?"


def test_arrived_and_read(server, whatsapp, hook, anna):
    sent = send(whatsapp)
    for status in ("delivered", "read"):
        server.add_status(anna, sent.message_id, status)
    server.deliver()
    told = [(one.kind, one.text, one.message_id) for one in hook.got]
    assert told == [
        ("status", "delivered", sent.message_id),
        ("status", "read", sent.message_id),
    ]
    assert len({one.external_id for one in hook.got}) == 2


def test_same_labels_are_no_buttons(server, whatsapp, anna):
    send(whatsapp, buttons=keys("Yes", "Yes"))
    assert server.sent[-1]["interactive"]["type"] == "list"


def test_links(server, whatsapp, anna):
    page = Button("Open the page", web_page="https://shop.example/my/rewards")
    send(whatsapp, "More there.", buttons=((page,),))
    action = server.sent[-1]["interactive"]["action"]
    assert action["parameters"] == {
        "display_text": "Open the page",
        "url": "https://shop.example/my/rewards",
    }
    send(whatsapp, "More there.", buttons=((page,), *keys("Back")))
    shown = server.sent[-1]["interactive"]
    assert shown["type"] == "button"
    assert shown["body"]["text"] == (
        "More there.\n\nOpen the page: https://shop.example/my/rewards"
    )


def test_long_text_with_buttons(server, whatsapp, anna):
    """Beside buttons there is room for 1,024 characters: the rest goes ahead."""
    text = "\n\n".join(["x" * 600, "y" * 600])
    send(whatsapp, text, buttons=keys("Back"))
    first, second = server.sent
    assert first["text"]["body"] == "x" * 600
    assert second["interactive"]["body"]["text"] == "y" * 600


def test_picture(server, whatsapp, anna):
    code = Attachment("code.png", "image/png", PNG)
    send(whatsapp, "Your code", attachment=code)
    [call] = server.sent
    assert call["image"]["caption"] == "Your code"
    content, mime, _size = server.files[call["image"]["id"]]
    assert (content, mime) == (PNG, "image/png")
    send(whatsapp, "Your code", attachment=code, buttons=keys("Back"))
    picture, buttons = server.sent[1:]
    assert "caption" not in picture["image"]
    assert buttons["interactive"]["body"]["text"] == "Your code"
    poster = Attachment("poster.pdf", "application/pdf", b"%PDF")
    send(whatsapp, "x" * 1025, attachment=poster)
    file, text = server.sent[3:]
    assert file["document"]["filename"] == "poster.pdf"
    assert text["text"]["body"] == "x" * 1025


def test_read_and_typing(server, whatsapp, hook, anna):
    number = server.write_text(anna, "Hello")
    server.deliver()
    whatsapp.acknowledge(hook.got[0])
    call = server.calls[-1].read_json()
    assert (call["status"], call["message_id"]) == ("read", number)


# === WINDOW AND TEMPLATES === #


def test_outside_the_window(server, whatsapp, anna):
    with pytest.raises(OutsideWindow):
        send(whatsapp, is_open=False)
    assert server.sent == []


def test_template(server, whatsapp, anna):
    server.templates["points_news", "uk"] = 2
    server.clock.pass_by(25 * 3600)
    values = ("12 points\nfor a ring", "")
    outside = {"is_open": False, "template": "points_news:uk"}
    send(whatsapp, **outside, template_values=values)
    template = server.sent[-1]["template"]
    assert template["language"] == {"code": "uk"}
    parameters = template["components"][0]["parameters"]
    assert [one["text"] for one in parameters] == ["12 points for a ring", "–"]
    with pytest.raises(Refused, match="Number of parameters"):
        send(whatsapp, **outside, template_values=("one",))
    with pytest.raises(Refused, match="does not exist"):
        send(whatsapp, is_open=False, template="other:uk")


@pytest.mark.parametrize(
    ("told", "lang", "expected"),
    [
        ("", "uk_UA", None),
        ("points_news", "uk_UA", "points_news:en"),
        ("points_news:uk,en", "uk_UA", "points_news:uk"),
        ("points_news: en , pt_BR", "pt_BR", "points_news:pt_BR"),
        ("points_news:uk,en", "de_DE", "points_news:uk"),
        ("points_news:uk", "", "points_news:uk"),
    ],
)
def test_language_of_a_template(whatsapp, told, lang, expected):
    options = {**whatsapp.account.options, "template": told}
    account = replace(whatsapp.account, options=options)
    assert WhatsApp(account, None).get_template(lang) == expected


# === ERRORS === #


def test_nobody_there_is_told_later(server, whatsapp, hook, anna):
    server.absent.add(ANNA)
    send(whatsapp)
    server.deliver()
    assert hook.got[-1].text == "failed 131026 Message undeliverable"


def test_too_many_in_a_second(server, whatsapp, anna):
    server.throughput = 3
    for _number in range(3):
        send(whatsapp)
    with pytest.raises(Wait) as wait:
        send(whatsapp)
    assert wait.value.for_all
    server.clock.pass_by(1)
    send(whatsapp)


def test_pair_limit(server, whatsapp, anna):
    """Some at once, then one in six seconds; others do not wait."""
    server.burst = 3
    for _number in range(3):
        send(whatsapp)
    with pytest.raises(Wait) as wait:
        send(whatsapp)
    assert (wait.value.seconds, wait.value.for_all) == (6, False)
    server.clock.pass_by(6)
    send(whatsapp)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (131026, 400, Blocked),
        (131047, 400, OutsideWindow),
        (131051, 400, Refused),
        (100, 400, Refused),
        (190, 401, Wait),
        (131042, 400, Wait),
        (131048, 400, Wait),
        (80007, 400, Wait),
        (131016, 500, Wait),
    ],
)
def test_codes(server, whatsapp, anna, code, status, expected):
    error = {"error": {"message": f"(#{code}) words", "code": code}}
    server.failures = [Response(error, status)]
    with pytest.raises(expected):
        send(whatsapp)


def test_nobody_listens(whatsapp):
    """What was never sent is tried again; nothing secret stands in the words."""
    account = replace(whatsapp.account, api_base="http://127.0.0.1:9")
    nowhere = WhatsApp(account, whatsapp.http)
    with pytest.raises(Wait) as wait:
        send(nowhere)
    assert account.token not in str(wait.value)


def test_an_answer_that_is_none(server, whatsapp, anna):
    for body in (b"<html>502 Bad Gateway</html>", b"[]", b'{"error": "x"}'):
        server.failures = [Response(body, 502, "text/html")]
        with pytest.raises(Wait):
            send(whatsapp)


def test_no_secret_in_an_error(server, whatsapp, anna):
    told = f"Invalid {server.token} for {server.app_secret} and prove-me"
    server.failures = [Response({"error": {"message": told, "code": 100}}, 400)]
    with pytest.raises(Refused) as refused:
        send(whatsapp)
    assert str(refused.value) == "Invalid … for … and …"


def test_health(server, whatsapp, hook):
    health = whatsapp.get_health()
    assert health.is_ok
    assert health.account == "+380440000001"
    assert health.hook_url == f"{hook.base}/hook"
    server.webhook = ""
    assert not whatsapp.get_health().is_ok
    account = replace(whatsapp.account, token="wrong")
    health = WhatsApp(account, whatsapp.http).get_health()
    assert not health.is_ok
    assert re.search("Invalid OAuth", health.problem)


def test_the_file_is_what_was_sent(server):
    """The server states the checksum Meta states."""
    number = server.keep_file(PNG, "image/png")
    headers = {"Authorization": f"Bearer {server.token}"}
    url = f"{server.base}/v23.0/{number}"
    told = requests.get(url, headers=headers, timeout=10).json()
    assert told["sha256"] == hashlib.sha256(PNG).hexdigest()
