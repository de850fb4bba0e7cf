import {OrderReceipt} from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import {add} from "@loyalty_b2b2c_pos/app/harmless";
import {generateQRCodeDataUrl} from "@point_of_sale/utils";

add(OrderReceipt.prototype, {
    /** Points as they stand on the order: another print says the same. */
    get b2b2cReceipt() {
        return this.order.b2b2c_receipt || null;
    },

    get b2b2cFollows() {
        return !this.b2b2cReceipt && Boolean(this.order.b2b2cBuyer);
    },

    /** Who showed nothing may join; a receipt of what came back invites nobody. */
    get b2b2cJoinQr() {
        const link = this.order.config._b2b2c_buyer?.join_link;
        const isNamed = this.b2b2cReceipt || this.b2b2cFollows;
        return link && !isNamed && !this.order.isRefund
            ? generateQRCodeDataUrl(link)
            : "";
    },
});
