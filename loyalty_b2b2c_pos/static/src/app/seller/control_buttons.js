import {ControlButtons} from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import {SellerPopup} from "@loyalty_b2b2c_pos/app/seller/seller_popup";
import {_t} from "@web/core/l10n/translation";
import {add} from "@loyalty_b2b2c_pos/app/harmless";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";

add(ControlButtons.prototype, {
    /** What the button says: who was chosen, if it is known here. */
    get b2b2cSellerName() {
        const order = this.currentOrder;
        if (!order?.b2b2c_seller_token) {
            return _t("Seller");
        }
        return order.uiState.b2b2cSellerName || _t("Seller chosen");
    },

    async clickB2b2cSeller() {
        const order = this.currentOrder;
        const seller = await makeAwaitable(this.dialog, SellerPopup, {
            chosen: order.b2b2c_seller_token || "",
        });
        if (seller !== undefined) {
            order.b2b2c_seller_token = seller?.token || false;
            order.uiState.b2b2cSellerName = seller?.name || "";
        }
    },
});
