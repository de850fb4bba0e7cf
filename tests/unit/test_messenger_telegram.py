"""Telegram's adapter against a server that speaks its protocol."""

import io

import pytest
import requests
from chat.dialog.messages import Attachment, Button, File, Outgoing, Reply
from chat.messengers import Account, Blocked, Refused, Unavailable, Wait
from chat.messengers.telegram import Telegram
from chat_hook import Hook
from chat_servers.telegram_person import Person, get_buttons
from chat_servers.telegram_server import TelegramServer
from PIL import Image

SECRET = "s" * 43


@pytest.fixture
def server():
    with TelegramServer() as running:
        yield running


@pytest.fixture
def messenger(server):
    account = Account("42:TEST", SECRET, "demo_bot", server.base)
    return Telegram(account, requests.Session())


@pytest.fixture
def hook(server, messenger):
    with Hook() as running:
        running.messenger = messenger
        messenger.set_up(f"{running.base}/hook")
        yield running


@pytest.fixture
def olena(server):
    return Person(server, "Olena", language="uk")


def say(messenger, person, text="Hello", **values):
    """Send a message to a person."""
    reply = values.pop("reply", None) or Reply(text, **values)
    return messenger.send(Outgoing(str(person.chat["id"]), reply))


def photo(side=2000):
    """Return a photo as a phone takes it."""
    target = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(target, "JPEG")
    return target.getvalue()


class TestIn:
    def test_everything_a_person_may_send(self, hook, olena):
        olena.start("l_abc")
        olena.write("ABCD")
        olena.send_photo(photo(), "my receipt", album="7")
        olena.send_file(b"%PDF", "receipt.pdf", "application/pdf")
        olena.send_file(None, "film.mp4", "video/mp4", 2_000_000_000, "video")
        olena.send_sticker()
        olena.send_place(50.45, 30.52)
        olena.share_contact()
        olena.share_contact("+380501112233", user_id=5)
        olena.block()
        olena.unblock()
        kinds = [incoming.kind for incoming in hook.got]
        assert kinds == [
            "start",
            "text",
            "photo",
            "file",
            "video",
            "other",
            "location",
            "contact",
            "contact",
            "blocked",
            "unblocked",
        ]
        start, text, picture, _pdf, film, _sticker, place, own, other = hook.got[:9]
        assert (start.text, start.language, start.name) == ("l_abc", "uk", "Olena")
        assert (text.text, text.user, text.chat) == ("ABCD", start.user, start.user)
        assert (picture.text, picture.album) == ("my receipt", "7")
        assert (film.files[0].size, film.files[0].name) == (2_000_000_000, "film.mp4")
        assert (place.latitude, place.longitude) == (50.45, 30.52)
        assert (own.phone, own.is_own_phone) == ("380671234567", True)
        assert not other.is_own_phone
        numbers = [int(incoming.external_id) for incoming in hook.got]
        assert numbers == sorted(set(numbers))

    def test_groups_programs_and_what_is_nothing_to_us(self, messenger, olena):
        message = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}}
        sender = {"id": 9, "is_bot": True, "first_name": "B"}
        [read] = messenger.parse(
            {"update_id": 1, "message": {**message, "from": sender, "text": "x"}}
        )
        assert (read.is_private, read.is_bot) == (False, True)
        assert messenger.parse({"update_id": 2, "message": message}) == []
        assert messenger.parse({"update_id": 3, "poll": {}}) == []
        for garbage in ({"message": {}}, {"update_id": None, "message": message}, []):
            with pytest.raises((KeyError, TypeError, ValueError)):
                if not messenger.parse(garbage):
                    raise ValueError

    def test_who_does_not_know_the_secret_is_nobody(self, messenger):
        name = "X-Telegram-Bot-Api-Secret-Token"
        assert messenger.verify({name: SECRET}, {}, b"")
        assert messenger.verify({name.lower(): SECRET}, {}, b"")
        for told in (SECRET[:-1], "", SECRET + "s", "ї"):
            assert not messenger.verify({name: told}, {}, b"")
        assert not messenger.verify({}, {}, b"")

    def test_a_press_is_acknowledged_in_the_answer_to_the_call(
        self, hook, server, messenger, olena
    ):
        button = Button("Yes", "yes", data="b.1.0.abc")
        say(messenger, olena, buttons=((button,),))
        olena.press("Yes")
        assert (hook.got[-1].kind, hook.got[-1].data) == ("button", "b.1.0.abc")
        assert [press for press, _text in server.answered] == [hook.got[-1].press_id]

    def test_asking_instead_of_being_called(self, server, messenger, olena):
        olena.write("one")
        olena.write("two")
        updates, mark = messenger.poll("")
        assert [u["message"]["text"] for u in updates] == ["one", "two"]
        again, _mark = messenger.poll("")
        assert again == updates  # not confirmed yet
        olena.write("three")
        updates, mark = messenger.poll(mark)
        assert [u["message"]["text"] for u in updates] == ["three"]
        server.hook["url"] = "http://127.0.0.1:1/"
        with pytest.raises(Refused, match="while webhook is active"):
            messenger.poll(mark)


