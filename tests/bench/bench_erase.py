"""Erasing a thousand people with a history: how long each takes, and what is left.

Every trace has one of three texts in it, so one search of the whole database, and of
every stored file, tells whether anybody is left.
"""

import base64
import io
import json
import os
import time
import uuid
import zipfile
from pathlib import Path

from harness import limit, median, note, workers

PEOPLE = int(os.environ.get("B2B2C_BENCH_PEOPLE", "1000"))
SECONDS = 5
NAME, DOMAIN, PHONE = "Прибульченко", "erase.example.net", "38050777"
MARKERS = (NAME, json.dumps(NAME)[1:-1], DOMAIN, PHONE, "050 777 ", "Secret Lane")
BATCH = min(100, PEOPLE)


def run(ctx):
    """Rows: seconds per person, texts and files that still name somebody."""
    with ctx.fresh_database() as database, workers(database) as [worker]:
        begin = time.perf_counter()
        worker.call("bench_erase.prepare")
        for first in range(0, PEOPLE, BATCH):
            worker.call("bench_erase.live", first=first, number=BATCH)
        ctx.say(f"{PEOPLE} people in {time.perf_counter() - begin:.0f} s")
        before = worker.call("bench_erase.search")
        taken = []
        for _first in range(0, PEOPLE, BATCH):
            taken += worker.call("bench_erase.erase", number=BATCH)
        worker.call("bench_erase.sweep")
        after = worker.call("bench_erase.search")
        problems = worker.call("bench_erase.verify")
    p95 = sorted(taken)[int(len(taken) * 0.95)]
    for place, example in after["texts"].items():
        ctx.say(f"left in {place}: {example}")
    return [
        limit(f"{len(taken):,} people, each, p95: s", p95, f"<= {SECONDS}",
              p95 <= SECONDS),
        note("the same, median: s", median(taken)),
        note("columns that named them before", len(before["texts"])),
        limit("columns that name somebody after", len(after["texts"]), "= 0",
              not after["texts"]),
        note("files that named them before", before["files"]),
        limit("files that name somebody after", after["files"], "= 0",
              not after["files"]),
        limit("differences found in the books", len(problems), "= 0", not problems),
    ]  # fmt: skip


# === IN THE WORKER: people who leave traces === #


def prepare(registry):
    """Open the shop, its program, its till and its invitation."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        products = shop.open_shop(env)
        shop.create_rules(env, products)
        office = shop.create_client(env, "Office").parent_id
        env["b2b2c.consent.text"].create({"body": "<p>Yes</p>"})
        env["b2b2c.invitation"].create({"employer_id": office.id})
        env["b2b2c.api.key"].create({"name": "Till"})
        for limit_of in ("operations", "amount", "points"):
            env.company[f"b2b2c_terminal_day_{limit_of}"] = 0
        env.ref("base.user_admin").group_ids += env.ref("loyalty_b2b2c.group_terminal")


def live(registry, first, number):
    """Let some people join, buy, hand receipts in, write and be written to."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        people = _People(env, range(first, first + number))
        people.join()
        people.buy()
        people.hand_in()
        people.write()


