"""S1.3, S1.5, S1.10, S1.29, S2.3, S2.12, S5.8, S6.5 in the chat people use anyway.

A server that speaks Telegram's Bot API stands for Telegram; Nina, Ihor, Olena and
somebody new have it on their phones.  Nobody opens a page but to connect the chat.
"""

import base64
import io
import re
import time
from datetime import datetime, timedelta, timezone

import qrcode
import requests
import zxingcpp
from book import ZONE, scene, today
from PIL import Image

from tools import chat_servers, shelf_photos  # noqa: F401  makes ``chat_servers`` importable
from tools.web_client import Session

TOKEN, BOT = "42:STORY", "story_bot"
YES = "Yes, this is me"
FILE = """Number;Date;Shop;Product;Quantity
WB-9001;{day};C-100;TONER;4
"""
SHOP_OWNER = "roman@chatpaper.example"
#: Programs of the demo company; what other chapters began pays for the same goods.
DEMO = ("Office Club", "Shop Owners", "Shop Sellers", "Receipts", "Dealer bonus")
#: Seconds until something slow, as looking at a photo, is answered.
SLOW = 60


# === BEGINNING === #


@scene("S1.3")
def test_connected(story):
    """an administrator sets the bot up; she connects her chat on her page"""
    _close_others(story)
    _notify(story)
    server = story.memory["chat.server"] = _open_server()
    channel = _create_channel(story, server)
    nina = story.memory["chat.nina"] = _person(server, "Nina", "+380672223344")
    nina.start()
    stranger = _listen(nina, story)
    start = _connect(story, "nina", channel)
    nina.start(start)
    asked = _listen(nina, story, until="Connect this chat")
    nina.press(YES)
    done = _listen(nina, story, until="is yours now")
    story.show(
        "S1.3",
        "a stranger learns how to begin; her one-time link asks before it connects",
        (
            "Do you take part already?" in stranger,
            "Connect this chat with" in asked,
            "this chat is yours now, Nina" in done,
        ),
        (True, True, True),
    )
    nina.start(start)
    story.show(
        "S1.3",
        "the same link again, by whoever it was forwarded to",
        _listen(nina, story).partition(":")[0],
        "This link is not valid any more",
    )


@scene("S1.3")
def test_scanned(story):
    """she types a code, and sends a photo of several"""
    manager, nina = story.as_user("manager"), story.memory["chat.nina"]
    codes = story.memory["chat.codes"] = _make_codes(manager, 8)
    worth = story.memory["chat.worth"] = _scan_on_page(story, codes[7])
    _notify(story)
    _listen(nina, story, until=worth)  # what was scanned there is told in the chat
    nina.write(f"🎉 {codes[0]}\u200b")
    said = _listen(nina, story)
    story.show(
        "S1.3",
        "typed a code, between emoji and characters nobody sees",
        re.findall(r"Done!|You get [^.]*", said),
        ["Done!", f"You get {worth}"],
    )
    story.show(
        "S1.5",
        "the answer says for what, why and how much there is now",
        (
            "Toner cartridge" in said,
            "10 points per toner cartridge sold" in said,
            bool(re.search(r"Your balance: \d+ pts", said)),
        ),
        (True, True, True),
    )
    nina.send_photo(_draw(codes[1:4]))
    said = _listen(nina, story, until="Your balance")
    story.show(
        "S1.3",
        "a photo of three cards: it says that it looks, then takes all of them",
        (
            "looking for codes on the photo" in said,
            re.findall(r"Codes on the photo: \d", said),
            said.count(f"You get {worth}."),
        ),
        (True, ["Codes on the photo: 3"], 3),
    )
    _notify(story)
    story.show(
        "S1.5",
        "what the chat answered itself is not told there a second time",
        _listen(nina, story, seconds=1),
        "",
    )


