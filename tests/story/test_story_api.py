"""Other systems report by the HTTP API: a till, a distributor, an accounting system.

"Partner Network" gives a shop's salesperson 5 points per unit sold, an end customer 3 %
of the sale, and a dealer 1 % of each order when it is paid.
"""

import time
import uuid

import requests
from book import scene


class ApiClient:
    """Another system with its key.

    :param str url: of the server
    :param str token: the key
    """

    def __init__(self, url, token):
        self._url = f"{url}/loyalty/api/v1"
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Authorization"] = f"Bearer {token}"

    def post(self, path, body, name=None):
        """Return ``(status, answer)`` of a call.

        :param name: Idempotency-Key, a new one by default
        """
        response = self._http.post(
            self._url + path,
            json=body,
            headers={"Idempotency-Key": name or str(uuid.uuid4())},
            timeout=60,
        )
        return response.status_code, response.json()

    def get(self, path, **query):
        """Return ``(status, answer)`` of a call."""
        response = self._http.get(self._url + path, params=query, timeout=60)
        return response.status_code, response.json()

    def points(self, **person):
        """Return what a person has, usable and pending."""
        status, answer = self.get("/balance", **person)
        if status != 200:
            return answer["error"]["code"]
        rows = [
            balance
            for membership in answer["memberships"]
            for balance in membership["balances"]
        ]
        available = sum(row["available"] for row in rows)
        return f"{available:g} usable, {sum(row['pending'] for row in rows):g} pending"


@scene("S1.19")
def test_till(story):
    """a shop's till reports a sale and who sold"""
    _make_network(story)
    shop = get_client(story, "Till of Corner Stationery", "C-100")
    sale = {
        "reference": "TILL-1/000017",
        "seller": {"phone": "067 300 00 02"},
        "lines": [{"product": "TONER", "quantity": 2, "amount": 158}],
    }
    status, _answer = shop.post("/sales", sale)
    # 2 units at 5 points; his colleague was enrolled before him and sold nothing
    story.show(
        "S1.19",
        "the till reports 2 cartridges and the seller: he is credited, nobody else",
        f"HTTP {status}; Nazar {shop.points(phone='+380673000002')}; "
        f"Sofia {shop.points(phone='+380673000001')}",
        "HTTP 201; Nazar 10 usable, 0 pending; Sofia 0 usable, 0 pending",
    )


@scene("S1.17")
def test_receipt(story):
    """the code of a receipt arrives by API"""
    shop = get_client(story, "Till of Corner Stationery", "C-100")
    code = story.memory["api_codes"]["Sofia Till"]
    sale = {
        "reference": "FISCAL-7F3A-0815",
        "seller": {"code": f"M:{code}"},
        "lines": [{"product": "PAPER", "quantity": 3, "amount": 72}],
    }
    name = str(uuid.uuid4())
    first = shop.post("/sales", sale, name)
    again = shop.post("/sales", sale, name)
    later = shop.post("/sales", sale)
    forged = shop.post("/sales", {**sale, "note": "another sale, the same receipt"})
    # 3 units at 5 points, once
    story.show(
        "S1.17",
        "a receipt's code arrives with the seller's QR code: credited once, "
        "whoever repeats it",
        f"HTTP {first[0]}, {again[0]}, {later[0]}, {forged[0]} "
        f"({forged[1]['error']['code']}); {shop.points(code=code)}",
        "HTTP 201, 201, 200, 409 (reference_conflict); 15 usable, 0 pending",
    )
    assert first == again


@scene("S2.11")
def test_distributor(story):
    """the distributor's warehouse reports a shipment"""
    warehouse = get_client(
        story, "Warehouse of the distributor", "D-1", reports_shipment=True
    )
    shipment = {
        "reference": "DD-88412",
        "partner": {"ref": "C-100"},
        "lines": [{"product": "PAPER", "quantity": 7}],
    }
    first, answer = warehouse.post("/shipments", shipment)
    again, _answer = warehouse.post("/shipments", shipment)
    # 7 units at 2 points for the shop's owner
    story.show(
        "S2.11",
        "the distributor's system reports 7 boxes: the shop's owner is credited, once",
        f"HTTP {first}, {again}; {_in_points(story, answer):g} points",
        "HTTP 201, 200; 14 points",
    )
    _status, answer = warehouse.post(
        "/cancel", {"type": "shipment", "reference": "DD-88412", "reason": "Returned"}
    )
    story.show(
        "S2.11",
        "it cancels the shipment: taken back",
        f"{answer['state']}; {_in_points(story, answer):g} points",
        "cancelled; 0 points",
    )


