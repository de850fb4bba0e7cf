"""A world that answers by lot: everything a command may return, and nothing else."""

import json
import random

from chat.dialog.engine import Dialog
from chat.dialog.flow import Declined
from chat.dialog.flows import FLOWS
from chat.dialog.messages import File, GoOn, Incoming, Reply
from chat.dialog.turn import State

#: What strangers type; letters of several alphabets, and what is not to be seen.
TEXTS = (
    "", " ", "\u200b\u200d\ufeff", "😀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "/", "/start", "/START@bot x", "/help",
    "/меню", "баланс", "ABCD-EFGH-JKMN-PQRS", "🎉ABCD\u200bEFGHJKMNPQRS", "Анна Коваль",
    "+380 67 123 45 67", "anna@example.com", "123456", "‮txet", "\x00\x01", "'; DROP",
    "<b>x</b>", "a" * 5000, "line\nline\nline", "stop", "СТОП", "²³", "한국어", "مرحبا",
)  # fmt: skip
VALUES = ("", "0", "-1", "7", "99999999999999999999", "x~1", "~", "7~2", "é", "a" * 64)
LINKS = (
    "j_token", "j_token", "l_token", "r_code",
    "", "l_", "x_1", "j", "_", "l_" + "a" * 62,
)  # fmt: skip


