"""What the demo's participants can have for their points, with pictures drawn here."""

import base64
import io

from PIL import Image, ImageDraw

SIZE = (800, 600)
_FINER = 3  # drawn larger, then made smaller: smooth edges
INK, PAPER, LEAF, SUN, SKY = "#3b3355", "#ffffff", "#2e8b72", "#f2a541", "#5b8bd9"

#: Key -> name, and the reward whose picture it has.
CATEGORIES = {
    "desk": ("Desk and kitchen", "mug"),
    "way": ("On the way", "rucksack"),
    "time": ("Free time", "tickets"),
}
REWARDS = {
    "mug": {
        "new_until": False,
        "category": "desk",
        "name": "Coffee mug",
        "points": 25,
        "description": "<p>A white mug with our leaf. Holds 0.35 l, loves the "
        "dishwasher.</p>",
        "is_limited": True,
        "stock": 50,
    },
    "notebook": {
        "new_until": False,
        "category": "desk",
        "name": "Notebook A5",
        "points": 40,
        "description": "<p>160 pages of our own 80 g paper, with a ribbon.</p>",
    },
    "tickets": {
        "new_until": False,
        "category": "time",
        "name": "Cinema ticket",
        "kind": "voucher",
        "points": 60,
        "description": "<p>For any film from Monday to Thursday. The code is yours at "
        "once, and shown when you need it.</p>",
        "member_limit": 2,
        "limit_period": "month",
        "roles": ("salesperson", "owner"),
    },
    "rucksack": {
        "category": "way",
        "name": "City rucksack",
        "points": 260,
        "description": "<p>18 l, a pocket for a laptop of 15 inches, keeps the rain "
        "out.</p>",
        "is_limited": True,
        "stock": 12,
        "member_limit": 1,
        "limit_period": "year",
    },
    "machine": {
        "new_until": False,
        "category": "desk",
        "name": "Coffee machine for the shop",
        "points": 1500,
        "description": "<p>Delivered and connected by us, with coffee for the first "
        "month.</p>",
        "is_limited": True,
        "stock": 2,
        "roles": ("owner",),
    },
    "money": {
        "new_until": False,
        "category": "time",
        "name": "Money to your bank",
        "kind": "payout",
        "price_kind": "chosen",
        "points": 100,
        "points_step": 10,
        "description": "<p>Ten points are 1.00. Somebody looks at your request, then "
        "the bank has it.</p>",
    },
    "library": {
        "new_until": False,
        "category": "time",
        "name": "Books for a school library",
        "kind": "donation",
        "price_kind": "chosen",
        "points": 10,
        "description": "<p>We pass on what your points are worth, every quarter.</p>",
    },
    "cinema": {
        "category": "time",
        "name": "10 % off at the cinema",
        "kind": "voucher",
        "price_kind": "free",
        "points": 0,
        "member_limit": 1,
        "limit_period": "month",
        "description": "<p>A present of our partner to everybody who takes part.</p>",
    },
}


def load(env, remember):
    """Create the rewards.

    :param remember: function (env, name, record) that keeps a record findable
    """
    company, unit = env.ref("base.main_company"), env.ref("loyalty_b2b2c.unit_points")
    unit.face_value = 0.1  # people read that ten points are worth 1.00
    categories = {}
    for sequence, (key, (name, of)) in enumerate(CATEGORIES.items(), start=1):
        categories[key] = env["b2b2c.reward.category"].create(
            {
                "name": name,
                "sequence": sequence,
                "company_id": company.id,
                "image_1920": base64.b64encode(picture(of)),
            }
        )
        remember(env, f"reward_category_{key}", categories[key])
    of_partners = _load_partners(env, remember)
    for sequence, (key, values) in enumerate(REWARDS.items(), start=1):
        values = dict(values)
        category = categories[values.pop("category")]
        roles = env["b2b2c.reward.role"]._get_rows(*values.pop("roles", ()))
        reward = env["b2b2c.reward"].create(
            {
                "role_ids": roles.ids,
                "category_id": category.id,
                "company_id": company.id,
                "unit_id": unit.id,
                "sequence": sequence,
                "image_1920": (
                    base64.b64encode(picture(key)) if key in _PICTURES else False
                ),
                **values,
                **of_partners.get(key, {}),
            }
        )
        remember(env, f"reward_{key}", reward)