@scene("S3.9")
def test_every_order(story):
    """the accounting system sends every order, then what was paid"""
    books = get_client(story, "Accounting")
    email = "orders@lviv-dealer.example"
    orders = [
        {
            "type": "sale",
            "reference": f"SO-{number}",
            "status": "confirmed",
            "member": {"email": email},
            "amount": amount,
        }
        for number, amount in ((901, 1000), (902, 2000), (903, 500))
    ]
    wrong = {**orders[0], "reference": "SO-904", "currency": "ZZZ"}
    _status, answer = books.post("/bulk", {"documents": [*orders, wrong]})
    story.show(
        "S3.9",
        "four orders in one call, one of them wrong: three wait for their payment",
        f"{answer['created']} recorded, {answer['failed']} refused "
        f"({answer['results'][3]['error']['code']}); {books.points(email=email)}",
        # 1 % of 1000, 2000 and 500
        "3 recorded, 1 refused (unknown_currency); 0 usable, 35 pending",
    )
    cursor = _last(books)
    books.post("/bulk", {"documents": [{**orders[1], "status": "paid"}]})
    story.show(
        "S3.9",
        "the second order is paid: its points are usable",
        books.points(email=email),
        "20 usable, 15 pending",
    )
    story.show(
        "S3.9",
        "the accounting system asks what was booked since: this, once",
        _since(books, cursor),
        [("confirm", "SO-902", 20)],
    )


@scene("S4.3")
def test_payment(story):
    """at the moment of payment order and phone are sent"""
    books = get_client(story, "Accounting")
    before = books.points(phone="+380671234567")
    body = {"reference": "PAY-3001", "member": {"phone": "067 123 45 67"}}
    _status, answer = books.post("/sales", {**body, "amount": 200})
    got = [row["points"] for row in answer["results"]]
    # 5 % of 200.00
    story.show(
        "S4.3",
        f"a payment over 200.00 with the buyer's phone (before: {before})",
        got,
        [10],
    )
    unknown = books.get("/balance", phone="+380501112233")
    client = books.get("/balance", email="info@dnipro-office.example")
    story.show(
        "S4.3",
        "a stranger's phone and a known contact who takes no part: one answer",
        [unknown[0], client[0], unknown[1]["error"]["message"]],
        [404, 404, client[1]["error"]["message"]],
    )


@scene("S6.8")
def test_network(story):
    """a customer buys at another shop of the network"""
    shop = get_client(story, "Till of Podil Books", "C-300")
    code = story.memory["api_codes"]["Daryna Customer"]
    sale = {"reference": "PB-1", "member": {"code": code}, "amount": 400}
    preview = shop.post("/preview", {"type": "sale", **sale})[1]
    status, _answer = shop.post("/sales", sale)
    # 3 % of 400.00
    story.show(
        "S6.8",
        "a partner's till reads the customer's QR code and reports her sale",
        f"announced {sum(row['points'] for row in preview['awards']):g}; "
        f"HTTP {status}; {shop.points(code=code)}",
        "announced 12; HTTP 201; 12 usable, 0 pending",
    )
    manager = story.as_user("manager")
    [key] = manager.search("b2b2c.api.key", [("name", "=", "Till of Podil Books")])
    manager.call("b2b2c.api.key", "action_revoke", [key])
    status, answer = shop.post("/sales", {**sale, "reference": "PB-2"})
    story.show(
        "S6.8",
        "the partner leaves the network: its key is revoked",
        f"HTTP {status} {answer['error']['code']}",
        "HTTP 401 unauthorized",
    )


# === HELPERS === #


