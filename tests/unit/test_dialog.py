"""The dialog of the chat: whatever somebody does at whichever moment is answered."""

import ast
import os
import random
from pathlib import Path

import pytest
from chat.dialog.engine import Dialog
from chat.dialog.flow import Action, Flow, Step
from chat.dialog.flows import FLOWS, home
from chat.dialog.messages import File
from chat.dialog.typed import clean, get_code, get_command, get_plain
from dialog_world import Chat, World, get_problem

ADDON = Path(__file__).parents[2] / "loyalty_b2b2c_chat"
#: Steps of the walk; the whole of it is a benchmark.
STEPS = int(os.environ.get("DIALOG_STEPS", 20_000))
WALKS = 20


class Calm(World):
    """A world without surprises: everything is granted, the first choice is taken."""

    def do(self, command, /, **values):
        self.calls.append((command, values))
        flow, _dot, name = command.partition(".")
        return getattr(self, f"_{flow}_{name}")(**values)

    def _some(self, *choices):
        return choices[-1]


def _texts(answers):
    return [reply.text for reply in answers]


def _actions(answers):
    return [button.action for button in answers[-1].actions]


# === NO DEAD END === #


@pytest.mark.parametrize("seed", range(WALKS))
def test_every_moment_answers_everything(seed):
    lot = random.Random(seed)
    chat = Chat(World(seed, is_known=seed % 4 > 0))
    reached = set()
    for _step in range(STEPS // WALKS):
        (what, values), answers = chat.walk(lot)
        problem = get_problem(answers, chat.state, values.get("album"))
        assert not problem, (problem, what, values, chat.state, answers)
        reached.add(chat.state.step)
    assert len(reached) > 4


def test_walks_reach_every_step():
    """Else the walk proves nothing about those it does not reach."""
    missing, lot = set(Dialog(FLOWS).steps), random.Random(1)
    for seed in range(2000):  # ends when all were reached
        chat = Chat(World(seed, is_known=seed % 3 > 0))
        for _step in range(300):
            chat.walk(lot)
            missing.discard(chat.state.step)
        if not missing:
            break
    assert not missing


def test_a_dead_end_is_noticed():
    """The walk fails for a flow that leaves somebody without an answer."""

    def _say_nothing(turn):
        turn.is_quiet = True

    bad = Flow(
        name="bad",
        actions={
            "x": Action(do=_say_nothing, label="x", menu=1, typed=("😀x",)),
        },
    )
    chat = Chat(World(1), flows=(home.FLOW, bad))
    problems = set()
    lot = random.Random(5)
    for _step in range(300):
        chat.world.offers = lambda flow: ("menu", "help", "x")
        (_what, values), answers = chat.walk(lot)
        problems.add(get_problem(answers, chat.state, values.get("album")))
    assert "no answer" in problems


# === WHAT IS TYPED === #


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AB\u200bCD", "ABCD"),
        ("a\u00adb\ufeff", "ab"),
        ("one\r\n two \n\n", "one\ntwo"),
        ("\u202etxt", "txt"),
        (None, ""),
    ],
)
def test_what_nobody_sees_is_taken_out(text, expected):
    assert clean(text) == expected


def test_words_are_compared_without_emoji_and_case():
    assert get_plain("🎁 Мої БАЛИ!") == "мої бали"
    assert get_plain("\ufe0f😀") == ""


def test_a_code_is_read_among_emoji():
    assert get_code("🎉 ABCD-1234\u200b ✅") == "ABCD-1234"


@pytest.mark.parametrize(
    ("text", "command"),
    [("/start", "start"), ("/Баланс@bot x", "баланс"), ("/", ""), ("start", "")],
)
def test_commands_in_any_language(text, command):
    assert get_command(text) == command


@pytest.mark.parametrize("text", ["/balance", "Баланс", "баланс 💰", "points.balance"])
def test_a_word_is_as_good_as_its_button(text):
    chat = Chat(Calm())
    chat.get(text="/start")
    assert _texts(chat.get(text=text))[0].startswith("Seller, Shop")


# === MOMENTS === #


def test_an_old_button_of_a_step_does_nothing():
    chat = Chat(Calm())
    chat.get(text="/receipt")
    chat.photo()
    chat.press("receipt.send")
    done = len(chat.world.calls)
    answers = chat.press("receipt.send")
    assert _texts(answers)[0] == "home.old_button"
    uploads = [name for name, _v in chat.world.calls[done:] if name == "receipt.upload"]
    assert not uploads


def test_a_button_pressed_twice_counts_once():
    chat = Chat(Calm())
    chat.get(text="/start")
    [menu] = [one for one in chat.buttons if one.action == "scan.begin"]
    answers = chat.get("button", action=menu.action, value="", is_repeated=True)
    assert _texts(answers) == ["home.pressed_before"]
    assert _actions(answers) == ["home.menu"]