def _load_partners(env, remember):
    """Create a cinema that gives a discount, and a library that gets donations.

    :return: reward -> what it needs of them
    """
    company = env.ref("base.main_company")
    partners = {
        key: env["res.partner"].create({"name": name, "is_company": True})
        for key, name in (("cinema", "Kyiv Cinema"), ("library", "School No. 7"))
    }
    pool = env["b2b2c.voucher.pool"].create(
        {
            "name": "10 % off at the cinema",
            "partner_id": partners["cinema"].id,
            "company_id": company.id,
            "kind": "shared",
            "shared_code": "NOVAPAPER10",
            "instructions": "Show the code when you buy the ticket.",
        }
    )
    tickets = env["b2b2c.voucher.pool"].create(
        {
            "name": "Cinema ticket",
            "partner_id": partners["cinema"].id,
            "company_id": company.id,
            "value": 8,
            "cost": 6,
            "low_stock": 5,
            "instructions": "Show the code at the box office, or type it in when you "
            "book a seat.",
        }
    )
    remember(env, "voucher_pool_tickets", tickets)
    if not tickets.key_problem:  # without a key nothing but its codes is missing
        _import_codes(env, tickets)
    cause = env["b2b2c.cause"].create(
        {
            "name": "School library",
            "partner_id": partners["library"].id,
            "company_id": company.id,
        }
    )
    remember(env, "voucher_pool_cinema", pool)
    remember(env, "cause_library", cause)
    return {
        "cinema": {"voucher_pool_id": pool.id},
        "tickets": {"voucher_pool_id": tickets.id},
        "library": {"cause_ids": [(6, 0, cause.ids)]},
    }


def _import_codes(env, pool):
    """Import the file that a cinema would send."""
    letters = "ACDEFHJKLMNPRTUVWXY"  # no two look alike
    rows = [
        f"KINO-{number * 7919 % 9000 + 1000}-{letters[number % 19]}"
        f"{letters[number * 5 % 19]}{letters[number * 11 % 19]}"
        for number in range(1, 41)
    ]
    file = env["b2b2c.voucher.import"].create(
        {
            "name": "kyiv-cinema.csv",
            "pool_id": pool.id,
            "upload": base64.b64encode("\n".join(["Code", *rows]).encode()),
        }
    )
    file.action_import()


def request(env, remember):
    """Let the shop's owner request a notebook; it waits for somebody to fulfil it."""
    redemption = env["b2b2c.redemption"]._request(
        env.ref("__demo__.b2b2c_member_ihor"),
        env.ref("__demo__.b2b2c_reward_notebook"),
        request_key="demo",
    )
    remember(env, "redemption_notebook", redemption)


# === PICTURES === #


def picture(key):
    """Return the picture of a reward as PNG."""
    background, paint = _PICTURES[key]
    width, height = (side * _FINER for side in SIZE)
    image = Image.new("RGB", (width, height), background)
    paint(_Pen(ImageDraw.Draw(image)))
    buffer = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


