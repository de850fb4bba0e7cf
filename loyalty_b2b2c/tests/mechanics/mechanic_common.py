"""A manager who sets up mechanics by their dialogs, as a click does."""

from ..common import LoyaltyCommon


class MechanicCommon(LoyaltyCommon):
    """Somebody in every role takes part in one shop; there is no program yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        settings = cls.env["res.config.settings"]
        settings.create({"group_product_pricelist": True}).execute()
        cls.manager = cls._create_user(
            "mechanics",
            "loyalty_b2b2c.group_manager",
            "sales_team.group_sale_manager",
        )
        cls.mechanics = cls.env["b2b2c.mechanic"].with_user(cls.manager)
        cls.people = {"employee": cls.member}
        others = [*cls.env["b2b2c.role"]._get_roles().keys() - cls.people.keys()]
        for number, role in enumerate(sorted(others)):
            cls.people[role] = cls._create_member(
                name=f"Somebody {role}",
                email=f"{role}@example.com",
                phone=f"+380 67 123 46 {number:02}",
                role=role,
            )

    @classmethod
    def _open(cls, code, **values):
        """Return the dialog of a mechanic with what is entered, and nothing else."""
        action = cls.mechanics.open_mechanic(code)
        context = {**action["context"], "tracking_disable": True}
        dialogs = cls.env[action["res_model"]].with_user(cls.manager)
        return dialogs.with_context(**context).create(values)

    @classmethod
    def _set_up(cls, code, **values):
        """Press *Create* in the dialog of a mechanic, and return what it opens."""
        action = cls._open(code, **values).action_begin()
        records = cls.env[action["res_model"]].with_user(cls.manager)
        return records.browse(action["res_id"])

    @classmethod
    def _start(cls, record):
        """Press the buttons of the checklist that start something, in their order.

        A dialog that asks whether to start is agreed to.
        """
        for code in ("program", "bonus", "start"):
            record.invalidate_recordset(["checklist"])
            steps = {step["code"]: step for step in record.checklist}
            if steps.get(code, {}).get("button") and not steps[code]["done"]:
                action = record.action_take_step(code)
                if isinstance(action, dict):
                    dialogs = cls.env[action["res_model"]].with_user(cls.manager)
                    dialogs = dialogs.with_context(**action["context"])
                    dialogs.create({}).action_start()

    def _steps(self, record):
        """Return code -> step of a checklist as the form reads it now."""
        record.invalidate_recordset(["checklist"])
        return {step["code"]: step for step in record.checklist}

    def _done(self, record):
        """Return the codes of the steps that are done, in their order."""
        return [code for code, step in self._steps(record).items() if step["done"]]