@scene("S1.10")
def test_no_answer_lost(story):
    """her network breaks: the messenger delivers the same message again"""
    manager, nina = story.as_user("manager"), story.memory["chat.nina"]
    code = story.memory["chat.codes"][4]
    before = _points(manager, "Nina")
    number = nina.write(code)
    _listen(nina, story)
    message = {k: v for k, v in nina.messages[-2].items() if k != "is_ours"}
    answers = {_deliver_again(nina.server, number, message) for _time in range(5)}
    nina.write(code)
    story.show(
        "S1.10",
        "delivered six times and typed once more: counted once",
        f"{answers}, +{_points(manager, 'Nina') - before:g} points, "
        f"{_find(_listen(nina, story), 'You registered this code already')}",
        f"{{200}}, +{story.memory['chat.worth'].split()[0]} points, "
        "You registered this code already",
    )


@scene("S6.5")
def test_own_code(story):
    """her own code for the counter"""
    manager, nina = story.as_user("manager"), story.memory["chat.nina"]
    nina.write("/card")
    said = _listen(nina, story)
    [code] = zxingcpp.read_barcodes(_see_picture(nina))
    member = manager.read("b2b2c.member", manager.demo("member_nina"), "code")["code"]
    story.show(
        "S6.5",
        "the picture is her code, as on the page: digits alone, and in groups below",
        (code.text.isdigit(), "-".join(re.findall("....", member)) in said),
        (True, True),
    )


# === TASKS === #


@scene("S1.29")
def test_task(story):
    """a task is listed, taken on and done in the chat, with a photo"""
    manager, nina = story.as_user("manager"), story.memory["chat.nina"]
    _create_task(manager)
    nina.write("/tasks")
    seen = _listen(nina, story)
    nina.press("Show the Counter")
    asked = _listen(nina, story, until="Send the photos")
    nina.send_photo(shelf_photos.jpeg(shelf_photos.photo(3)))
    taken = _listen(nina, story, until="I have: 1")
    nina.press("Hand in")
    handed = _listen(nina, story)
    [row] = manager.call(
        "b2b2c.activity.submission",
        "search_read",
        [("challenge_id.name", "=", "Show the Counter")],
        ["state"],
    )
    story.show(
        "S1.29",
        "listed, opened, a photo sent, handed in",
        (
            "Show the Counter" in seen,
            "Send the photos here" in asked,
            "I am taking it…" in taken,
            "Handed in." in handed,
            row["state"],
        ),
        (True, True, True, True, "handed_in"),
    )


# === THE OWNER === #


@scene("S2.3")
def test_owner_joins(story):
    """the owner of a shop joins in the chat, a manager agrees"""
    manager, server = story.as_user("manager"), story.memory["chat.server"]
    shop = manager.call(
        "res.partner",
        "create",
        [{"name": "Chat Paper Store", "is_company": True, "ref": "L-900"}],
    )[0]
    [invitation] = manager.call(
        "b2b2c.invitation",
        "create",
        [{"employer_id": shop, "role": "owner", "approval": "manager"}],
    )
    link = manager.read("b2b2c.invitation", invitation, "link")["link"]
    roman = _person(server, "Roman Paperovych", "+380501230099")
    roman.start(f"j_{link.rsplit('/', 1)[1]}")
    consent = _listen(roman, story)
    roman.press("I agree")
    _listen(roman, story, until="first and last name")
    roman.write("Roman Paperovych")
    _listen(roman, story, until="share the number")
    roman.write(SHOP_OWNER)
    sent = _listen(roman, story, until="I sent a code")
    roman.write(_read_code(story, SHOP_OWNER))
    waiting = _listen(roman, story)
    [request] = manager.search("b2b2c.join", [("email", "=", SHOP_OWNER)])
    manager.call("b2b2c.join", "action_approve", [request])
    welcome = _listen(roman, story, until="Welcome!")
    story.show(
        "S2.3",
        "consent, code, approval, and he takes part; he opened no page",
        (
            _find(consent, r"Version \d"),
            "r•••@chatpaper.example" in sent,
            "Somebody has to agree" in waiting,
            _find(welcome, "Shop owner at Chat Paper Store"),
        ),
        ("Version 1", True, True, "Shop owner at Chat Paper Store"),
    )


