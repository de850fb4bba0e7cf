"""A slice of the retail data set as Odoo documents, through the public actions.

Every step looks at what is there already, so an interrupted load goes on where it
stopped and a second one adds nothing.
"""

import re
from collections import defaultdict
from datetime import timedelta

from tools.demo import kinds

BATCH = 100
CHUNK = 500
MODULE = "__retail__"
TERMS = timedelta(days=7)
BEGIN = "2016-12-01 00:00:00"
CREDIT_PROGRAM = "credit_program"
CREDIT_PERCENT = 5
BONUS_DEPARTMENTS = ("Drug Gm", "Cosmetics", "Nutrition")
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


# === MASTER DATA === #


def prepare(env, chosen, workers):
    """Create what the orders refer to: shops, people, products, journals, programs."""
    env = env(context={**env.context, **QUIET})
    company = env.ref("base.main_company")
    if not env["account.journal"].search_count([("type", "=", "sale")], limit=1):
        env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False
        )
    _journals(env, workers)
    _shops(env, chosen)
    _contacts(env, chosen)
    _members(env, chosen)
    _owners(env, chosen)
    categories = _categories(env, chosen)
    _products(env, chosen, categories)
    _discount_product(env, company)
    _program(env, categories)
    _credit_program(env)
    env.cr.commit()


def _known(env, model):
    """External name -> id of what was loaded before."""
    rows = env["ir.model.data"].search_read(
        [("module", "=", MODULE), ("model", "=", model)], ["name", "res_id"]
    )
    return {row["name"]: row["res_id"] for row in rows}


def _create(env, model, values):
    """Create the records that are missing.

    :param values: external name -> values
    :return: external name -> id of all of them
    """
    known = _known(env, model)
    names = [name for name in values if name not in known]
    for start in range(0, len(names), CHUNK):
        some = names[start : start + CHUNK]
        records = env[model].create([values[name] for name in some])
        env["ir.model.data"].create(
            [
                {"module": MODULE, "name": name, "model": model, "res_id": record.id,
                 "noupdate": True}
                for name, record in zip(some, records, strict=True)
            ]
        )  # fmt: skip
        known.update(zip(some, records.ids, strict=True))
    return known


def _journals(env, workers):
    """A pair of journals per worker: numbers of one journal are given in turn."""
    _create(
        env,
        "account.journal",
        {
            f"{kind}_{number}": {
                "name": f"Retail {kind} {number + 1}",
                "type": kind,
                "code": f"R{kind[0].upper()}{number + 1}",
            }
            for kind in ("sale", "bank")
            for number in range(workers)
        },
    )


def _shops(env, chosen):
    _create(
        env,
        "res.partner",
        {
            f"shop_{shop}": {
                "name": f"Shop {shop}",
                "is_company": True,
                "ref": f"CJ-{shop}",
                "email": f"shop{shop}@retail.example.com",
            }
            for shop in chosen.shops()
        },
    )


def _contacts(env, chosen):
    """Who orders: a household is a contact of every shop it buys at."""
    known = _known(env, "res.partner")
    pairs = sorted({(basket.shop, basket.household) for basket in chosen.baskets})
    _create(
        env,
        "res.partner",
        {
            f"contact_{shop}_{household}": {
                "name": f"Household {household}",
                "parent_id": known[f"shop_{shop}"],
                "type": "contact",
                "email": f"h{household}.s{shop}@retail.example.com",
            }
            for shop, household in pairs
        },
    )


def _members(env, chosen):
    """Households with known demographics are registered at the shop they prefer."""
    homes = chosen.homes()
    partners = _create(
        env,
        "res.partner",
        {
            f"person_{household}": {
                "name": f"Household {household}",
                "email": f"household{household}@example.com",
            }
            for household in sorted(homes)
        },
    )
    _create(
        env,
        "b2b2c.member",
        {
            f"member_{household}": {
                "partner_id": partners[f"person_{household}"],
                "employer_id": partners[f"shop_{shop}"],
                "contact_id": partners[f"contact_{shop}_{household}"],
                "role": "employee",
                "enrolled_at": BEGIN,
                "consent_at": BEGIN,
                "channel_wishes": {"email": False},
            }
            for household, shop in sorted(homes.items())
        },
    )


def _owners(env, chosen):
    """Every shop has an owner, who takes part: so every order earns."""
    partners = _create(
        env,
        "res.partner",
        {
            f"owner_{shop}": {
                "name": f"Owner of Shop {shop}",
                "email": f"owner{shop}@retail.example.com",
            }
            for shop in chosen.shops()
        },
    )
    _create(
        env,
        "b2b2c.member",
        {
            f"owner_{shop}": {
                "partner_id": partners[f"owner_{shop}"],
                "employer_id": partners[f"shop_{shop}"],
                "role": "owner",
                "enrolled_at": BEGIN,
                "consent_at": BEGIN,
                "channel_wishes": {"email": False},
            }
            for shop in chosen.shops()
        },
    )