class TestDelivery:
    def test_a_refused_update_blocks_its_chat_and_no_other(self, hook, server, olena):
        petro = Person(server, "Petro")
        hook.status = 500
        olena.write("one")
        olena.write("two")
        hook.status = 200
        petro.write("three")
        assert [incoming.text for incoming in hook.got] == ["three"]
        server.clock.pass_by(3)
        server.deliver()
        assert [incoming.text for incoming in hook.got] == ["three", "one", "two"]
        assert "HTTP 500" in hook.messenger.get_health().problem

    def test_a_redirect_is_an_error(self, hook, server, olena):
        hook.status = 301
        olena.write("one")
        assert server.delivered[-1][1] == 301
        assert hook.got == []

    def test_presses_are_dropped_after_minutes_and_messages_after_a_day(
        self, hook, server, olena
    ):
        hook.status = 500
        olena.write("one")
        olena.press_data("b.1.0.x")
        server.clock.pass_by(151)
        hook.status = 200
        server.deliver()
        assert [incoming.kind for incoming in hook.got] == ["text"]
        hook.status = 500
        olena.write("two")
        server.clock.pass_by(24 * 3600 + 1)
        hook.status = 200
        server.deliver()
        assert [incoming.text for incoming in hook.got] == ["one"]

    def test_the_secret_has_an_alphabet(self, server):
        account = Account("42:TEST", "no spaces", "demo_bot", server.base)
        with pytest.raises(Refused, match="unallowed characters"):
            Telegram(account, requests.Session()).set_up("https://example.com/")


