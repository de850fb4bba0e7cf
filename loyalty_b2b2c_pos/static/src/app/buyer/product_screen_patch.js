import {BuyerDialog} from "@loyalty_b2b2c_pos/app/buyer/buyer_dialog";
import {BuyerPanel} from "@loyalty_b2b2c_pos/app/buyer/buyer_panel";
import {ControlButtons} from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import {OrderSummary} from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import {patch} from "@web/core/utils/patch";

patch(OrderSummary, {
    components: {...OrderSummary.components, BuyerPanel},
});

patch(ControlButtons.prototype, {
    clickB2b2cBuyer() {
        this.dialog.add(BuyerDialog, {});
    },
});