@scene("S2.12")
def test_told(story):
    """a shipment arrives: the owner hears of it in the chat"""
    manager, server = story.as_user("manager"), story.memory["chat.server"]
    ihor = story.memory["chat.ihor"] = _person(server, "Ihor", "+380671110022")
    ihor.start(_connect(story, "ihor", story.memory["chat.channel"]))
    _listen(ihor, story, until="Connect this chat")
    ihor.press(YES)
    _listen(ihor, story, until="is yours now")
    distributor = manager.search("res.partner", [("ref", "=", "D-1")])[0]
    content = FILE.format(day=today().isoformat()).encode()
    [wizard] = manager.call(
        "b2b2c.intake.import",
        "create",
        [
            {
                "document_type": "shipment",
                "reporter_id": distributor,
                "file": base64.b64encode(content).decode(),
            }
        ],
    )
    manager.call("b2b2c.intake.import", "action_import", [wizard])
    _notify(story)
    said = _listen(ihor, story, until="WB-9001")
    story.show(
        "S2.12",
        "4 units at 2 points: he is told in the chat, once",
        (said.count("WB-9001"), _find(said, r"\b8 pts")),
        (1, "8 pts"),
    )
    ihor.write("What arrived")
    said = _listen(ihor, story)
    story.show(
        "S2.12",
        "he asks what arrived and what it earned",
        _find(said, r"WB-9001(?s:.)*?Earned: [^\n]*").replace("\n", "; "),
        _find(said, r"WB-9001 · [^\n]*") + "; • Toner cartridge black: 4 Units; "
        "Earned: 8 pts",
    )


# === RECOMMENDING === #