def _categories(env, chosen):
    """Departments, and the categories in them."""
    tree = sorted({(one.department, one.category) for one in chosen.products.values()})
    departments = _create(
        env,
        "product.category",
        {_category(top): {"name": top} for top in sorted({top for top, _sub in tree})},
    )
    return _create(
        env,
        "product.category",
        {
            _category(top, sub): {
                "name": sub,
                "parent_id": departments[_category(top)],
            }
            for top, sub in tree
        },
    )


def _category(*names):
    return "category_" + re.sub(r"\W+", "_", "__".join(names)).lower()


def _products(env, chosen, categories):
    _create(
        env,
        "product.product",
        {
            f"product_{one.id}": {
                "name": one.name,
                "default_code": str(one.id),
                "type": "service",  # taken along: no delivery to plan
                "categ_id": categories[_category(one.department, one.category)],
                "invoice_policy": "order",
                "taxes_id": [(5,)],
                "supplier_taxes_id": [(5,)],
            }
            for one in chosen.products.values()
        },
    )


def _discount_product(env, company):
    """What discounts of whole orders are booked with.

    Odoo's wizard makes it for the first discount of a company: two processes would
    each make one.
    """
    order = env["sale.order"].new({"company_id": company.id})
    env["sale.order.discount"].new({"sale_order_id": order})._get_discount_product()


def _program(env, categories):
    """10 points per unit of money, more for some departments, usable when paid."""
    if "program" in _known(env, "b2b2c.program"):
        return
    bonus = [
        categories[_category(name)]
        for name in BONUS_DEPARTMENTS
        if _category(name) in categories
    ]
    rule = {
        "hold": "until_paid",
        "pick": "contact",
        "cap_period_kind": "month",
        "document_kind_ids": kinds.get(env, "sale.order"),
    }
    rules = [
        {**rule, "name": "10 points per 1.00", "value": 1000, "cap_period": 5000},
        {
            **rule,
            "name": "Large basket",
            "scope": "document",
            "kind": "fixed",
            "value": 250,
            "amount_min": 100,
        },
    ]
    if bonus:
        rules.append(
            {
                **rule,
                "name": "Household and beauty: 5 more per 1.00",
                "value": 500,
                "category_ids": bonus,
            }
        )
    ids = _create(
        env,
        "b2b2c.program",
        {
            "program": {
                "name": "Shop Staff Club",
                "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
                "timezone": "UTC",
                "date_from": BEGIN,
                "rule_ids": [(0, 0, values) for values in rules],
                "notify": False,
            }
        },
    )
    env["b2b2c.program"].browse(ids["program"]).action_start()


def _credit_program(env):
    """5 % for the owner of the shop: promised until paid, and once more when paid.

    Nothing narrows or caps these rules, so what each order gives can be told from its
    documents alone (see :mod:`tools.demo.retail_check`).
    """
    if CREDIT_PROGRAM in _known(env, "b2b2c.program"):
        return
    unit = env["b2b2c.unit"].create(
        {"name": "Shop credit", "symbol": "credit", "decimals": 2}
    )
    rule = {
        "role": "owner",
        "pick": "each",
        "scope": "document",
        "kind": "percent",
        "value": CREDIT_PERCENT,
        "document_kind_ids": kinds.get(env, "sale.order"),
    }
    rules = [
        {**rule, "name": "Ordered", "trigger": "confirmed", "hold": "until_paid"},
        {**rule, "name": "Paid", "trigger": "paid", "hold": "none"},
    ]
    ids = _create(
        env,
        "b2b2c.program",
        {
            CREDIT_PROGRAM: {
                "name": "Shop Owners' Credit",
                "unit_id": unit.id,
                "timezone": "UTC",
                "date_from": BEGIN,
                "rule_ids": [(0, 0, values) for values in rules],
                "notify": False,
            }
        },
    )
    env["b2b2c.program"].browse(ids[CREDIT_PROGRAM]).action_start()


# === ORDERS === #