class _Pen:
    """Draws in the picture's own pixels."""

    def __init__(self, draw):
        self._draw = draw

    def box(self, left, top, right, bottom, color, round_=0):
        self._draw.rounded_rectangle(
            [side * _FINER for side in (left, top, right, bottom)],
            round_ * _FINER,
            fill=color,
        )

    def oval(self, left, top, right, bottom, color=None, line=None, width=0):
        self._draw.ellipse(
            [side * _FINER for side in (left, top, right, bottom)],
            fill=color,
            outline=line,
            width=width * _FINER,
        )

    def shape(self, points, color):
        self._draw.polygon([(x * _FINER, y * _FINER) for x, y in points], fill=color)

    def arc(self, left, top, right, bottom, start, end, color, width):
        self._draw.arc(
            [side * _FINER for side in (left, top, right, bottom)],
            start,
            end,
            fill=color,
            width=width * _FINER,
        )

    def leaf(self, x, y, size):
        """A leaf that stands at (x, y)."""
        half = size // 2
        self.shape(
            [(x, y), (x - half, y - half), (x, y - size), (x + half, y - half)], LEAF
        )
        self.box(x - 3, y - size // 2, x + 3, y + size // 4, LEAF)


def _mug(pen):
    pen.oval(270, 470, 560, 520, "#d9cbb8")
    pen.oval(470, 250, 610, 410, line=PAPER, width=26)
    pen.box(260, 200, 520, 490, PAPER, 40)
    pen.oval(260, 175, 520, 235, "#efe7dc")
    pen.oval(280, 186, 500, 226, "#6b4a35")
    pen.leaf(390, 400, 110)
    for x in (340, 390, 440):
        pen.arc(x - 22, 80, x + 22, 124, 90, 270, PAPER, 8)
        pen.arc(x - 22, 116, x + 22, 160, 270, 90, PAPER, 8)


def _notebook(pen):
    pen.box(268, 92, 560, 528, "#c4d4ec", 18)
    pen.box(250, 80, 540, 516, SKY, 18)
    pen.box(250, 80, 300, 516, INK, 18)
    pen.box(286, 80, 300, 516, SKY)
    pen.box(340, 160, 500, 240, PAPER, 8)
    pen.box(362, 184, 478, 194, SKY, 4)
    pen.box(362, 208, 440, 218, SKY, 4)
    pen.shape([(460, 516), (490, 516), (490, 566), (475, 550), (460, 566)], SUN)
    pen.leaf(420, 430, 100)


def _tickets(pen):
    for x, y, color in ((210, 170, SUN), (270, 280, INK)):
        pen.box(x, y, x + 330, y + 160, color, 16)
        for top in range(y + 18, y + 150, 30):
            pen.oval(x + 236, top, x + 248, top + 12, "#f7d9d4")
        pen.oval(x - 20, y + 60, x + 20, y + 100, "#f7d9d4")
        pen.oval(x + 310, y + 60, x + 350, y + 100, "#f7d9d4")
        pen.shape([(x + 100, y + 45), (x + 100, y + 115), (x + 165, y + 80)], PAPER)


def _rucksack(pen):
    pen.oval(270, 510, 540, 550, "#b7cfc4")
    pen.oval(350, 70, 450, 190, line=INK, width=18)
    pen.box(240, 260, 300, 470, INK, 26)
    pen.box(500, 260, 560, 470, INK, 26)
    pen.box(270, 120, 530, 530, LEAF, 90)
    pen.box(270, 300, 530, 530, LEAF, 40)
    pen.box(310, 330, 490, 490, "#23705b", 24)
    pen.box(330, 362, 470, 372, PAPER, 5)
    pen.box(385, 362, 397, 400, SUN, 5)
    pen.box(330, 220, 470, 232, "#23705b", 6)


def _machine(pen):
    pen.oval(220, 505, 590, 545, "#c9c3da")
    pen.box(240, 90, 560, 240, INK, 26)
    pen.box(240, 200, 330, 500, INK)
    pen.box(240, 460, 560, 520, INK, 16)
    pen.oval(290, 130, 350, 190, SUN)
    pen.box(390, 140, 520, 154, "#7c7398", 6)
    pen.box(390, 172, 480, 186, "#7c7398", 6)
    pen.box(410, 240, 480, 280, "#7c7398", 8)
    pen.box(440, 280, 450, 372, "#6b4a35")
    pen.oval(478, 380, 528, 440, line=PAPER, width=11)
    pen.box(390, 366, 500, 460, PAPER, 18)


def _card(pen):
    for left, top, color in ((300, 90, SUN), (270, 120, LEAF), (240, 150, SKY)):
        pen.box(left, top, left + 250, top + 330, color, 6)
    pen.box(210, 180, 460, 510, PAPER, 6)
    pen.box(240, 220, 430, 232, "#d8d3e4", 6)
    pen.box(240, 252, 380, 264, "#d8d3e4", 6)
    pen.leaf(335, 470, 110)


_PICTURES = {
    "card": ("#f4ecc9", _card),
    "mug": ("#eadfce", _mug),
    "notebook": ("#e3ebf7", _notebook),
    "tickets": ("#f7d9d4", _tickets),
    "rucksack": ("#d3e6dd", _rucksack),
    "machine": ("#e2ddee", _machine),
}