@scene("S5.8")
def test_recommended(story):
    """she recommends from the chat into the messengers of her friends"""
    manager, server = story.as_user("manager"), story.memory["chat.server"]
    made = []
    if not manager.search("b2b2c.referral.campaign", []):
        [program] = manager.search("b2b2c.program", [("name", "=", "Office Club")])
        values = {"name": "Chat", "program_id": program, "discount_percent": 10}
        made = manager.call("b2b2c.referral.campaign", "create", [values])
    olena = story.memory["chat.olena"] = _person(server, "Olena", "+380671234567")
    olena.start(_connect(story, "olena", story.memory["chat.channel"]))
    _listen(olena, story)
    olena.press(olena.heard[-1]["reply_markup"]["inline_keyboard"][0][0]["text"])
    _listen(olena, story)
    olena.write("/recommend")
    said = _listen(olena, story)
    if "Get my code" in _labels(olena):
        olena.press("Get my code")
        said = _listen(olena, story)
    code = _find(said, r"\b[A-Z]+-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
    [picture] = zxingcpp.read_barcodes(_see_picture(olena))
    urls = " ".join(_urls(olena))
    story.show(
        "S5.8",
        "her code, its picture, and a tap to WhatsApp and Telegram",
        (
            code in picture.text.upper(),
            "wa.me" in urls and code in urls,
            "t.me/share" in urls,
        ),
        (True, True, True),
    )
    olena.press("Poster")
    _listen(olena, story, until="Print it")
    file = [m["document"] for m in olena.heard if "document" in m][-1]
    story.show("S5.8", "and a poster to print", file["file_name"], f"{code}.pdf")
    if made:  # later chapters have campaigns of their own
        manager.call("b2b2c.referral.campaign", "write", made, {"active": False})


@scene("S1.3")
def test_left(story):
    """they leave the chat, which knows nobody any more"""
    told = []
    for name in ("nina", "ihor", "olena"):
        person = story.memory[f"chat.{name}"]
        for label in ("No messages any more", "Disconnect this chat"):
            person.write("/stop")
            _listen(person, story, until="I can stop")
            person.press(label)
            _listen(person, story)
        person.write("/balance")
        told.append("I do not know yet who you are" in _listen(person, story))
    story.show("S1.3", "three people disconnect their chats", told, [True] * 3)
    admin = Session(story.url, story.database, "admin", "admin")
    channel = story.memory["chat.channel"]
    admin.call("b2b2c.chat.channel", "action_pause", [channel])
    story.memory["chat.server"].close()


# === WHAT PEOPLE DO === #


def _scan_on_page(story, code):
    """Let Nina scan a code on her page; return what it brought there."""
    scans = [{"code": code, "key": "a-scan-on-the-page"}]
    answer = story.as_user("nina").post("/my/rewards/scan/take", {"scans": scans})[0]
    return answer["points"]


def _close_others(story):
    """Let only the demo's own programs pay from here on.

    What is reported of today counts as of noon: they are over since this morning.
    """
    manager = story.as_user("manager")
    midnight = datetime.combine(today(), datetime.min.time(), ZONE)
    morning = f"{midnight.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}"
    running = [("state", "=", "running"), ("name", "not in", DEMO)]
    for program in manager.search("b2b2c.program", running):
        manager.call("b2b2c.program", "action_close", [program])
        manager.call("b2b2c.program", "write", [program], {"closed_at": morning})


def _open_server():
    """Return a server that speaks Telegram's Bot API, running."""
    from chat_servers.telegram_server import TelegramServer

    return TelegramServer(token=TOKEN, username=BOT)


def _person(server, name, phone):
    """Return somebody with the messenger on the phone."""
    from chat_servers.telegram_person import Person

    return Person(server, name, phone)


def _create_channel(story, server):
    """Let an administrator set the bot up; return the id of the channel."""
    admin = Session(story.url, story.database, "admin", "admin")
    [channel] = admin.call(
        "b2b2c.chat.channel",
        "create",
        [{"name": "Story Bot", "kind": "telegram", "token": TOKEN}],
    )
    admin.call("b2b2c.chat.channel", "write", [channel], {"api_base": server.base})
    before = admin.call("ir.config_parameter", "get_param", "web.base.url")
    # where a messenger reaches this server
    admin.call("ir.config_parameter", "set_param", "web.base.url", story.url)
    admin.call("b2b2c.chat.channel", "action_set_up", [channel])
    admin.call("ir.config_parameter", "set_param", "web.base.url", before)
    story.memory["chat.channel"] = channel
    return channel


def _connect(story, login, channel):
    """Press *Connect* on somebody's page; return what the one-time link carries."""
    person = story.as_user(login)
    page = person.http.get(f"{story.url}/my/rewards/preferences", timeout=60).text
    token = re.search(r'csrf_token: "(\w+)"', page).group(1)
    answer = person.http.post(
        f"{story.url}/my/rewards/chats/connect",
        data={"channel": channel, "csrf_token": token},
        timeout=60,
    )
    return re.search(r"start=(l_[\w-]+)", answer.text).group(1)


def _make_codes(manager, count):
    """Return codes for toner cartridges."""
    values = {
        "name": "Chat cards",
        "product_id": manager.demo("product_toner"),
        "count": count,
    }
    [batch] = manager.call("b2b2c.code.batch", "create", [values])
    manager.call("b2b2c.code.batch", "action_make", [batch])
    rows = manager.call(
        "b2b2c.code", "search_read", [("batch_id", "=", batch)], ["code"]
    )
    return [row["code"] for row in rows]


def _create_task(manager):
    """Create a task of photos that runs now."""
    [program] = manager.search("b2b2c.program", [("name", "=", "Shop Sellers")])
    values = {
        "name": "Show the Counter",
        "kind": "activity",
        "program_id": program,
        "first_day": str(today()),
        "last_day": str(today() + timedelta(days=20)),
        "prize_ids": [(0, 0, {"points": 20})],
    }
    [task] = manager.call("b2b2c.challenge", "create", [values])
    manager.call("b2b2c.challenge", "action_start", [task])
    return task


def _deliver_again(server, number, message):
    """Bring a message to the webhook once more; return the answer's status."""
    answer = requests.post(
        server.hook["url"],
        json={"update_id": number, "message": message},
        headers={"X-Telegram-Bot-Api-Secret-Token": server.hook["secret"]},
        timeout=30,
    )
    return answer.status_code


def _notify(story):
    """Let the scheduled action send what people are to be told."""
    admin = Session(story.url, story.database, "admin", "admin")
    _trigger(admin, "loyalty_b2b2c", "cron_notify")
    _answer_slowly(story)


def _answer_slowly(story):
    """Let the scheduled action do what takes longer, as looking at a photo."""
    admin = Session(story.url, story.database, "admin", "admin")
    _trigger(admin, "loyalty_b2b2c_chat", "cron_chat")


def _trigger(admin, module, name):
    _model, cron = admin.call("ir.model.data", "check_object_reference", module, name)
    admin.call("ir.cron", "method_direct_trigger", [cron])


def _read_code(story, address):
    """Return the code that was sent to an address, as its owner reads it."""
    admin = Session(story.url, story.database, "admin", "admin")
    [mail] = admin.call(
        "mail.mail",
        "search_read",
        [("email_to", "=", address)],
        ["body_html"],
        limit=1,
        order="id desc",
    )
    return re.search(r">\s*([0-9]{6})\s*<", mail["body_html"]).group(1)


def _points(manager, name):
    """Return what somebody can spend."""
    [row] = manager.call(
        "b2b2c.member",
        "search_read",
        [("id", "=", manager.demo(f"member_{name.lower()}"))],
        ["points_available"],
    )
    return row["points_available"]


# === WHAT PEOPLE SEE === #


def _listen(person, story, until="", seconds=SLOW):
    """Return what the bot says, the texts of all its messages, once it is silent.

    A chat gets a message a second at most: the scheduled action says what is left.

    :param str until: words to wait for
    :param seconds: to wait at most for something, or for these words
    """
    told, silent = [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and silent < 3:
        new = person.read()
        told += [new] if new else []
        is_there = told and until in "\n".join(told)
        silent = 0 if new or not is_there else silent + 1
        if not new:
            time.sleep(0.2)
            _answer_slowly(story)
    return "\n".join(told)


def _labels(person):
    """Return what stands on the buttons of the last messages."""
    return " ".join(one["text"] for one in _buttons(person))


def _urls(person):
    """Return the addresses behind the buttons of the last messages."""
    return [one["url"] for one in _buttons(person) if "url" in one]


def _buttons(person):
    from chat_servers.telegram_person import get_buttons

    return [one for message in person.heard[-4:] for one in get_buttons(message)]


def _see_picture(person):
    """Return the last picture the bot sent."""
    photo = [m["photo"] for m in person.heard if "photo" in m][-1]
    content = person.server.files[photo[-1]["file_id"]]["content"]
    return Image.open(io.BytesIO(content))


def _find(text, pattern):
    """Return the part of a text that fits a pattern, empty when none does."""
    found = re.search(pattern, text)
    return found.group() if found else ""


def _draw(codes):
    """Return a photo of cards with QR codes side by side."""
    tiles = [qrcode.make(code, box_size=8).get_image().convert("RGB") for code in codes]
    photo = Image.new("RGB", (sum(t.width for t in tiles), tiles[0].height), "white")
    for number, tile in enumerate(tiles):
        photo.paste(tile, (number * tiles[0].width, 0))
    target = io.BytesIO()
    photo.save(target, "PNG")
    return target.getvalue()
