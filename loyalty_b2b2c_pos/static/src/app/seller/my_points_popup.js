import {Component, onMounted, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {askServer} from "@loyalty_b2b2c_pos/app/seller/ask_server";
import {useAutofocus} from "@web/core/utils/hooks";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/**
 * Shows who is logged in the own sales of today, points and place in the shop.
 *
 * The server decides what is shown: of an employee only after the PIN.
 */
export class MyPointsPopup extends Component {
    static template = "loyalty_b2b2c_pos.MyPointsPopup";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.pos = usePos();
        this.state = useState({isAsking: true, problem: "", asksPin: false, mine: null});
        this.pin = "";
        useAutofocus({refName: "pin"});
        onMounted(() => this.load());
    }

    async load() {
        this.state.isAsking = true;
        const cashier = this.pos.config.module_pos_hr ? this.pos.getCashier().id : false;
        const {answer, problem} = await askServer(
            this.pos,
            "b2b2c_get_my_points",
            [cashier, this.pin],
            _t("No connection: your points are shown when it is back.")
        );
        this.pin = "";
        Object.assign(this.state, {
            isAsking: false,
            problem: problem || answer.problem || "",
            asksPin: Boolean(answer?.asks_pin),
            mine: answer?.name ? answer : null,
        });
    }

    onPin(event) {
        this.pin = event.target.value;
    }

    get place() {
        const {place, of, month} = this.state.mine;
        return _t("Place %(place)s of %(of)s in this shop this month, with %(month)s", {
            place,
            of,
            month,
        });
    }
}