class World:
    """Answers commands by lot; one in eight is declined.

    :param seed: of the lot
    :ivar calls: names of the commands that were given
    """

    def __init__(self, seed=0, is_known=True):
        self.lot = random.Random(seed)
        self.is_known = is_known
        self.calls = []

    def word(self, code, /, **params):
        """Return the code itself: what is said can be read in the answers."""
        return code

    def offers(self, flow):
        return [n for f in FLOWS if f.name == flow for n, a in f.actions.items()]

    def do(self, command, /, **values):
        self.calls.append(command)
        flow, _dot, name = command.partition(".")
        answer = getattr(self, f"_{flow}_{name}")
        if self.lot.randrange(8) == 0 and command not in NEVER_DECLINED:
            raise Declined(f"declined {command}")
        return answer(**values)

    def _some(self, *choices):
        return self.lot.choice(choices)

    def _mostly(self, answer):
        """Return an answer, and sometimes nothing."""
        return self._some(None, *[answer] * 5)

    # === home === #

    def _home_greet(self):
        return {"name": "Anna", "balances": self._some("", "10 points")}

    def _home_tell_place(self):
        url = self._some("", "https://shop.example/my/rewards")
        return {"company": "Shop", "url": url, "contact": ""}

    def _home_send_letter(self, text, files):
        return None

    # === link === #

    def _link_look(self, token):
        return self._mostly({"person": "A… K…", "company": "Shop"})

    def _link_bind(self, token):
        self.is_known = self._some(True, self.is_known)
        return {"person": "A… K…", "company": "Shop"} if self.is_known else None

    def _link_mute(self):
        return None

    def _link_cut(self):
        self.is_known = False

    # === join === #

    def _join_look(self, token):
        return self._mostly({"employer": "Shop", "role": "seller", "text": "…"})

    def _join_guess_name(self, name):
        return name[:20]

    def _join_check_name(self, name):
        return "" if len(name) > 2 else "no name"

    def _join_start(self, token, name, address, visit):
        return {"problem": self._some("", "", "bad"), "join": 7, "shown": "a•••@b"}

    def _join_forget(self, join):
        return None

    def _join_again(self, join):
        return self._some("", "too many")

    def _join_check(self, join, code):
        answer = self._join_get(join)
        return {**answer, "problem": self._some("", "wrong")}

    def _join_get(self, join):
        state = self._some("joined", "waiting", "taken", "refused", "closed", "code")
        self.is_known = self.is_known or state == "joined"
        return {"state": state, "join": join, "employer": "Shop", "problem": ""}

    def _join_join_known(self, token):
        return self._join_get(7)

    def _join_open_recommended(self, code):
        return self._mostly(True) is not None

    def _join_look_recommended(self, code):
        return self._mostly(
            {
                "url": "https://shop.example/r",
                "by": "A…",
                "token": self._some("", "token"),
                "visit": "signed",
            }
        )

    # === scan and receipt === #

    def _scan_page(self):
        return self._some("", "https://shop.example/my/rewards/scan")

    def _scan_has_codes(self, texts):
        return self._some(True, False)

    def _scan_take(self, texts, key, pin):
        status = ("credited", "pending", "review", "mine", "refused", "wait", "typo")
        return [self._scan_answer(self._some("pin", *status)) for _text in texts]

    def _scan_answer(self, status):
        return {
            "status": status,
            "message": status,
            "points": self._some("", "3 points"),
            "product": self._some("", "Drill"),
            "quantity": self._some("", "2"),
            "balances": self._some([], ["10 points"]),
            "why": [],
        }

    def _scan_read_photo(self, file):
        return self._some([], ["A"], ["A", "B", "C"])

    def _scan_takes_receipts(self):
        return self._some(True, False)

    def _receipt_upload(self, files, key):
        return self._receipt_row()

    def _receipt_list(self):
        return self._some([], [self._receipt_row()])

    def _receipt_row(self):
        return {"title": "No. 1", "day": "today", "status": "Being read", "reason": ""}

    # === points and card === #

    def _points_balance(self):
        card = {
            "id": 3,
            "title": "Seller, Shop",
            "available": "10 points",
            "worth": "",
            "pending": self._some("", "3 points"),
            "pending_details": ["when it is paid"],
            "held": self._some("", "1 point"),
            "debt": "",
            "expiring": [],
        }
        return self._some([], [card], [card, card])

    def _points_statement(self, account):
        step = {"day": "1 May", "title": "Earned", "amount": "+3", "why": ["A scan"]}
        row = {
            "day": "1 May",
            "title": "Sale 7",
            "amount": "+3",
            "what": "Earned",
            "pending": "",
            "story": self._some([step], [step, step]),
        }
        return {
            "title": "Seller",
            "rows": self._some([], [row]),
            "older": self._some(None, 5),
        }

    def _points_older(self, entry):
        return self._points_statement(account="")

    def _card_show(self):
        card = {"company": "Shop", "text": "AB-CD", "picture": b"png", "key": "card/7"}
        return self._some([], [card], [card, card])

    # === rewards === #

    def _rewards_list(self, page):
        row = self._rewards_row()
        rows = self._some([], [row], [row, row])
        return {"rows": rows, "purses": ["10 points"], "older": self._some(None, 2)}

    def _rewards_look(self, reward):
        return self._mostly(self._rewards_row())

    def _rewards_row(self):
        return {
            "id": 4,
            "name": "Mug",
            "price": "5 points",
            "worth": "",
            "points": "5",
            "total": "5 points",
            "left": "5 points",
            "missing": "",
            "text": "",
            "refusal_text": self._some("", "", "sold out"),
            "facts": [("In stock", "3")],
            "is_for_page": self._some(False, False, True),
            "url": "https://shop.example/my/rewards/store/4",
        }

    def _rewards_questions(self, reward):
        words = {
            "name": "size",
            "label": "Size",
            "help": "",
            "value": "",
            "options": [],
        }
        choice = {**words, "options": [["s", "S"], ["m", "M"]], "is_required": True}
        text = {**words, "value": "me", "is_required": False}
        return self._some(None, [], [choice], [text], [choice, text])

    def _rewards_request(self, reward, answers, price, key):
        return self._rewards_request_row()

    def _rewards_requests(self):
        return self._some([], [self._rewards_request_row()])

    def _rewards_take_back(self, request):
        return self._mostly(self._rewards_request_row())

    def _rewards_request_row(self):
        return {
            "id": 6,
            "number": "R1",
            "title": "Mug",
            "points": "5 points",
            "status": "Requested",
            "lines": ("one", "two"),
            "code": self._some("", "ABC"),
            "picture": self._some(b"", b"png"),
            "next_step": "",
            "next_url": self._some("", "https://shop.example/x"),
            "can_cancel": self._some(True, False),
        }

    # === tasks === #

    def _tasks_list(self):
        other = {
            "name": "Shelf",
            "prizes": ["3 points"],
            "until": "",
            "url": "https://x",
        }
        others = [{**other, "task": "9"}, {**other, "task": ""}]
        past = {"name": "Old", "status": "Over", "result": "Place 2", "won": ["Mug"]}
        return {
            "rows": self._some([], [self._tasks_row()]),
            "elsewhere": self._some([], others),
            "past": self._some([], [past]),
        }

    def _tasks_row(self):
        progress = {"score": "3", "goal": "10", "percent": 30, "next": "7 more"}
        place = {"rank": self._some(0, 2), "score": "3", "next": "", "rows": []}
        return {
            "key": "7-3",
            "name": "Ten drills",
            "status": "Running",
            "left": "2 days left",
            "prizes": [("10", "Mug")],
            "can_join": self._some(True, False),
            "can_leave": self._some(True, False),
            "progress": self._some(None, progress),
            "place": self._some(None, place),
            "problem": "",
        }

    def _tasks_look(self, key):
        rank = {"rank": 1, "name": "A.", "score": "9", "is_own": True, "is_gap": False}
        task = {"row": self._tasks_row(), "text": "", "conditions": ["Sold"]}
        return self._mostly({**task, "ranking": self._some([], [rank])})

    def _tasks_join(self, key):
        return self._tasks_look(key)

    def _tasks_leave(self, key):
        return self._tasks_look(key)

    def _tasks_photos(self, task):
        return self._mostly(
            {
                "name": "Shelf",
                "text": "",
                "prizes": [],
                "photos_text": "2 photos",
                "deadline": "",
                "obstacle": "",
                "status": "",
                "criteria": [{"id": 1, "name": "Clean"}, {"id": 2, "name": "Full"}],
                "count": self._some(0, 1),
                "is_open": self._some(True, True, False),
                "is_to_take_on": self._some(False, True),
                "url": "https://shop.example/t",
            }
        )

    def _tasks_take_on(self, task):
        return None

    def _tasks_keep(self, task, files, is_video):
        return None

    def _tasks_remove(self, task):
        return None

    def _tasks_hand_in(self, task, ticked):
        return None

    # === recommend === #

    def _recommend_list(self):
        offer = {
            "key": "3-7",
            "title": "Ten percent",
            "terms": "",
            "paid": ["5 points"],
        }
        kit = {
            "id": 8,
            "code": "ANNA-1",
            "url": "https://shop.example/r",
            "message": "Buy here",
            "figures": {"seen": 1, "used": 1, "bought": 0},
            "picture": b"png",
            "picture_key": "k",
            "ways": [{"label": "Mail", "href": "https://x"}] * 3,
        }
        terms = {"id": 2, "text": "Be fair."}
        return self._some(
            [],
            [{**offer, "kit": None, "agreement": self._some(None, terms)}],
            [{**offer, "kit": kit, "agreement": None}],
        )

    def _recommend_look(self, key):
        offer = {"title": "Ten percent", "terms": "", "paid": [], "kit": None}
        terms = self._some(None, *[{"id": 2, "text": "Be fair."}] * 3)
        return self._mostly({**offer, "key": key, "agreement": terms})

    def _recommend_begin(self, key, agreed):
        return None

    def _recommend_draw(self, link):
        return self._mostly({"name": "ANNA-1.pdf", "content": b"%PDF"})

    # === shop === #

    def _shop_goods(self, page):
        row = {
            "day": "1 May",
            "reference": "D1",
            "supplier": "Maker",
            "shop": "Shop",
            "lines": [("Drill", "10 Units")],
            "points": self._some([], ["3 points"]),
        }
        return {"rows": self._some([], [row, row]), "older": self._some(None, 2)}

    def _shop_staff(self):
        person = {"name": "Nina", "role": "seller", "month": self._some([], ["3"])}
        waiting = {"id": 5, "name": "Oleh", "address": "+380•••", "day": "1 May"}
        goods = {"product": "Drill", "scanned": "1", "received": "10"}
        shop = {
            "owner": 3,
            "shop": "Shop",
            "waiting": self._some([], [waiting]),
            "staff": self._some([], [person]),
            "goods": self._some([], [goods]),
        }
        return self._some([], [shop])

    def _shop_decide(self, request, approve):
        return None

    def _shop_invite(self, owner):
        return self._mostly(
            {
                "shop": "Shop",
                "link": "https://x",
                "chat": "https://y",
                "picture": b"png",
            }
        )

    # === prefs === #

    def _prefs_get(self):
        channels = [
            {"code": "email", "label": "E-mail", "wanted": True, "missing": ""},
            {"code": "sms", "label": "SMS", "wanted": False, "missing": "No number."},
        ]
        often = [("now", "At once", True), ("day", "Once a day", False)]
        return {
            "summary": "By e-mail.",
            "channels": channels,
            "often": often,
            "url": "",
        }

    def _prefs_switch(self, code):
        return None

    def _prefs_set_often(self, value):
        return None

    def _prefs_languages(self):
        return [("en_US", "English", True), ("uk_UA", "Українська", False)]

    def _prefs_set_language(self, code):
        return None


