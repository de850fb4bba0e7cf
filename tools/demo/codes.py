"""Codes on the demo company's goods, and a salesperson who scans them.

Every toner cartridge has a card with a code in its box: who sells it scans the card and
has 10 points.  Paper has a code on every box, on every block of 5 boxes and on every
pallet of 2 blocks: the shop's owner has 2 points per box, whoever scans.
"""

from odoo import fields

from tools.demo import since

CARDS = 40
BOXES = 60
BLOCK, PALLET = 5, 2
GTIN = "2000000000015"  # a number for use inside a company


def load(env, remember):
    """Create a salesperson of the demo's shop, its program and codes.

    :param remember: function (env, name, record) that keeps a record findable
    :return: ``b2b2c.member`` of the salesperson
    """
    env.ref("__demo__.b2b2c_product_toner").barcode = GTIN
    remember(env, "program_sellers", _program(env))
    _batches(env, remember)
    person = env["res.partner"].create(
        {
            "name": "Nina Tkachenko",
            "email": "nina@corner-stationery.example",
            "phone": "+380 67 222 33 44",
            "country_id": env.ref("base.ua").id,
        }
    )
    member = env["b2b2c.member"].create(
        {
            "partner_id": person.id,
            "employer_id": env.ref("__demo__.b2b2c_shop").id,
            "role": "salesperson",
            "consent_at": fields.Datetime.now(),
            "enrolled_at": since.get_start(env, 30),
        }
    )
    return remember(env, "member_nina", member)


def _program(env):
    scans = env.ref("loyalty_b2b2c.document_kind_scan")
    toner = env.ref("__demo__.b2b2c_category_toner")
    program = env["b2b2c.program"].create(
        {
            "name": "Shop Sellers",
            "company_id": env.ref("base.main_company").id,
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "timezone": "Europe/Kyiv",
            "date_from": since.get_start(env),
            "description": "<p>Scan the card of every toner you sell.</p>",
            "rule_ids": [
                (
                    0,
                    0,
                    {
                        "name": "10 points per toner cartridge sold",
                        "role": "salesperson",
                        "pick": "contact",
                        "trigger": "paid",
                        "kind": "per_unit",
                        "value": 10,
                        "document_kind_ids": [(6, 0, scans.ids)],
                        "category_ids": [(6, 0, toner.ids)],
                    },
                )
            ],
        }
    )
    program.action_start()
    return program


def _batches(env, remember):
    rows = {
        "cards": ("toner", {"name": "Warranty cards, toner", "count": CARDS}),
        "boxes": (
            "paper",
            {
                "name": "Boxes of paper",
                "count": BOXES,
                "block_size": BLOCK,
                "pallet_size": PALLET,
            },
        ),
    }
    for key, (product, values) in rows.items():
        product = env.ref(f"__demo__.b2b2c_product_{product}")
        batch = env["b2b2c.code.batch"].create({"product_id": product.id, **values})
        batch.action_make()
        remember(env, f"batch_{key}", batch)
