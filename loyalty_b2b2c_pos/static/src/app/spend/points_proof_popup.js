import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {useAutofocus} from "@web/core/utils/hooks";

/**
 * Asks the customer for the PIN, or for a code that is sent to the phone.
 */
export class PointsProofPopup extends Component {
    static template = "loyalty_b2b2c_pos.PointsProofPopup";
    static components = {Dialog};
    static props = {
        title: String,
        hint: String,
        isRefused: Boolean,
        canSend: Boolean,
        sendCode: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.state = useState({proof: "", said: "", isSending: false});
        useAutofocus({refName: "input"});
    }

    async onSend() {
        this.state.isSending = true;
        this.state.said = await this.props.sendCode();
        this.state.isSending = false;
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.confirm();
        }
    }

    confirm() {
        if (this.state.proof.trim()) {
            this.props.getPayload(this.state.proof.trim());
            this.props.close();
        }
    }
}