class _People:
    """Some people at the office, and everything they do."""

    def __init__(self, env, numbers):
        self.env = env
        self.numbers = numbers
        self.office = env["res.partner"].search(
            [("name", "=", "Office"), ("is_company", "=", True)]
        )
        self.contacts = self._create_partners(parent_id=self.office.id)
        self.partners = self._create_partners(
            street="Secret Lane 7", image_1920=base64.b64encode(_picture("avatar"))
        )

    def _create_partners(self, **values):
        ukraine = self.env.ref("base.ua").id
        return self.env["res.partner"].create(
            [
                {
                    "name": f"Марія {NAME} {n:04d}",
                    "email": f"person{n:04d}@{DOMAIN}",
                    "phone": f"+{PHONE}{n:04d}",
                    "country_id": ukraine,
                    "comment": f"<p>{NAME} {n:04d} prefers tea</p>",
                    **values,
                }
                for n in self.numbers
            ]
        )

    def join(self):
        """Portal users, memberships, requests to join with consent."""
        env = self.env
        self.users = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "login": partner.email,
                        "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
                    }
                    for partner in self.partners
                ]
            )
        )
        self.members = env["b2b2c.member"].create(
            [
                {
                    "partner_id": partner.id,
                    "employer_id": self.office.id,
                    "contact_id": contact.id,
                    "role": "employee",
                    "enrolled_at": "2020-01-01",
                    "consent_at": "2020-01-01",
                    "notify_sms": True,
                }
                for partner, contact in zip(self.partners, self.contacts, strict=True)
            ]
        )
        invitation = env["b2b2c.invitation"].search([], limit=1)
        text = env["b2b2c.consent.text"].search([], limit=1)
        env["b2b2c.join"].create(
            [
                {
                    "invitation_id": invitation.id,
                    "company_id": env.company.id,
                    "employer_id": self.office.id,
                    "role": "employee",
                    "state": "joined",
                    "name": member.name,
                    "email": member.partner_id.email,
                    "phone": member.partner_id.phone,
                    "partner_id": member.partner_id.id,
                    "member_id": member.id,
                    "consent_text_id": text.id,
                    "consent_at": "2020-01-01",
                    "address": "192.0.2.7",
                }
                for member in self.members
            ]
        )
        env["res.users.log"].create([{"create_uid": user.id} for user in self.users])

    def buy(self):
        """Orders, sales at the counter and from outside; the messages about them."""
        env = self.env
        product = env["product.product"].search([("name", "=", "Product 1")])
        self.orders = env["sale.order"].create(
            [
                {
                    "partner_id": contact.id,
                    "order_line": [
                        (0, 0, {"product_id": product.id, "product_uom_qty": 3})
                    ],
                }
                for contact in self.contacts
            ]
        )
        self.orders.action_confirm()
        terminal = env["b2b2c.terminal"].with_user(env.ref("base.user_admin"))
        intake = env["b2b2c.intake"]
        for n, member in zip(self.numbers, self.members, strict=True):
            partner = member.partner_id
            sale = {
                "type": "sale",
                "reference": f"API-{n}",
                "occurred_at": "2026-03-01T10:00:00Z",
                "member": {"phone": partner.phone},
                "note": f"{partner.name} paid in cash",
                "lines": [{"name": f"For {partner.name}", "amount": 50}],
            }
            document, _new = intake._record(sale, company=env.company, channel="api")
            self._answer(n, document, partner)
            found = terminal.search_member(partner.phone)
            terminal.record(
                found["members"][0]["ticket"], {"amount": "100"}, str(uuid.uuid4())
            )
        env["b2b2c.event"]._process_now()
        env["b2b2c.notification"].search([("state", "=", "new")])._send()

    def _answer(self, n, document, partner):
        """Keep what the API answered, as its dispatcher does."""
        answers = self.env["b2b2c.api.answer"]
        key = self.env["b2b2c.api.key"].search([], limit=1)
        row = answers._begin(key.id, f"call-{n}")
        body = {"id": document.id, "member": partner.name, "phone": partner.phone}
        answers._keep(row.id, f"f{n}", 201, json.dumps(body))

    def hand_in(self):
        """Photos of receipts, with what was read on them."""
        env = self.env
        for n, member in zip(self.numbers, self.members, strict=True):
            name = member.partner_id.name
            claim, _new = env["b2b2c.claim"]._submit(
                member,
                {
                    "kind": "receipt",
                    "reference": f"R{n}",
                    "request_key": f"photo-{n}",
                    "state": "review" if n % 2 else "accepted",
                    "address": "192.0.2.7",
                    "note": f"{name} sent it twice",
                },
                [{"name": f"Paper for {name}", "amount_total": 10}],
            )
            receipt = env["b2b2c.receipt"].create(
                {
                    "claim_id": claim.id,
                    "company_id": env.company.id,
                    "number": str(n),
                    "seen": {"pages": [f"CUSTOMER {name}"]},
                    "line_ids": [(0, 0, {"name": f"Paper for {name}"})],
                    "read_state": "done",
                }
            )
            env["b2b2c.receipt.page"].create(
                {
                    "receipt_id": receipt.id,
                    "company_id": env.company.id,
                    "image": base64.b64encode(_picture(name)),
                }
            )
            claim.message_post(body=f"{name} rang")
            claim.activity_schedule("mail.mail_activity_data_todo", note=f"Ask {name}")

    def write(self):
        """Chatter, e-mails, SMS, files, corrections, a copy of the data."""
        env = self.env
        for member, order in zip(self.members, self.orders, strict=True):
            person = member.partner_id
            national = f"050 777 {person.phone[-4:-2]} {person.phone[-2:]}"
            order.message_post(
                body=f"Call me: {national}", author_id=person.id,
                email_from=person.email_formatted,
            )  # fmt: skip
            order.message_post(body=f"{person.name} called, {person.email}")
            member.message_post(
                body=f"{person.name} asked for a brochure",
                attachments=[(f"{person.name}.txt", person.name.encode())],
            )
            person.message_post(body=f"{person.name} moved to Secret Lane 7")
            member.activity_schedule(
                "mail.mail_activity_data_todo", summary=f"Call {person.name}"
            )
            account = member._get_account(env.ref("loyalty_b2b2c.unit_points"))
            adjustment = env["b2b2c.adjustment"].create(
                {"account_id": account.id, "points": 7, "reason": "Birthday"}
            )
            adjustment.message_post(body=f"For {person.name}")
            adjustment.action_submit()
            env["bus.bus"]._sendone(person, "x", {"author": person.name})
            person.name += " Молодша"
            person.name = person.name.removesuffix(" Молодша")
        env["mail.mail"].create(
            [
                {"email_to": p.email, "body_html": f"Dear {p.name}"}
                for p in self.partners
            ]
        )
        env["sms.sms"].create(
            [
                {"number": p.phone, "body": p.name, "partner_id": p.id}
                for p in self.partners
            ]
        )
        for member in self.members[:5]:
            member.action_export_personal_data()


