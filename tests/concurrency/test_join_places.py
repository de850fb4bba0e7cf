"""An invitation for N people lets N people in, however many come at once."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

PEOPLE = 20
PLACES = 7
CODE = "135790"


def join(racer, invitation_id):
    """Type the right code, together with everybody else.

    :return: how it ended
    """

    def begin(env):
        from odoo.addons.loyalty_b2b2c.models.joining.join_input import JoinInput

        type(env["b2b2c.join"])._new_code = lambda _request: CODE
        request = env["b2b2c.join"]._start(
            env["b2b2c.invitation"].browse(invitation_id),
            JoinInput(f"Person Number{racer.number}x", f"p{racer.number}@example.com"),
            lang="en_US",
            address=f"192.0.2.{racer.number}",
        )
        assert not request._send_code()
        return request.id

    request_id = racer.transact(begin)

    def finish(env):
        request = env["b2b2c.join"].browse(request_id)
        assert not request._check_code(CODE)
        return request.state

    return racer.transact(finish, together=True)


def run(database, sabotage=None):
    """Return (how it ended for everybody, members, users, places taken)."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        invitation = env["b2b2c.invitation"].create(
            {
                "employer_id": made.client.id,
                "role": "salesperson",
                "approval": "none",
                "max_uses": PLACES,
            }
        )
        job = partial(join, invitation_id=invitation.id)
    ended = race(database, *[job] * PEOPLE, sabotage=sabotage)
    members, users, uses = world.query(
        database,
        """SELECT (SELECT count(*) FROM b2b2c_member WHERE role = 'salesperson'),
                  (SELECT count(*) FROM res_users WHERE login LIKE 'p%@example.com'),
                  (SELECT uses FROM b2b2c_invitation)""",
    )[0]
    return ended, members, users, uses


def test_places_are_not_given_twice(database, report):
    ended, members, users, uses = run(database)
    report("join", people=PEOPLE, places=PLACES, members=members, uses=uses)
    assert (members, users, uses) == (PLACES, PLACES, PLACES)
    assert ended.count("joined") == PLACES
    assert ended.count("closed") == PEOPLE - PLACES


def look_first(registry):
    """What looks safe and is not: count who joined, then let one more in."""

    def take_use(self):
        joined = self.env["b2b2c.join"].search_count(
            [("invitation_id", "=", self.id), ("state", "=", "joined")]
        )
        return joined < self.max_uses

    replace_methods(registry["b2b2c.invitation"], _take_use=take_use)


def test_control_counting_is_no_guard(database, report):
    _ended, members, _users, _uses = run(database, sabotage=look_first)
    report("join, counted instead", people=PEOPLE, places=PLACES, members=members)
    assert members > PLACES, "the harness did not notice that too many joined"