class TestOut:
    def test_texts_and_buttons(self, messenger, olena):
        rows = (
            (Button("Yes", "yes", data="b.1.0.x"), Button("Page", url="https://a.b/")),
            (Button("Scan", web_page="https://a.b/scan"),),
            (Button("Local", web_page="http://127.0.0.1/scan"),),
        )
        sent = say(messenger, olena, "A *b* _c_ [d]", buttons=rows)
        [message] = olena.hear()
        assert message["text"] == "A *b* _c_ [d]"
        assert str(message["message_id"]) == sent.message_id
        assert get_buttons(message) == [
            {"text": "Yes", "callback_data": "b.1.0.x"},
            {"text": "Page", "url": "https://a.b/"},
            {"text": "Scan", "web_app": {"url": "https://a.b/scan"}},
            {"text": "Local", "url": "http://127.0.0.1/scan"},
        ]

    def test_a_pressed_message_gives_way(self, messenger, olena):
        sent = say(messenger, olena, "Sure?", buttons=((Button("Y", "y", data="b"),),))
        for _time in range(2):  # the second time it is not modified
            messenger.send(
                Outgoing(str(olena.chat["id"]), Reply("Done"), sent.message_id)
            )
        [message] = olena.hear()
        assert (message["text"], get_buttons(message)) == ("Done", [])
        messenger.send(Outgoing(str(olena.chat["id"]), Reply("New"), "999"))
        assert olena.read() == "New"

    def test_a_picture_is_uploaded_once(self, messenger, olena):
        code = Attachment("code.png", "image/png", b"png")
        sent = say(messenger, olena, "Yours", attachment=code)
        again = Attachment("code.png", "image/png", reference=sent.file_reference)
        say(messenger, olena, "Yours", attachment=again)
        first, second = olena.hear()
        assert first["photo"] == second["photo"]
        paper = Attachment("poster.pdf", "application/pdf", b"%PDF")
        say(messenger, olena, attachment=paper)
        [message] = olena.hear()
        assert message["document"]["file_name"] == "poster.pdf"

    def test_the_phone_number_is_asked_for(self, messenger, olena):
        say(messenger, olena, ask_contact="Share my number")
        [message] = olena.hear()
        [[key]] = message["reply_markup"]["keyboard"]
        assert key == {"text": "Share my number", "request_contact": True}

    def test_what_telegram_says_no_to(self, messenger, server, olena):
        olena.block()
        with pytest.raises(Blocked, match="blocked by the user"):
            say(messenger, olena)
        stranger = Outgoing("1", Reply("x"))
        with pytest.raises(Blocked, match="chat not found"):
            messenger.send(stranger)
        olena.unblock()
        with pytest.raises(Refused, match="text is empty"):
            say(messenger, olena, "")
        with pytest.raises(Refused, match="too long"):
            say(messenger, olena, "x" * 4097)
        server.has_limits = True
        for _number in range(5):
            say(messenger, olena)
        with pytest.raises(Wait) as error:
            say(messenger, olena)
        assert (error.value.seconds, error.value.for_all) == (3, True)

    def test_nobody_listens(self, messenger, server, olena):
        server.close()
        with pytest.raises(Wait) as error:
            say(messenger, olena)
        assert "TEST" not in str(error.value)

    def test_a_wrong_token_stands_in_no_error(self, server, olena):
        account = Account("42:WRONG", SECRET, "demo_bot", server.base)
        with pytest.raises(Refused) as error:
            say(Telegram(account, requests.Session()), olena)
        assert str(error.value) == "Unauthorized"


class TestFiles:
    def test_a_photo_comes_as_telegram_stored_it(self, hook, messenger, olena):
        olena.send_photo(photo(2000))
        content = messenger.fetch(hook.got[-1].files[0], 1_000_000)
        assert Image.open(io.BytesIO(content)).size == (1280, 1280)

    def test_large_files_are_not_fetched(self, hook, server, messenger, olena):
        olena.send_file(None, "film.mp4", "video/mp4", 2_000_000_000, "video")
        before = len(server.calls)
        with pytest.raises(Unavailable) as error:
            messenger.fetch(hook.got[-1].files[0], 10_000_000)
        assert error.value.is_too_large
        assert len(server.calls) == before
        lying = File(hook.got[-1].files[0].reference, size=5)
        with pytest.raises(Unavailable) as error:
            messenger.fetch(lying, 10_000_000)
        assert error.value.is_too_large  # "file is too big"

    def test_a_file_that_is_larger_than_it_says(self, hook, server, messenger, olena):
        olena.send_file(b"x" * 5000, "a.bin", size=10)
        with pytest.raises(Unavailable) as error:
            messenger.fetch(hook.got[-1].files[0], 1000)
        assert error.value.is_too_large

    def test_a_file_that_is_gone(self, messenger):
        with pytest.raises(Unavailable, match="invalid file_id"):
            messenger.fetch(File("AgACnobody"), 1000)


def test_links_and_health(messenger, hook):
    assert messenger.get_link("l_x") == "https://t.me/demo_bot?start=l_x"
    assert messenger.get_link("") == "https://t.me/demo_bot"
    health = messenger.get_health()
    assert (health.account, health.pending, health.problem) == ("demo_bot", 0, "")
    messenger.set_up("")
    assert messenger.get_health().hook_url == ""
