import {Component, onWillUnmount, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {generateQRCodeDataUrl} from "@point_of_sale/utils";
import {useAutofocus} from "@web/core/utils/hooks";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {wordFault} from "@loyalty_b2b2c_pos/app/buyer/pos_store_patch";

const QR_SIZE = {width: 220, height: 220};

/** Name who buys by hand, or let somebody join: the customer's display shows it too. */
export class BuyerDialog extends Component {
    static template = "loyalty_b2b2c_pos.BuyerDialog";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.pos = usePos();
        this.state = useState({text: "", message: "", isBusy: false});
        this.order = this.pos.getOrder();
        this.order.uiState.b2b2cJoining = Boolean(this.joinLink);
        useAutofocus({refName: "input"});
        onWillUnmount(() => {
            this.order.uiState.b2b2cJoining = false;
        });
    }

    get joinLink() {
        return this.pos.config._b2b2c_buyer?.join_link || "";
    }

    get qrCode() {
        return generateQRCodeDataUrl(this.joinLink, QR_SIZE);
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.find();
        }
    }

    async find() {
        const text = this.state.text.trim();
        if (!text || this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        const problem = await this.pos.b2b2cShowBuyer(text, this.order);
        this.state.isBusy = false;
        this.state.message = problem ?? wordFault();
        if (problem === "") {
            this.props.close();
        }
    }

    async sendCode() {
        this.state.isBusy = true;
        const answer = await this.pos.b2b2cAsk(
            "b2b2c_send_buyer_code",
            this.state.text.trim()
        );
        this.state.isBusy = false;
        this.state.message = answer
            ? answer.message
            : _t("No connection: no SMS can be sent. The card works without.");
        if (answer) {
            this.state.text = "";
        }
    }
}
