"""Confirmed prices are of a product, and of a unit: those of the line until now."""


def migrate(cr, version):
    """Say of confirmed lines, and of what was asked for, what it is a price of."""
    cr.execute(
        """
        UPDATE sale_order_line
           SET b2b2c_net_product_id = product_id, b2b2c_net_uom_id = product_uom_id
         WHERE b2b2c_net_quantity IS NOT NULL AND b2b2c_net_product_id IS NULL
        """
    )
    cr.execute(
        """
        UPDATE b2b2c_price_exception_line x
           SET product_uom_id = l.product_uom_id
          FROM sale_order_line l
         WHERE l.id = x.order_line_id AND x.product_uom_id IS NULL
        """
    )