#: What the beginning and the menu ask: they only read.
NEVER_DECLINED = {"home.greet", "home.tell_place"}


class Chat:
    """A chat with the dialog: what is said in it, and what can be pressed.

    :param world: :class:`World` or what behaves like it
    :param flows: of the dialog
    """

    def __init__(self, world, flows=FLOWS):
        self.world, self.dialog = world, Dialog(flows)
        self.state, self.number = State(), 0
        self.buttons, self.near = [], []

    def get(self, kind="text", text="", **values):
        """Let something arrive and return all answers, those of slow work too."""
        self.number += 1
        incoming = Incoming(str(self.number), "u", "c", kind, text=text, **values)
        answers = self._handle(incoming)
        while answers and isinstance(answers[-1], GoOn):
            step = answers.pop().step
            answers += self._handle(Incoming(**{**vars(incoming), "step": step}))
        self.near = [button for reply in answers for button in reply.actions]
        self.buttons += self.near
        return answers

    def _handle(self, incoming):
        # as it lies in the database in between
        self.state = State.from_json(_through_json(self.state.to_json()))
        return self.dialog.handle(self.world, self.state, incoming)

    def press(self, action, which=-1):
        """Press the latest button that asks for an action."""
        button = [one for one in self.buttons if one.action == action][which]
        return self.get("button", action=button.action, value=button.value)

    def photo(self, album="", size=1000):
        return self.get("photo", files=(File(f"f{self.number}", size),), album=album)

    def walk(self, lot):
        """Do something by lot and return ``(what, answers)``.

        Now and then the chat is linked, or cut, from outside.
        """
        if lot.random() < 0.01:
            self.world.is_known = not self.world.is_known
        step = self.dialog.steps.get(self.state.step)
        # mostly what was just offered, sometimes an old one
        buttons = self.near if lot.random() < 0.8 else self.buttons
        begin = [] if self.world.is_known else ["start"]
        what, values = _draw(lot, buttons, [*step.takes] if step else begin)
        return (what, values), self.get(what, **values)


