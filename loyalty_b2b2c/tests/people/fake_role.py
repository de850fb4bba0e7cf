"""A role that an add-on brings: all of it is in this file."""

from ...models.base.b2b2c_role import Role


class FakeRole:
    """Trainers work in a shop and sell there."""

    def _get_roles(self):
        trainer = Role(label="Shop trainer", sells=True, is_staff=True)
        return {**super()._get_roles(), "trainer": trainer}
