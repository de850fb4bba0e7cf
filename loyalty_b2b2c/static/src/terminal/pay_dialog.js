import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { uuid } from "@web/core/utils/strings";
import { findFault, isUsable } from "./amount";
import { useTerminalServer } from "./terminal_service";

/**
 * Pays with points: how much, then the code that the person got and reads out.
 *
 * A payment keeps its key until it is paid or given up, so asking again after a lost
 * connection reserves nothing a second time.
 */
export class PayDialog extends Component {
    static template = "loyalty_b2b2c.TerminalPay";
    static components = { Dialog };
    static props = {
        close: Function,
        ticket: String,
        name: String,
        amount: String,
        decimals: Number,
        symbol: String,
        onPaid: Function,
    };

    setup() {
        this.call = useTerminalServer();
        this.key = uuid() + uuid();
        // going back and the Escape key keep nothing reserved either
        this.env.dialogData.dismiss = () => this.release();
        this.state = useState({
            step: "amount",
            offer: null,
            amount: this.props.amount,
            code: "",
            asked: null,
            busy: false,
            error: "",
        });
        onWillStart(async () => {
            const { result, error } = await this.call("offer_payment", this.props.ticket);
            this.state.offer = result;
            this.state.error = error || result?.message || "";
        });
    }

    get fault() {
        return findFault(this.state.amount, this.props.decimals);
    }

    get isReady() {
        return isUsable(this.state.amount, this.props.decimals);
    }

    async send(method, ...args) {
        Object.assign(this.state, { busy: true, error: "" });
        const { result, error } = await this.call(method, ...args);
        Object.assign(this.state, { busy: false, error: error || "" });
        return result;
    }

    async ask(byCode = false) {
        const asked = await this.send(
            "ask_payment",
            this.props.ticket,
            this.state.amount,
            this.key,
            byCode
        );
        if (asked) {
            Object.assign(this.state, { asked, step: "code", code: "" });
        }
    }

    async confirm() {
        const result = await this.send("confirm_payment", this.key, this.state.code);
        if (result?.paid) {
            this.state.step = "paid";
            this.props.onPaid(result);
        } else if (result) {
            this.state.error = result.message;
            this.state.code = "";
        }
    }

    /** Frees what is reserved and was not paid. */
    async release() {
        if (this.state.step === "code") {
            await this.send("drop_payment", this.key);
        }
    }

    async giveUp() {
        await this.release();
        this.props.close();
    }
}
