import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {extend} from "@loyalty_b2b2c_pos/app/harmless";

extend(OrderPaymentValidation.prototype, {
    async beforePostPushOrderResolve(odoo, order) {
        if (order.b2b2cBuyer) {
            await this.pos.b2b2cFetchReceipt(order);
        }
        return await odoo();
    },
});
