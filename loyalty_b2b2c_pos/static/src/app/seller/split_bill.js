import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {patch} from "@web/core/utils/patch";

patch(OrderPaymentValidation.prototype, {
    /** A part of a bill was sold by who sold the bill, unless somebody else was chosen. */
    async askBeforeValidation() {
        const {order} = this;
        const whole = order.originalSplittedOrder;
        if (whole && !order.b2b2c_seller_token) {
            order.b2b2c_seller_token = whole.b2b2c_seller_token;
        }
        return super.askBeforeValidation(...arguments);
    },
});
