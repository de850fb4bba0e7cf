import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {patch} from "@web/core/utils/patch";

patch(OrderPaymentValidation.prototype, {
    async beforePostPushOrderResolve(order) {
        if (order.b2b2cBuyer) {
            await this.pos.b2b2cFetchReceipt(order);
        }
        return await super.beforePostPushOrderResolve(...arguments);
    },
});
