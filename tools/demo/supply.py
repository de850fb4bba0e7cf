"""The distributor from which the demo's shop owner orders goods for points."""


def load(env, remember):
    """Let Dnipro Distribution take orders of shop owners.

    :param remember: keeps a record under a name, as ``company`` does
    """
    company = env.ref("base.main_company")
    env.ref("loyalty_b2b2c.unit_points").with_company(company).face_value = 0.1
    names = ("paper", "card", "toner")
    goods = [env.ref(f"__demo__.b2b2c_product_{name}").id for name in names]
    remember(
        env,
        "distributor_orders",
        env["b2b2c.distributor"].create(
            {
                "partner_id": env.ref("__demo__.b2b2c_distributor").id,
                "company_id": company.id,
                "product_ids": [(6, 0, goods)],
                "most_percent": 50,
                "compensation_percent": 80,
            }
        ),
    )