def _picture(text):
    """Return a JPEG that has a text behind its picture."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "JPEG", comment=text.encode())
    return stream.getvalue() + text.encode()


# === IN THE WORKER: forgetting, and looking for what is left === #


def erase(registry, number):
    """Erase some people, each in a transaction of its own; the seconds of each."""
    import shop

    taken = []
    for _index in range(number):
        with registry.cursor() as cursor:
            env = shop.superuser(cursor)
            member = env["b2b2c.member"].search(
                [("erased_at", "=", False)], order="id", limit=1
            )
            begin = time.perf_counter()
            member._erase("Request 123", contacts=member.contact_id)
            env.flush_all()
            cursor.commit()
            taken.append(time.perf_counter() - begin)
    return taken


def sweep(registry):
    """Delete the files nobody names any more, as Odoo does every day."""
    import shop

    with registry.cursor() as cursor:
        shop.superuser(cursor)["ir.attachment"]._gc_file_store_unsafe()


def search(registry):
    """Search every text of the database, and every stored file.

    :return: ``texts``: column -> an example, and ``files``: how many
    """
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        folder = Path(env["ir.attachment"]._filestore())
        texts = {}
        cursor.execute(
            """
            SELECT c.table_name, c.column_name FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
               AND c.udt_name IN ('varchar', 'text', 'jsonb', 'json', 'bpchar', 'bytea')
            """
        )
        for table, column in cursor.fetchall():
            example = _find_text(cursor, table, column)
            if example:
                texts[f"{table}.{column}"] = example
        found = (path for path in folder.rglob("*") if path.is_file())
        files = sum(map(_names_somebody, found))
    return {"texts": texts, "files": files}


def _find_text(cursor, table, column):
    from odoo.tools import SQL

    cursor.execute(
        SQL(
            "SELECT %(c)s::text FROM %(t)s WHERE %(c)s::text ILIKE ANY(%(m)s) LIMIT 1",
            c=SQL.identifier(column),
            t=SQL.identifier(table),
            m=[f"%{text.replace(chr(92), chr(92) * 2)}%" for text in MARKERS],
        )
    )
    row = cursor.fetchone()
    return row and row[0][:120]


def _names_somebody(path):
    """Tell whether a stored file, or a file packed in it, names somebody."""
    contents = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            contents += [archive.read(name) for name in archive.namelist()]
    words = [text.encode() for text in MARKERS]
    return any(word in content for content in contents for word in words)


def verify(registry):
    """Verify every account; what was wrong."""
    import credits

    return credits.verify(registry)["problems"]