def get_client(story, name, reference=None, **rights):
    """Return the client of a key, made by the manager when it is first used.

    :param reference: of the partner it reports for
    :param rights: what the manager ticks besides what is ticked at first
    """
    clients = story.memory.setdefault("api_clients", {})
    if name not in clients:
        manager = story.as_user("manager")
        values = {"name": name, "can_read": True, **rights}
        if reference:
            values["reporter_id"] = _partner(story, reference)
        [key] = manager.call("b2b2c.api.key", "create", [values])
        action = manager.call("b2b2c.api.key", "action_new_secret", [key])
        clients[name] = ApiClient(story.url, action["context"]["default_token"])
    return clients[name]


def _partner(story, reference):
    return story.as_user("manager").search("res.partner", [("ref", "=", reference)])[0]


def _make_network(story):
    """Let the manager make the program, two shops, a dealer and their people."""
    manager = story.as_user("manager")
    shops = [("Podil Books", "C-300"), ("Lviv Dealer", "C-400")]
    manager.call(
        "res.partner",
        "create",
        [{"name": name, "ref": ref, "is_company": True} for name, ref in shops],
    )
    kinds = manager.search("b2b2c.document.kind", [("code", "=", "sale")])
    rule = {
        "trigger": "paid",
        "pick": "contact",
        "document_kind_ids": [(6, 0, kinds)],
    }
    program = manager.call(
        "b2b2c.program",
        "create",
        [
            {
                "name": "Partner Network",
                "timezone": "Europe/Kyiv",
                "unit_id": manager.call(
                    "ir.model.data",
                    "check_object_reference",
                    "loyalty_b2b2c",
                    "unit_points",
                )[1],
                "rule_ids": [
                    (0, 0, {"name": name, "role": role, **rule, **values})
                    for name, role, values in (
                        (
                            "5 points per unit sold",
                            "salesperson",
                            {"kind": "per_unit", "value": 5, "pick": "seller"},
                        ),
                        ("3 % of the sale", "customer", {"value": 3}),
                        (
                            "1 % of the order, when paid",
                            "dealer",
                            {"trigger": "confirmed", "hold": "until_paid", "value": 1},
                        ),
                    )
                ],
            }
        ],
    )[0]
    manager.call("b2b2c.program", "action_start", [program])
    story.memory["api_codes"] = {
        name: _enroll(story, name, role, reference, contact)
        for name, role, reference, contact in (
            ("Sofia Till", "salesperson", "C-100", {"phone": "+380673000001"}),
            ("Nazar Till", "salesperson", "C-100", {"phone": "+380673000002"}),
            ("Daryna Customer", "customer", "C-100", {"phone": "+380673000003"}),
            ("Lviv Orders", "dealer", "C-400", {"email": "orders@lviv-dealer.example"}),
        )
    }


def _enroll(story, name, role, reference, contact):
    """Enroll a new person; return the code of the membership."""
    manager = story.as_user("manager")
    person = manager.call("res.partner", "create", [{"name": name, **contact}])[0]
    member = manager.call(
        "b2b2c.member",
        "create",
        [
            {
                "partner_id": person,
                "employer_id": _partner(story, reference),
                "role": role,
            }
        ],
    )[0]
    return manager.read("b2b2c.member", member, "code")["code"]


def _in_points(story, answer):
    """Return what an answer booked in bonus points; other units are other stories."""
    manager = story.as_user("manager")
    unit = manager.call(
        "ir.model.data", "check_object_reference", "loyalty_b2b2c", "unit_points"
    )[1]
    name = manager.read("b2b2c.unit", unit, "name")["name"]
    return sum(row["points"] for row in answer["results"] if row["unit"] == name)


def _last(client):
    """Return the cursor behind everything that is final now."""
    cursor, more = None, True
    while more:
        query = {"after": cursor} if cursor else {}
        _status, page = client.get("/entries", limit=500, **query)
        cursor, more = page["next"], page["has_more"]
    return cursor


def _since(client, cursor):
    """Return what was booked after a cursor; final as soon as older work has ended."""
    for _attempt in range(50):
        _status, page = client.get("/entries", after=cursor)
        if page["entries"]:
            break
        time.sleep(0.1)
    return [
        (entry["entry_type"], entry["document"]["reference"], entry["points"])
        for entry in page["entries"]
    ]
