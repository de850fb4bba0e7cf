"""The demo's program for photos of receipts and tax stamps."""


def load(env, remember):
    """Create and start "Receipts": 3 points per toner cartridge on a receipt.

    :param remember: function (env, name, record) that keeps a record findable
    """
    kinds = env.ref("loyalty_b2b2c.document_kind_receipt")
    kinds |= env.ref("loyalty_b2b2c.document_kind_tax_stamp")
    program = env["b2b2c.program"].create(
        {
            "name": "Receipts",
            "company_id": env.ref("base.main_company").id,
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "timezone": "Europe/Kyiv",
            "description": "<p>Sold our toner? Photograph the receipt.</p>",
            "rule_ids": [
                (
                    0,
                    0,
                    {
                        "name": "3 points per cartridge on the receipt",
                        "role": "salesperson",
                        "pick": "contact",
                        "kind": "per_unit",
                        "value": 3,
                        "trigger": "paid",
                        "document_kind_ids": [(6, 0, kinds.ids)],
                    },
                )
            ],
        }
    )
    program.action_start()
    env.ref("base.main_company").b2b2c_receipt_audit = 0
    remember(env, "program_receipts", program)
