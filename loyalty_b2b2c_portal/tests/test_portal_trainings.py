"""Trainings on the phone: what there is, holding a presentation, being at one."""

import io
import re
from unittest.mock import patch

from PIL import Image

from odoo import Command, fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import PASSWORD, PortalCommon

TRAININGS = "/my/rewards/trainings"
PRESENTATIONS = "/my/rewards/presentations"
ATTEND = "/my/rewards/attend"

#: Takes the code off the screen, and waits until the page has put one there again; then
#: asks the scan page what it makes of addresses.
PAGE = """
(async () => {
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const find = (name) => document.querySelector(`.o_b2b2c_presentation_${name}`);
    find("code").textContent = "";
    find("picture").src = "";
    for (let i = 0; i < 100 && !find("code").textContent; i++) {
        await sleep(200);
    }
    if (!/^[0-9]{4} [0-9]{4}$/.test(find("code").textContent)) {
        throw new Error(`no code: ${find("code").textContent}`);
    }
    if (!find("picture").src.startsWith("data:image/png")) {
        throw new Error("no picture");
    }
    const scanned = "@loyalty_b2b2c_portal/scan/attend_code";
    const { readAttend } = odoo.loader.modules.get(scanned);
    const page = "https://a.example/my/rewards/attend?code=1";
    const read = [
        readAttend(page, "https://a.example"),
        readAttend(page.replace("/my", "/uk/my"), "https://a.example"),
        readAttend(page, "https://b.example"),
        readAttend("https://a.example/my/rewards/attend/../pin", "https://a.example"),
        readAttend("ABCD-1234", "https://a.example"),
    ];
    if (JSON.stringify(read.map(Boolean)) !== "[true,true,false,false,false]") {
        throw new Error(JSON.stringify(read));
    }
    console.log("test successful");
})().catch((error) => console.error(String(error)));
"""


