import {CustomerDisplayPosAdapter} from "@point_of_sale/app/customer_display/customer_display_adapter";
import {extend} from "@loyalty_b2b2c_pos/app/harmless";
import {generateQRCodeDataUrl} from "@point_of_sale/utils";

const QR_SIZE = {width: 260, height: 260};

extend(CustomerDisplayPosAdapter.prototype, {
    formatOrderData(odoo, order) {
        odoo();
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