class Loader:
    """Loads baskets, a batch at a time; everything it looks up, it looks up once."""

    def __init__(self, env, chosen, worker):
        self.env = env(context={**env.context, **QUIET})
        self.names = {one.id: one.name for one in chosen.products.values()}
        self.partners = _known(env, "res.partner")
        self.products = _known(env, "product.product")
        journals = _known(env, "account.journal")
        self.sale_journal = journals[f"sale_{worker}"]
        self.bank_journal = journals[f"bank_{worker}"]

    def load(self, baskets):
        """Bring a batch to its end: ordered, paid in advance, invoiced, paid, credited
        and made cheaper; commits.

        Each commit is followed by our own processing of what it changed.
        """
        orders = self._confirm(baskets)
        self.env.cr.commit()
        for step in (self._advance, self._settle, self._credit, self._lower):
            step(baskets, orders)
            self.env.cr.commit()
        self.env.invalidate_all()

    def _confirm(self, baskets):
        """Create and confirm what is missing; all orders by basket id."""
        by_reference = {basket.reference: basket for basket in baskets}
        orders = self.env["sale.order"].search(
            [("client_order_ref", "in", list(by_reference))]
        )
        known = set(orders.mapped("client_order_ref"))
        new = self.env["sale.order"].create(
            [
                self._get_order_values(basket)
                for basket in baskets
                if basket.reference not in known
            ]
        )
        if new:
            for order in new:
                self._discount(order, by_reference[order.client_order_ref].discount)
            new.action_confirm()
            for order in new:  # confirming set it to now
                order.date_order = by_reference[order.client_order_ref].at
        return {by_reference[o.client_order_ref].id: o for o in orders | new}

    def _get_order_values(self, basket):
        contact = self.partners[f"contact_{basket.shop}_{basket.household}"]
        return {
            "partner_id": contact,
            "client_order_ref": basket.reference,
            "date_order": basket.at,
            "journal_id": self.sale_journal,
            "order_line": [
                (0, 0, {
                    "product_id": self.products[f"product_{product}"],
                    "name": self.names[product],  # else computed, order by order
                    "product_uom_qty": quantity,
                    "price_unit": round(value / quantity, 2),
                    "analytic_distribution": False,  # there is none to look for
                })
                for product, (quantity, value) in basket.lines.items()
            ],
        }  # fmt: skip

    def _discount(self, order, percent):
        """Take a percentage off a whole quotation, as a click on *Discount* does."""
        if percent:
            self.env["sale.order.discount"].create(
                {
                    "sale_order_id": order.id,
                    "discount_type": "so_discount",
                    "discount_percentage": percent / 100,
                }
            ).action_apply_discount()

    def _advance(self, baskets, orders):
        """Invoice down payments on the day of the order; every other one is paid."""
        waiting = [b for b in baskets if b.advance and not orders[b.id].invoice_ids]
        if not waiting:
            return
        invoices = {b.id: self._invoice_advance(b, orders[b.id]) for b in waiting}
        moves = self.env["account.move"]
        moves.union(*invoices.values()).action_post()
        paid = [b for b in waiting if b.advance_is_paid]
        if paid:
            self._pay(moves.union(*(invoices[b.id] for b in paid)), paid[-1].at.date())

    def _invoice_advance(self, basket, order):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [(6, 0, order.ids)],
                "advance_payment_method": "percentage",
                "amount": basket.advance,
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.invoice_date = basket.at.date()
        return invoice

    def _settle(self, baskets, orders):
        """Invoice what is not invoiced, and pay what gets paid, a week later."""
        waiting = [b for b in baskets if not self._get_invoice(b, orders)]
        if not waiting:
            return
        sales = self.env["sale.order"]
        invoices = self._invoice(
            sales.union(*(orders[b.id] for b in waiting if not b.advance))
        )
        for basket in waiting:
            if basket.advance:
                invoice = orders[basket.id]._create_invoices(final=True)
                invoice.invoice_date = basket.at.date()
                invoices |= invoice
        invoices.action_post()
        paid = self.env["account.move"].union(
            *(self._get_invoice(b, orders) for b in waiting if not b.stays_unpaid)
        )
        self._pay(paid, waiting[-1].at.date() + TERMS)

    def _get_invoice(self, basket, orders):
        """Return the invoice of a basket's goods, not the one of its down payment."""
        invoices = orders[basket.id].invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        if basket.advance:
            invoices = invoices.filtered("invoice_line_ids.product_id")
        return invoices

    def _invoice(self, sales):
        """Create the invoices of orders as their own methods prepare them.

        An import knows two things that the button does not: the day, and that a line
        without taxes books what it costs.  Told afterwards, or left to be found out,
        each would have Odoo work through the whole invoice again.
        """
        return (
            self.env["account.move"]
            .with_context(default_move_type="out_invoice")
            .create([self._get_invoice_values(order) for order in sales])
        )

    def _get_invoice_values(self, order):
        values = order._prepare_invoice()
        values["invoice_date"] = order.date_order.date()
        values["invoice_line_ids"] = [
            (0, 0, line._prepare_invoice_line(
                sequence=sequence,
                analytic_distribution=False,
                balance=-line.price_subtotal,
                amount_currency=-line.price_subtotal,
            ))
            for sequence, line in enumerate(order.order_line)
        ]  # fmt: skip
        return values

    def _pay(self, invoices, day):
        invoices = invoices.filtered("amount_total")
        if not invoices:
            return
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create(
            {
                "journal_id": self.bank_journal,
                "payment_date": day,
                "group_payment": True,  # a shop pays its invoices at once
                "communication": "Complete Journey",  # else a sequence is locked
            }
        )._create_payments()

    def _credit(self, baskets, orders):
        """Credit the dearest line of the baskets that come back."""
        for basket in baskets:
            if not basket.comes_back:
                continue
            invoice = self._get_invoice(basket, orders)
            if invoice.reversal_move_ids:
                continue
            refund = invoice._reverse_moves(
                [{"invoice_date": (basket.at + 2 * TERMS).date()}], cancel=False
            )
            lines = refund.invoice_line_ids.sorted("price_subtotal")
            lines[:-1].unlink()
            refund.action_post()

    def _lower(self, baskets, orders):
        """Credit a tenth of each price of the whole quantity, where it is a cent."""
        for basket in baskets:
            if not basket.gets_cheaper:
                continue
            invoice = self._get_invoice(basket, orders)
            sold = invoice.invoice_line_ids.filtered(_get_tenth)
            if invoice.reversal_move_ids or not sold:
                continue
            note = invoice._reverse_moves(
                [{"invoice_date": (basket.at + 2 * TERMS).date()}], cancel=False
            )
            note.invoice_line_ids = [
                (1, line.id, {"price_unit": tenth})
                if (tenth := _get_tenth(line))
                else (2, line.id)
                for line in note.invoice_line_ids
            ]
            note.action_post()


