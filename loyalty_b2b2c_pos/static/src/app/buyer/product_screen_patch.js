import {BuyerDialog} from "@loyalty_b2b2c_pos/app/buyer/buyer_dialog";
import {BuyerPanel} from "@loyalty_b2b2c_pos/app/buyer/buyer_panel";
import {add, show} from "@loyalty_b2b2c_pos/app/harmless";
import {ControlButtons} from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import {OrderSummary} from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";

show(OrderSummary, {BuyerPanel});

add(ControlButtons.prototype, {
    clickB2b2cBuyer() {
        this.dialog.add(BuyerDialog, {});
    },
});