@tagged("post_install", "-at_install")
class TestPortalTrainings(PortalCommon, HttpCase):
    """Olena presents, Petro is there; one person is enough."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program(
            {"kind": "fixed", "value": 1, "amount_min": 1e9}
        )
        values = {
            "kind": "training",
            "program_id": cls.program.id,
            "first_day": fields.Date.today(),
            "training_repeat": "each",
        }
        attendance = cls.env["b2b2c.challenge"].create(
            {
                **values,
                "name": "Came along",
                "training_way": "attendance",
                "prize_ids": [Command.create({"points": 5})],
            }
        )
        cls.training = cls.env["b2b2c.challenge"].create(
            {
                **values,
                "name": "Presented",
                "training_way": "presentation",
                "min_attendees": 1,
                "attendance_id": attendance.id,
                "prize_ids": [Command.create({"points": 60})],
            }
        )
        (attendance | cls.training).action_start()

    def _post(self, url, login="olena", files=None, **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        answer = self.url_open(url, data=data, files=files)
        self.env["b2b2c.training.attempt"]._process_now()
        self.env.invalidate_all()
        return answer

    def _open(self, **values):
        return self._post(
            PRESENTATIONS,
            **{
                "challenge": self.training.id,
                "name": "The catalogue",
                "place": "Office",
                "expected": "2",
                **values,
            },
        )

    def _get_presentation(self):
        return self.env["b2b2c.presentation"].search([], limit=1)

    def test_from_the_first_page_to_the_points(self):
        self.assertIn(TRAININGS, self._get("/my/rewards").text)
        page = self._get(TRAININGS).text
        for words in ("Presented", "60 pts", "Came along", "5 pts", PRESENTATIONS):
            self.assertIn(words, page)
        screen = self._open()
        presentation = self._get_presentation()
        self.assertTrue(screen.url.endswith(f"{PRESENTATIONS}/{presentation.id}"))
        digits = presentation._get_code()[0]
        self.assertIn(f"{digits[:4]} {digits[4:]}", screen.text)
        address = f"{ATTEND}?presentation={presentation.token}&code={digits}"
        asked = self._get(address, login="petro")
        self.assertIn("Confirm that you are at this presentation", asked.text)
        self.assertFalse(presentation.attendee_ids)  # opening it changed nothing
        there = self._post(
            ATTEND, "petro", presentation=presentation.token, code=digits
        )
        self.assertIn("Thank you for coming!", there.text)
        stream = io.BytesIO()
        Image.new("RGB", (200, 100), "blue").save(stream, "JPEG")
        photo = {"photo": ("room.jpg", stream.getvalue(), "image/jpeg")}
        page = self._post(screen.url, files=photo, photo="").text
        self.assertIn("Petro O.", page)
        self.assertIn("data:image/jpg;base64,", page)
        page = self._post(screen.url, close="1").text
        self.assertIn("Being counted", page)  # in a test nothing is committed
        self.assertIn("text-bg-success", self._get(screen.url).text)
        self.assertIn("Passed", self._get(TRAININGS).text)
        self.assertEqual(self.account.balance_available, 60)
        self.assertEqual(self.other_account.balance_available, 5)

    def test_the_screen_changes_by_itself(self):
        self._open()
        presentation = self._get_presentation()
        live = f"{PRESENTATIONS}/{presentation.id}/live"
        shown = self.make_jsonrpc_request(live)
        self.assertEqual((shown["count"], shown["is_open"]), (0, True))
        self.assertIn(shown["seconds"], range(1, 31))
        self.assertTrue(shown["picture"].startswith("data:image/png;base64,"))
        with patch.object(
            type(presentation), "_get_code", lambda self: ("12345678", 7)
        ):
            again = self.make_jsonrpc_request(live, {"shown": "1234 5678"})
            self.assertEqual((again["code"], again["picture"]), ("1234 5678", ""))
            other = self.make_jsonrpc_request(live, {"shown": shown["code"]})
            self.assertTrue(other["picture"])
        code = shown["code"].replace(" ", "")
        self._post(ATTEND, "petro", code=shown["code"])  # typed
        self.assertTrue(presentation._is_code(code))
        self.authenticate("olena", PASSWORD)
        self.assertEqual(self.make_jsonrpc_request(live)["names"], ["Petro O."])
        presentation._cancel()
        shown = self.make_jsonrpc_request(live)
        self.assertEqual((shown["is_open"], shown["code"]), (False, ""))

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self):
        page = self._open(expected="many")
        self.assertEqual(page.status_code, 400)
        self.assertIn("Write how many people you expect", page.text)
        self.assertIn('value="The catalogue"', page.text)
        for values in (
            {"challenge": "x"},
            {"challenge": "99999999999999"},
            {"starts_at": "soon"},
            {"starts_at": "9999-12-31T23:59"},
        ):
            self.assertEqual(self._open(**values).status_code, 400, values)
        self.assertFalse(self._get_presentation())
        self._open()
        screen = f"{PRESENTATIONS}/{self._get_presentation().id}"
        photo = {"photo": ("room.jpg", b"no picture", "image/jpeg")}
        page = self._post(screen, files=photo, photo="")
        self.assertEqual(page.status_code, 400)
        self.assertIn("This file is no photo", page.text)
        page = self._post(ATTEND, "petro", code="0000 000")
        self.assertIn("not shown any more", page.text)
        page = self._post(ATTEND, "olena", code=self._get_presentation()._get_code()[0])
        self.assertIn("others confirm it", page.text)

    def test_a_moment_is_one_of_the_persons_zone(self):
        day = fields.Date.add(fields.Date.today(), days=7)
        self._open(starts_at=f"{day}T12:00")  # Kyiv is two or three hours ahead
        starts_at = self._get_presentation().starts_at
        self.assertEqual(starts_at.date(), day)
        self.assertIn(starts_at.hour, (9, 10))

    def test_nobody_elses_screen(self):
        self._open()
        screen = f"{PRESENTATIONS}/{self._get_presentation().id}"
        self.assertEqual(self._get(screen, login="petro").status_code, 404)
        self.assertEqual(self._post(screen, "petro", close="1").status_code, 404)
        self.assertEqual(self._get_presentation().state, "open")
        self._create_portal_user("nobody")
        self.assertEqual(self._get(screen, login="nobody").status_code, 404)
        page = self._post(
            ATTEND, "nobody", code=self._get_presentation()._get_code()[0]
        )
        self.assertIn("You do not take part", page.text)
        for url in (TRAININGS, PRESENTATIONS, screen, ATTEND):
            self.assertIn("/web/login", self._get(url, login=None).url)

    def test_the_qr_code_leads_to_the_page_that_asks(self):
        self._open()
        page = self._get(f"{PRESENTATIONS}/{self._get_presentation().id}").text
        self.assertTrue(
            re.search(r'src="data:image/png;base64,[A-Za-z0-9+/=]{500,}"', page)
        )

    def test_the_page_fetches_the_next_code_and_the_scanner_knows_it(self):
        self._open()
        screen = f"{PRESENTATIONS}/{self._get_presentation().id}"
        self.browser_js(screen, PAGE, login="olena", timeout=60)
