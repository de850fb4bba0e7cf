import {CustomerDisplayPosAdapter} from "@point_of_sale/app/customer_display/customer_display_adapter";
import {generateQRCodeDataUrl} from "@point_of_sale/utils";
import {patch} from "@web/core/utils/patch";

const QR_SIZE = {width: 260, height: 260};

patch(CustomerDisplayPosAdapter.prototype, {
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        const buyer = order.b2b2cBuyer;
        const link = order.uiState?.b2b2cJoining
            ? order.config._b2b2c_buyer?.join_link
            : "";
        this.data.b2b2cBuyer = buyer?.name
            ? {name: buyer.name, balances: [...buyer.balances], gain: buyer.gain}
            : null;
        this.data.b2b2cReceipt = order.finalized ? order.b2b2c_receipt || null : null;
        this.data.b2b2cJoinQr = link ? generateQRCodeDataUrl(link, QR_SIZE) : "";
    },
});