def test_an_answer_of_the_wrong_kind_is_told_and_asked_again():
    chat = Chat(Calm())
    chat.get(text="/receipt")
    answers = chat.get("location", latitude=1, longitude=1)
    assert _texts(answers) == ["home.no_location", "receipt.ask"]
    assert chat.state.step == "receipt.pages"


def test_a_forged_button_changes_nothing():
    chat = Chat(Calm())
    answers = chat.get("button", action="", value="link.cut")
    assert _texts(answers)[0] == "home.old_button"
    assert chat.world.is_known


# === NOBODY KNOWN === #


@pytest.mark.parametrize("action", ["points.balance", "card.show", "scan.begin"])
def test_who_is_not_linked_sees_nothing(action):
    chat = Chat(Calm(is_known=False))
    answers = chat.get("button", action=action)
    assert _texts(answers) == ["home.not_linked", "home.begin"]
    assert {name for name, _v in chat.world.calls} == {"home.tell_place"}


def test_a_forwarded_link_binds_nobody_silently():
    chat = Chat(Calm(is_known=False))
    answers = chat.get("start", text="l_token")
    assert _texts(answers) == ["link.ask"]
    assert "link.bind" not in [name for name, _v in chat.world.calls]
    chat.press("link.no")
    assert not chat.world.is_known
    assert _texts(chat.press("link.yes"))[0] == "home.old_button"
    assert not chat.world.is_known


def test_joining_asks_consent_first_and_proof_last():
    chat = Chat(Calm(is_known=False))
    said = _texts(chat.get("start", text="j_token", name="Anna Koval"))
    said += _texts(chat.press("join.agree"))
    said += _texts(chat.get(text="Anna Koval"))
    said += _texts(chat.get("contact", phone="380671234567", is_own_phone=False))
    starts = [v for name, v in chat.world.calls if name == "join.start"]
    assert not starts  # a number of somebody else is none
    chat.world._some = lambda *choices: choices[0]
    said += _texts(chat.get("contact", phone="380671234567", is_own_phone=True))
    [start] = [v for name, v in chat.world.calls if name == "join.start"]
    assert start["address"] == "+380671234567"
    said += _texts(chat.get(text="123456"))
    assert said == [
        "join.invited", "join.ask_consent", "join.ask_name", "join.ask_address",
        "join.or_share", "join.other_contact", "join.ask_address", "join.or_share",
        "join.ask_code", "join.joined",
    ]  # fmt: skip
    assert chat.world.is_known


# === SLOW WORK === #


def test_slow_work_says_so_first():
    chat = Chat(Calm())
    answers = chat.photo()
    assert _texts(answers)[:2] == ["scan.looking", "scan.found"]
    assert "scan.read_photo" in [name for name, _v in chat.world.calls]


def test_an_album_is_one_receipt():
    chat = Chat(Calm())
    chat.get(text="/receipt")
    told = [_texts(chat.photo(album="a")) for _page in range(3)]
    assert told == [["receipt.ask_more"], [], []]
    chat.press("receipt.send")
    [upload] = [v for name, v in chat.world.calls if name == "receipt.upload"]
    assert [type(one) for one in upload["files"]] == [File] * 3


def test_photos_without_codes_may_become_a_receipt():
    chat = Chat(Calm())
    chat.world._scan_read_photo = lambda file: []
    chat.world._scan_takes_receipts = lambda: True
    assert _texts(chat.photo(album="a")) == ["scan.looking", "scan.ask_what"]
    assert _texts(chat.photo(album="a")) == ["scan.ask_what"]
    chat.press("scan.is_receipt")
    assert len(chat.state.data["files"]) == 2


# === FLOWS === #


def test_a_flow_of_another_add_on_is_one_file():
    def _ask(turn):
        turn.say("visit.ask", turn.press("come"))

    def _come(turn):
        turn.leave()
        turn.say("visit.thanks")

    visit = Flow(
        name="visit",
        actions={
            "begin": Action(do=lambda turn: turn.go("visit.when"), label="visit.begin")
        },
        steps={"when": Step(ask=_ask, presses={"come": _come})},
    )
    chat = Chat(Calm(), flows=(*FLOWS, visit))
    chat.get("button", action="visit.begin")
    answers = chat.press("visit.come")
    assert _texts(answers) == ["visit.thanks"]
    assert _actions(answers) == ["home.menu"]


def test_a_step_of_an_add_on_that_is_gone_is_forgotten():
    chat = Chat(Calm())
    chat.state.step, chat.state.data = "gone.step", {"x": 1}
    assert _texts(chat.get(text="hello")) == ["home.no_answer", "home.menu"]


def test_the_dialog_imports_no_odoo():
    for path in (ADDON / "dialog").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in getattr(node, "names", ())]
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not module.startswith("odoo"), path
                assert "odoo" not in names, path
