import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useTerminalServer } from "./terminal_service";

/** Asks why an operation is cancelled, and cancels it. */
export class CancelDialog extends Component {
    static template = "loyalty_b2b2c.TerminalCancel";
    static components = { Dialog };
    static props = { close: Function, operation: Object, onCancelled: Function };

    setup() {
        this.call = useTerminalServer();
        this.state = useState({ busy: false, error: "" });
        this.reasons = [_t("Wrong amount"), _t("Wrong person"), _t("Goods returned")];
    }

    async cancel(reason) {
        this.state.busy = true;
        const { result, error } = await this.call("cancel", this.props.operation.id, reason);
        this.state.busy = false;
        if (error) {
            this.state.error = error;
            return;
        }
        this.props.close();
        this.props.onCancelled(result);
    }
}
