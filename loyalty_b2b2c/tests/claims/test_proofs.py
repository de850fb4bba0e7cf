"""What a claim is proved with belongs to packages above: claims know none of them."""

from itertools import combinations

from odoo.tests import tagged

from ...engine.suspicion import FINDING_CODES
from ...exceptions import LoyaltyError
from ...models.claims import claim_words
from ...models.codes import scan_words
from ...models.receipts import receipt_words
from ...models.receipts.b2b2c_receipt_review import REFUSALS
from ...recognition.understand import DOUBTS
from .. import fakes
from .fake_sticker import FakeClaim, FakeSticker
from .test_claims import ClaimCommon


@tagged("post_install", "-at_install")
class TestNewProof(ClaimCommon):
    """Stickers come with one file: ``fake_sticker.py``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fakes.add_models(cls, FakeSticker, FakeClaim)
        cls._create_scan_program(document_kind="sticker")
        cls.sticker = cls.env["b2b2c.fake.sticker"].create({"name": "S-1"})

    @classmethod
    def _create_scan_program(cls, document_kind):
        kind = cls.env["b2b2c.document.kind"].create(
            {"name": "Sticker", "code": document_kind}
        )
        cls._create_program(
            {
                "kind": "per_unit",
                "value": 3,
                "trigger": "paid",
                "role": "salesperson",
                "pick": "contact",
                "document_kind_ids": [(6, 0, kind.ids)],
            }
        )

    def _stick(self, key, member=None):
        """Submit the sticker as the seller; it counts at once."""
        claim, _is_new = self.env["b2b2c.claim"]._submit(
            member or self.seller,
            {
                "kind": "sticker",
                "reference": "S-1",
                "request_key": key,
                "state": "accepted",
            },
            [{"product_id": self.product.id, "quantity": 2}],
            sticker=self.sticker,
        )
        self.env.invalidate_all()
        return claim

    def test_it_earns_and_belongs_to_its_claim(self):
        claim = self._stick("request-1")
        self.assertEqual(self.sticker.claim_id, claim)
        self.assertEqual(claim.display_name, "Sticker S-1")
        self.assertEqual(self._available(self.seller), [6])

    def test_it_counts_once(self):
        self._stick("request-1")
        with self.assertRaisesRegex(LoyaltyError, "The sticker was used."):
            with self.env.cr.savepoint():
                self._stick("request-2", self.colleague)
        self.assertEqual(self._available(self.seller, self.colleague), [6, 0])
        self.assertEqual(
            self.env["b2b2c.claim"].search_count([("kind", "=", "sticker")]), 1
        )

    def test_claim_line_and_sticker_are_written_by_one_statement(self):
        claims = self.env["b2b2c.claim"]
        lines = [{"product_id": self.product.id}]

        def store(key, **proofs):
            row = {"kind": "sticker", "reference": "S-1", "request_key": key}
            return claims._store(self.seller, row, lines, **proofs)

        store("request-1")  # reads what is in the cache afterwards
        with self.assertQueryCount(1):
            claim, _is_new = store("request-2", sticker=self.sticker)
        self.env.invalidate_all()
        self.assertEqual(self.sticker.claim_id, claim)
        self.assertEqual(claim.line_ids.product_id, self.product)

    def test_it_is_void_when_its_claim_came_to_nothing(self):
        claim = self._stick("request-1")
        self.assertFalse(self.sticker.is_void)
        claim._cancel()
        self.assertTrue(self.sticker.is_void)
        self.assertEqual(self._available(self.seller), [0])

    def test_its_reasons_are_sentences(self):
        claim = self._submit()
        claim.write(
            {
                "reason_code": "by_person",
                "findings": [
                    {"code": "sticker_torn", "points": 40, "params": {"name": "S-1"}},
                    {"code": "unheard_of", "points": 1},
                ],
            }
        )
        self.assertEqual(claim.reason_text, "Refused by a person.")
        self.assertEqual(
            claim.findings_text, "The sticker S-1 is torn. (+40)\nunheard_of (+1)"
        )

    def test_what_nobody_knows_is_no_proof(self):
        with self.assertRaises(TypeError):
            self.env["b2b2c.claim"]._store(self.seller, {}, sealing_wax=1)


@tagged("post_install", "-at_install")
class TestWords(ClaimCommon):
    """Every code somebody may read has a sentence, said by one package."""

    def test_a_code_has_its_sentence_in_one_package(self):
        packages = (claim_words.WORDS, scan_words.WORDS, receipt_words.WORDS)
        for one, other in combinations(packages, 2):
            self.assertFalse(one.keys() & other.keys())
        self.assertEqual(
            self.env["b2b2c.claim"]._get_words().keys(), set().union(*packages)
        )

    def test_every_code_has_a_sentence(self):
        problems = ("empty", "foreign", "short", "long", "typo")
        codes = {*FINDING_CODES, *DOUBTS, *dict(REFUSALS), *problems}
        for code in sorted(codes):
            with self.subTest(code=code):
                sentence = claim_words.word(self.env, code, {"count": 1, "name": "R"})
                self.assertNotEqual(sentence, code)
                self.assertTrue(sentence.endswith("."))
