"""The page reads a code without network exactly as the server does."""

import json
import random
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from odoo.addons.loyalty_b2b2c.engine import product_code

#: Characters that people type, print or paste; codes are written with many of them.
_CHARACTERS = "0OoQ1IilLAАаBВb8ЖжßU-–—_ .,/:?#%&=2F\t\n\u00a0\u202f\ufeff😀é٣"
_READ = """
    const { readCode } = odoo.loader.modules.get(%(module)s);
    const wrong = %(cases)s
        .map((wanted) => ({ wanted, read: readCode(wanted.text) }))
        .filter(({ wanted, read }) =>
            ["code", "wantsPin", "problem"].some((name) => read[name] !== wanted[name])
        );
    if (wrong.length) {
        const few = JSON.stringify(wrong.slice(0, 5));
        console.error(`${wrong.length} read differently: ${few}`);
    } else {
        console.log("test successful");
    }
"""
_MODULE = json.dumps("@loyalty_b2b2c_portal/scan/product_code")


@tagged("post_install", "-at_install")
class TestPortalProductCode(HttpCase):
    def _compare(self, cases):
        """Let the page read texts; fail with those it reads differently."""
        self.browser_js(
            "/web/login",
            _READ % {"module": _MODULE, "cases": json.dumps(cases)},
            f"odoo.loader.modules.has({_MODULE})",
        )

    def test_the_page_reads_a_text_as_the_table_says(self):
        """The same table as of the server's reader, tests/unit/test_product_code.py."""
        with file_open("loyalty_b2b2c/tests/data/product_codes.json") as table:
            cases = json.load(table)
        self.assertGreater(len(cases), 40)
        self._compare(cases)

    def test_both_read_the_same_in_whatever_people_type(self):
        """3,000 texts: right codes with up to three characters changed, added or lost,
        alone and in addresses."""
        chance = random.Random(12)
        with patch.object(product_code.secrets, "token_bytes", chance.randbytes):
            codes = product_code.new_codes(1500)
            codes += product_code.new_codes(1500, with_pin=True)
        cases = []
        for code in codes:
            text = self._mistype(chance, code)
            scanned = product_code.read(text)
            cases.append(
                {
                    "text": text,
                    "code": scanned.code,
                    "wantsPin": scanned.wants_pin,
                    "problem": scanned.problem,
                }
            )
        kinds = {case["problem"] for case in cases}
        self.assertEqual(kinds, {"", "foreign", "short", "long", "typo"})
        self._compare(cases)

    def _mistype(self, chance, code):
        """Return a code with some characters changed, added or lost."""
        letters = list(code)
        for _change in range(chance.randrange(4)):
            place = chance.randrange(len(letters))
            letters[place : place + chance.randrange(2)] = chance.choice(
                [*_CHARACTERS, ""]
            )
        text = "".join(letters)
        address = chance.choice(
            [
                "",
                "",
                "",
                "https://x.example/l/",
                "/l/",
                "http://x/01/04006381333931/21/",
            ]
        )
        return address + text
