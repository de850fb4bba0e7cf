"""Contests, tasks and recommendations of the half year, and what waits today."""

from datetime import timedelta

from odoo import Command, fields

from tools.demo import kinds


def plan(days, start, remember):
    """Let contests and recommendations begin in the course of the half year."""
    days.at(start + timedelta(days=20), _begin_contest, days.env, remember)
    days.at(start + timedelta(days=40), _begin_recommending, days, remember)


# === CONTESTS === #


def _begin_contest(env, remember):
    """Who scans most in a month; the results of the months stay to be seen."""
    first = (fields.Date.today() + timedelta(days=31)).replace(day=1)
    contest = env["b2b2c.challenge"].create(
        {
            "name": "Seller of the Month",
            "kind": "contest",
            "program_id": env.ref("__demo__.b2b2c_program_sellers").id,
            "metric": "scans",
            "recurrence": "month",
            "first_day": first,
            "prize_ids": [
                Command.create(
                    {"place_from": place, "place_to": place, "points": points}
                )
                for place, points in ((1, 120), (2, 80), (3, 50))
            ],
        }
    )
    contest.action_start()
    remember(env, "contest", contest)
    task = env["b2b2c.challenge"].create(
        {
            "name": "Ten Cartridges a Week",
            "kind": "target",
            "program_id": env.ref("__demo__.b2b2c_program_sellers").id,
            "metric": "scans",
            "recurrence": "week",
            "first_day": first,
            "prize_ids": [
                Command.create({"threshold": 5, "points": 10}),
                Command.create({"threshold": 10, "points": 25}),
            ],
        }
    )
    task.action_start()
    remember(env, "task_week", task)


# === RECOMMENDATIONS === #


def _begin_recommending(days, remember):
    """Employees of offices recommend; some of whom they told order."""
    env = days.env
    program = env["b2b2c.program"].create(
        {
            "name": "Offices Recommend",
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "timezone": "Europe/Kyiv",
            "rule_ids": [
                Command.create(
                    {
                        "name": "3 % of what a recommended office buys",
                        "role": "employee",
                        "pick": "referrer",
                        "value": 3,
                        "hold": "until_paid",
                        "document_kind_ids": kinds.get(env, *kinds.PURCHASES),
                    }
                )
            ],
        }
    )
    program.action_start()
    campaign = env["b2b2c.referral.campaign"].create(
        {
            "name": "Recommend Us to Another Office",
            "program_id": program.id,
            "counts_for": "always",
        }
    )
    remember(env, "campaign", campaign)
    for name in ("Iryna Bondar", "Svitlana Moroz"):
        member = env["b2b2c.member"].search([("partner_id.name", "=", name)], limit=1)
        link = env["b2b2c.referral.link"]._ensure(member, campaign)
        for number in range(2):
            day = days.now + timedelta(days=15 + 30 * number + days.rng.randint(0, 9))
            days.at(
                day, _buy_recommended, days, link, f"Friends of {name} {number + 1}"
            )


def _buy_recommended(days, link, name):
    """Let a new customer order with a code."""
    env = days.env
    buyer = env["res.partner"].create({"name": name, "is_company": True})
    order = env["sale.order"].create(
        {
            "partner_id": buyer.id,
            "b2b2c_referral_code": link.code,
            "order_line": [
                Command.create(
                    {
                        "product_id": env.ref("__demo__.b2b2c_product_paper").id,
                        "product_uom_qty": days.rng.randint(5, 20),
                    }
                )
            ],
        }
    )
    order.action_confirm()


# === WHAT WAITS TODAY === #


def add_waiting(env, remember):
    """Let people wait to join, and an event fail for a reason one can mend."""
    _ask_to_join(env, remember)
    _fail(env, remember)


def _ask_to_join(env, remember):
    from odoo.addons.loyalty_b2b2c.models.joining.join_input import JoinInput

    shop = env.ref("__demo__.b2b2c_shop")
    invitation = env["b2b2c.invitation"].create(
        {"employer_id": shop.id, "role": "salesperson", "approval": "owner"}
    )
    remember(env, "invitation", invitation)
    for name in ("Bohdan Kravets", "Lesia Yurchenko"):
        person = env["res.partner"].create(
            {"name": name, "email": f"{name.split()[0].lower()}@example.com"}
        )
        known = JoinInput(name=name, email=person.email, phone="")
        request = env["b2b2c.join"]._start(
            invitation, known, lang="en_US", address="127.0.0.1", partner=person
        )
        request._finish()


def _fail(env, remember):
    """Sell in a currency that nobody gave a rate: the sale waits for one."""
    currency = env.ref("base.RON").sudo()
    currency.active = True
    pricelist = env["product.pricelist"].create(
        {"name": "Romania", "currency_id": currency.id}
    )
    order = env["sale.order"].create(
        {
            "partner_id": env.ref("__demo__.b2b2c_contact_lviv").id,
            "pricelist_id": pricelist.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": env.ref("__demo__.b2b2c_product_paper").id,
                        "product_uom_qty": 3,
                    }
                )
            ],
        }
    )
    order.action_confirm()
    env.cr.commit()
    remember(env, "order_without_rate", order)
