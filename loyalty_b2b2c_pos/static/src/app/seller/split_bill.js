import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {extend} from "@loyalty_b2b2c_pos/app/harmless";

extend(OrderPaymentValidation.prototype, {
    /** A part of a bill was sold by who sold the bill, unless somebody else was chosen. */
    async askBeforeValidation(odoo) {
        const {order} = this;
        const whole = order.originalSplittedOrder;
        if (whole && !order.b2b2c_seller_token) {
            order.b2b2c_seller_token = whole.b2b2c_seller_token;
        }
        return odoo();
    },
});
