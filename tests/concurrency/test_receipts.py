"""One receipt in many hands: it pays once, and above the limit two people decide."""

import datetime
import io
import random
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import world
from controls import replace_methods
from rpc import Client, Refused
from servers import forked

from tools import odoo_env

MEMBERS = 4
RECEIPTS = 4  # so many receipts, each photographed by every member
ROUNDS = 10
POINTS = 3
WORKERS = 4
PASSWORD = "password-of-the-desk"
REVIEWERS = ("first", "second")
#: both guards of "pays once": the identity of a receipt, the identity of a proof
INDEXES = ("b2b2c_receipt_key_once", "b2b2c_claim_proof_once")


# === THE WORLD === #


def prepare(database, **settings):
    """Make members with logins, two reviewers, and 3 points a receipt.

    :return: ids of the members
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=MEMBERS)
        kinds = env.ref("loyalty_b2b2c.document_kind_receipt").ids
        made._create_program(
            {
                "kind": "per_unit",
                "value": POINTS,
                "trigger": "paid",
                "pick": "contact",
                "document_kind_ids": [(6, 0, kinds)],
                "without_product": True,  # these receipts say an amount
            },
            notify=False,
        )
        env.company.write(
            {
                "b2b2c_receipt_auto": "code",
                "b2b2c_receipt_audit": 0,
                "b2b2c_receipt_whole": True,
                **settings,
            }
        )
        users = env["res.users"].with_context(no_reset_password=True)
        for number, member in enumerate(made.members):
            users.create(
                {
                    "login": f"member{number}",
                    "password": PASSWORD,
                    "partner_id": member.partner_id.id,
                    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
                }
            )
        for login in REVIEWERS:
            user = made._create_user(login, "loyalty_b2b2c.group_officer")
            user.password = PASSWORD
        return made.members.ids


def drop_indexes(database):
    """Take away what makes a receipt pay once."""
    for name in INDEXES:
        world.query(database, f"DROP INDEX {name}")


def booked(database):
    """Return (accepted proofs of sale, entries, points of all accounts)."""
    sql = """SELECT (SELECT count(*) FROM b2b2c_claim WHERE state = 'accepted'),
                    count(*), coalesce(sum(points), 0) FROM b2b2c_ledger_entry"""
    return tuple(int(number) for number in world.query(database, sql)[0])


# === ONE RECEIPT, PHOTOGRAPHED BY EVERYBODY === #


def photograph(number, member):
    """Return a photo of a receipt; no two of one receipt have the same bytes."""
    import qrcode

    day = datetime.date.today().strftime("%Y%m%d")
    address = (
        f"https://cabinet.tax.gov.ua/cashregs/check?id=81234567{number:02}"
        f"&fn=4000123456&sm=100.00&date={day}&time=1230"
    )
    out = io.BytesIO()
    picture = qrcode.make(address, box_size=6).get_image().convert("RGB")
    picture.save(out, format="JPEG", quality=90 - member)
    return out.getvalue()


def send(urls, database, member):
    """Hand in every receipt from one member's phone; return the pages' statuses."""
    url = urls[member % len(urls)]
    client = Client(url, database, f"member{member}", PASSWORD)
    client.authenticate()
    answers = []
    for number in range(RECEIPTS):
        http, page = client._session, f"{url}/my/rewards/receipts"
        text = http.get(page, timeout=60).text
        fields = {
            name: re.search(rf'name="{name}" value="([^"]+)"', text)[1]
            for name in ("csrf_token", "key")
        }
        photo = ("photo.jpg", photograph(number, member), "image/jpeg")
        answer = http.post(page, data=fields, files={"photo": photo}, timeout=120)
        answers.append(answer.status_code)
    return answers


def look_at_codes_only(registry):
    """Read codes without the neural network, which is not what races here."""
    from odoo.addons.loyalty_b2b2c.recognition import sandbox

    replace_methods(sandbox, engines=lambda: ())
    replace_methods(registry["b2b2c.receipt.page"], COMPARED=0)  # all look alike
    replace_methods(
        registry["ir.cron"], _commit_progress=lambda self, *_args, **_options: 1
    )
    take = registry["b2b2c.receipt.key"]._take

    def dawdle(self, receipt, keys):
        original = take(self, receipt, keys)
        time.sleep(0.2)  # the others decide meanwhile
        return original

    replace_methods(registry["b2b2c.receipt.key"], _take=dawdle)


def read(racer):
    """Be one of several crons that read what waits."""
    racer.wait()
    with racer.environment() as env:
        env["b2b2c.receipt"]._cron_read()


def run(database):
    """Let everybody send every receipt at once, and several crons read them.

    :return: what became of the photos: Counter of (state, reason)
    """
    from race import race

    prepare(database)
    with (
        forked(database, WORKERS) as urls,
        ThreadPoolExecutor(MEMBERS) as phones,
    ):
        job = partial(send, urls, database)
        sent = [status for one in phones.map(job, range(MEMBERS)) for status in one]
    assert sent == [200] * MEMBERS * RECEIPTS
    race(database, *[read] * MEMBERS, sabotage=look_at_codes_only)
    rows = world.query(database, "SELECT state, reason_code FROM b2b2c_claim")
    return Counter(rows)


def test_a_receipt_of_many_members_pays_once(database, report):
    ended = run(database)
    report("one receipt", receipts=RECEIPTS, photos=RECEIPTS * MEMBERS,
           paid=booked(database)[0])  # fmt: skip
    assert ended == {
        ("accepted", None): RECEIPTS,
        ("refused", "same_receipt"): RECEIPTS * (MEMBERS - 1),
    }
    assert booked(database) == (RECEIPTS, RECEIPTS, RECEIPTS * POINTS)
    assert world.problems(database) == []


def test_control_without_the_indexes_it_pays_again(database, report):
    drop_indexes(database)
    run(database)
    paid, _entries, points = booked(database)
    report("one receipt, indexes dropped", receipts=RECEIPTS, paid=paid)
    assert paid > RECEIPTS, "the harness did not notice receipts paid twice"
    assert points > RECEIPTS * POINTS


# === THE DESK === #


def hand_in(database, members, is_read=True):
    """Make one receipt of each member that waits for a person.

    :param bool is_read: whether the machine found out which receipt it is
    :return: their ids
    """
    from odoo.addons.loyalty_b2b2c.recognition import sandbox

    with odoo_env.open_environment(database) as env:
        receipts = env["b2b2c.receipt"]
        for number, member in enumerate(env["b2b2c.member"].browse(members)):
            claim, _new = env["b2b2c.claim"]._submit(
                member,
                {
                    "kind": "receipt",
                    "reference": "PHOTO",
                    "request_key": f"desk-{random.random()}",
                },
            )
            receipts |= receipts.create(
                {"claim_id": claim.id, "company_id": env.company.id}
            )
            row = f"RECEIPT No {700000 + receipts[-1].id}{number}" if is_read else ""
            total = f"TOTAL 100.00 {datetime.date.today():%d.%m.%Y}" if is_read else ""
            page = sandbox.Page(texts={"one": (row, total)})
            receipts[-1]._finish_reading([page.to_json()])
        assert set(receipts.mapped("state")) == {"review"}
        return receipts.ids


def desks(urls, database, logins):
    """Open a session for every login, each at its own server if there are several."""
    found = []
    for number, login in enumerate(logins):
        client = Client(urls[number % len(urls)], database, login, PASSWORD)
        client.authenticate()
        found.append(client)
    return found


def at_once(*calls):
    """Call functions at the same moment.

    :return: list of ``"done"`` or what the refusal said, in order
    """

    def answer(call):
        try:
            call()
        except Refused as refusal:
            return str(refusal)
        return "done"

    with ThreadPoolExecutor(len(calls)) as people:
        return list(people.map(answer, calls))


def approve(client, receipt):
    return partial(client.call, "b2b2c.receipt", "action_approve", [receipt])


def test_two_people_approve_the_same_receipt(database, report):
    members = prepare(database)
    with forked(database, WORKERS) as urls:
        people = desks(urls, database, REVIEWERS)
        for _round in range(ROUNDS):
            [receipt] = hand_in(database, members[:1])
            told = at_once(*[approve(one, receipt) for one in people])
            assert told.count("done") == 1, told
            assert "does not wait for a decision" in " ".join(told)
    report("two approvals", receipts=ROUNDS, paid=booked(database)[0])
    assert booked(database) == (ROUNDS, ROUNDS, ROUNDS * POINTS)


def approve_twins(database, members, people):
    """Two photos say nothing to the machine and the same to two people, at once.

    :return: what the two were told
    """
    twins = hand_in(database, members[:2], is_read=False)
    facts = {
        "number": str(900000 + twins[0]),
        "issued_on": str(datetime.date.today()),
        "amount_total": 100,
    }
    for client, receipt in zip(people, twins, strict=True):
        client.call("b2b2c.receipt", "write", [receipt], facts)
    return at_once(*map(approve, people, twins))


def test_two_photos_of_one_receipt_approved_by_two_people(database, report):
    members = prepare(database)
    with forked(database, WORKERS) as urls:
        people = desks(urls, database, REVIEWERS)
        for _round in range(ROUNDS):
            told = approve_twins(database, members, people)
            assert told.count("done") == 1, told
            assert "It is the same as" in " ".join(told)
    report("twins", receipts=ROUNDS, paid=booked(database)[0])
    assert booked(database) == (ROUNDS, ROUNDS, ROUNDS * POINTS)
    assert world.problems(database) == []


def test_control_twins_are_paid_without_the_indexes(database, report):
    members = prepare(database)
    drop_indexes(database)
    with forked(database, WORKERS) as urls:
        people = desks(urls, database, REVIEWERS)
        for _round in range(ROUNDS):
            approve_twins(database, members, people)
    paid = booked(database)[0]
    report("twins, indexes dropped", receipts=ROUNDS, paid=paid)
    assert paid > ROUNDS, "the harness did not notice receipts paid twice"


# === TWO PEOPLE ABOVE THE LIMIT === #


def insist(urls, database, logins):
    """Approve receipts above the limit, by sessions of these people at once.

    :return: (what they were told, receipts paid)
    """
    members = prepare(database, b2b2c_receipt_limit=50)
    people, told = desks(urls, database, logins), Counter()
    for _round in range(ROUNDS):
        [receipt] = hand_in(database, members[:1])
        told.update(at_once(*[approve(one, receipt) for one in people]))
    return told, booked(database)[0]


def test_one_person_is_not_two(database, report):
    with forked(database, WORKERS) as urls:
        told, paid = insist(urls, database, ("first", "first", "first"))
    report("one person, three tabs", receipts=ROUNDS, paid=paid)
    assert told.pop("done") == ROUNDS  # the first approval of each
    assert all("You approved it already" in text for text in told), told
    assert booked(database) == (0, 0, 0)
    waiting = "SELECT DISTINCT first_reviewer_id IS NULL FROM b2b2c_receipt"
    assert world.query(database, waiting) == [(False,)]


def test_two_people_are_two(database, report):
    with forked(database, WORKERS) as urls:
        told, paid = insist(urls, database, REVIEWERS)
    report("two people", receipts=ROUNDS, paid=paid)
    assert told == {"done": 2 * ROUNDS}
    assert booked(database) == (ROUNDS, ROUNDS, ROUNDS * POINTS)
    same = """SELECT count(*) FROM b2b2c_receipt r JOIN b2b2c_claim c
                  ON c.id = r.claim_id WHERE c.decided_by_id = r.first_reviewer_id"""
    assert world.query(database, same) == [(0,)]


def count_approvals(registry):
    """What looks safe and is not: whoever finds one approval is the second person."""

    def needs_another(self, user):
        if not self.needs_second:
            return False
        with self.env.registry.cursor() as cr:
            cr.execute(
                """UPDATE b2b2c_receipt SET first_reviewer_id = %s
                    WHERE id = %s AND first_reviewer_id IS NULL""",
                [user.id, self.id],
            )
            return bool(cr.rowcount)

    replace_methods(registry["b2b2c.receipt"], _needs_another=needs_another)


def test_control_counting_approvals_lets_one_person_be_two(database, report):
    with forked(database, 2, count_approvals) as urls:
        told, paid = insist(urls, database, ("first", "first", "first"))
    report("one person, approvals counted", receipts=ROUNDS, paid=paid)
    assert paid, f"the harness did not notice that one person was two: {told}"


# === CORRECTED AND APPROVED AT ONCE === #


def correct_and_approve(urls, database, rounds=ROUNDS, stops=False):
    """One person corrects a receipt while another one approves it.

    :param stops: at the first that is wrong
    :return: how many were paid by another quantity than they show
    """
    members = prepare(database)
    people = desks(urls, database, REVIEWERS)
    for _round in range(rounds):
        [receipt] = hand_in(database, members[:1])
        line = {"line_ids": [(0, 0, {"name": "Lamp", "quantity": 5})]}
        at_once(
            partial(people[0].call, "b2b2c.receipt", "write", [receipt], line),
            approve(people[1], receipt),
        )
        if stops and count_wrong(database):
            break
    return count_wrong(database)


def count_wrong(database):
    """Return how many receipts were paid by another quantity than they show."""
    rows = world.query(
        database,
        """SELECT count(*) FROM b2b2c_receipt r
             JOIN b2b2c_claim c ON c.id = r.claim_id
        LEFT JOIN b2b2c_receipt_line l ON l.receipt_id = r.id
        LEFT JOIN b2b2c_claim_line m ON m.claim_id = c.id
            WHERE c.state = 'accepted' AND coalesce(l.quantity, 1) != m.quantity""",
    )
    return rows[0][0]


def test_what_is_paid_is_what_the_receipt_shows(database, report):
    with forked(database, WORKERS) as urls:
        wrong = correct_and_approve(urls, database)
    report("corrected while approved", receipts=ROUNDS, wrong=wrong)
    assert wrong == 0


def block_nothing(registry):
    """Decide without touching the row that a correction writes, and correct without
    touching the proof of sale that a decision writes."""
    replace_methods(
        registry["b2b2c.receipt"],
        _block_corrections=lambda self: None,
        _follow_correction=lambda self: None,
    )


def test_control_another_quantity_is_paid_without_the_row(database, report):
    with forked(database, 2, block_nothing) as urls:
        wrong = correct_and_approve(urls, database, rounds=10 * ROUNDS, stops=True)
    report("corrected while approved, row not touched", wrong=wrong)
    assert wrong, "the harness did not notice another quantity paid"
