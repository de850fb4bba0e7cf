import {MyPointsPopup} from "@loyalty_b2b2c_pos/app/seller/my_points_popup";
import {Navbar} from "@point_of_sale/app/components/navbar/navbar";
import {add} from "@loyalty_b2b2c_pos/app/harmless";

add(Navbar.prototype, {
    openB2b2cMyPoints() {
        this.dialog.add(MyPointsPopup);
    },
});
