import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { CancelDialog } from "./cancel_dialog";

/** What he got. */
export class DoneScreen extends Component {
    static template = "loyalty_b2b2c.TerminalDone";
    static props = { result: Object, onNext: Function, onCancelled: Function };

    setup() {
        this.dialog = useService("dialog");
    }

    cancel() {
        this.dialog.add(CancelDialog, {
            operation: this.props.result.operation,
            onCancelled: this.props.onCancelled,
        });
    }
}