def _draw(lot, buttons, wanted):
    """Return what somebody does next: kind and values of an ``Incoming``.

    :param wanted: kinds that are an answer to what is asked
    """
    if buttons and lot.random() < 0.6:
        button = lot.choice(buttons)
        repeated = lot.random() < 0.1
        values = {"action": button.action, "value": button.value}
        return "button", {**values, "is_repeated": repeated}
    kind = lot.choice(
        ("text", "start", "button", "photo", "video", "file", "location", "contact",
         "other")
    )  # fmt: skip
    if wanted and lot.random() < 0.5:
        kind = lot.choice(wanted)
    values = {
        "text": {"text": lot.choice(TEXTS)},
        "start": {"text": lot.choice(LINKS), "name": lot.choice(TEXTS)},
        "button": {"action": lot.choice(TEXTS), "value": lot.choice(VALUES)},
        "contact": {"phone": "380671234567", "is_own_phone": lot.random() < 0.5},
        "location": {"latitude": 50.4, "longitude": 30.5},
    }
    if kind in ("photo", "video", "file"):
        files = tuple(File(f"f{n}", 10) for n in range(lot.randrange(1, 3)))
        return kind, {"files": files, "album": lot.choice(("", "", "a1", "a2"))}
    return kind, values.get(kind, {})


def _through_json(values):
    return json.loads(json.dumps(values))


def get_problem(answers, state, album=""):
    """Return what is wrong with answers, empty: nothing.

    Somebody gets an answer with words and a way on; only a further photo of an album is
    not answered again.
    """
    if not answers:
        return "" if album else "no answer"
    if not all(isinstance(reply, Reply) for reply in answers):
        return "no reply"
    if not all(reply.text.strip() or reply.attachment for reply in answers):
        return "an answer without words"
    last = answers[-1]
    if not last.actions and not last.ask_contact:
        return "a dead end"
    labels = [button.label for row in last.buttons for button in row]
    if not all(label.strip() for label in labels):
        return "a button without words"
    too_long = [one for one in last.actions if len(f"{one.action}{one.value}") > 60]
    return f"a button too long to carry: {too_long}" if too_long else ""