def _get_tenth(line):
    """Return a tenth of the price of an invoice line that sells goods, else 0."""
    if not line.product_id or line.is_downpayment or line.price_unit <= 0:
        return 0
    return round(line.price_unit / 10, 2)


def batches(baskets):
    """Cut a share into batches of one shop each, in time order."""
    by_shop = defaultdict(list)
    for basket in baskets:
        by_shop[basket.shop].append(basket)
    for own in by_shop.values():
        for start in range(0, len(own), BATCH):
            yield own[start : start + BATCH]


# === DEALERS === #

LADDER = "Retail Shops"
#: Volumes of three months of one shop are a few hundred: the ladder is cut to them.
TIERS = ((0, 0), (250, 5), (1000, 10))


def enroll_dealers(env):
    """Let every shop climb a ladder by its paid value; whoever is on it stays.

    :return: number of dealers
    """
    env = env(context={**env.context, **QUIET})
    env["res.config.settings"].create({"group_product_pricelist": True}).execute()
    ladders = env["b2b2c.ladder"]
    ladder = ladders.search([("name", "=", LADDER)], limit=1)
    if not ladder:
        ladder = ladders.create(
            {
                "name": LADDER,
                "moment": "invoiced",
                "timezone": "UTC",
                "document_kind_ids": kinds.get(env, "sale.order"),
                "tier_ids": [
                    (0, 0, {"volume_from": volume, "discount": discount})
                    for volume, discount in TIERS
                ],
            }
        )
        ladder.action_start()
    shops = set(_known(env, "res.partner").items())
    ids = {key for name, key in shops if name.startswith("shop_")}
    new = sorted(ids - set(ladder.standing_ids.partner_id.ids))
    for start in range(0, len(new), CHUNK):
        env["b2b2c.ladder.standing"].create(
            [
                {"ladder_id": ladder.id, "partner_id": shop}
                for shop in new[start : start + CHUNK]
            ]
        )
        env.cr.commit()
    return len(ids)


# === FIGURES === #


def figures(env):
    """What the load left behind, as a dict of numbers."""
    env.cr.execute(
        """
        SELECT (SELECT count(*) FROM sale_order WHERE client_order_ref LIKE 'CJ/%'),
               (SELECT count(*) FROM sale_order_line l JOIN sale_order o
                    ON o.id = l.order_id WHERE o.client_order_ref LIKE 'CJ/%'),
               (SELECT count(*) FROM b2b2c_event WHERE state IN ('new', 'failed'))
        """
    )
    orders, lines, open_events = env.cr.fetchone()
    env.cr.execute(
        "SELECT e.entry_type || ' ' || (u.symbol->>'en_US'), count(*),"
        " sum(e.points)::float, sum(e.points_pending)::float"
        " FROM b2b2c_ledger_entry e JOIN b2b2c_unit u ON u.id = e.unit_id"
        " GROUP BY 1 ORDER BY 1"
    )
    entries = defaultdict(dict)
    for kind, count, points, pending in env.cr.fetchall():
        entries[kind] = {"entries": count, "points": points, "pending": pending}
    problems = env["b2b2c.account"]._verify_all()
    return {
        "orders": orders,
        "lines": lines,
        "open_events": open_events,
        "entries": dict(entries),
        "problems": [str(problem) for problem in problems],
    }
