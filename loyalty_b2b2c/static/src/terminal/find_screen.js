import { Component, useState } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { CancelDialog } from "./cancel_dialog";
import { JoinDialog } from "./join_dialog";
import { ScanDialog } from "./scan_dialog";
import { useTerminalServer } from "./terminal_service";

/** Who stands in front of us? */
export class FindScreen extends Component {
    static template = "loyalty_b2b2c.TerminalFind";
    static props = {
        recent: Array,
        phoneExample: String,
        onChosen: Function,
        onCancelled: Function,
    };

    setup() {
        this.call = useTerminalServer();
        this.dialog = useService("dialog");
        this.state = useState({ query: "", busy: false, message: "", found: [], ways: [] });
        if (!hasTouch()) {
            useAutofocus({ refName: "query" }); // a touch keyboard would hide the rest
        }
    }

    scan() {
        this.dialog.add(ScanDialog, { onResult: (code) => this.find(code) });
    }

    onQuery() {
        Object.assign(this.state, { message: "", found: [], ways: [] });
    }

    async find(query) {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy: true, message: "", found: [], ways: [] });
        const { result, error } = await this.call("search_member", query);
        this.state.busy = false;
        if (error || result.status !== "found") {
            this.state.message = error || result.message;
            this.state.ways = result?.ways || [];
            return;
        }
        if (result.members.length === 1) {
            await this.choose(result.members[0]);
        } else {
            // of several people the message says to ask who it is
            this.state.message = result.message || "";
            this.state.found = result.members;
        }
    }

    async choose(member) {
        const { result, error } = await this.call("open_member", member.ticket);
        if (error) {
            this.state.message = error;
        } else {
            this.props.onChosen({ ...result, ticket: member.ticket });
        }
    }

    /** Shows the code with which the person joins on the own phone. */
    enroll(way) {
        this.dialog.add(JoinDialog, { way });
    }

    cancel(operation) {
        this.dialog.add(CancelDialog, {
            operation,
            onCancelled: this.props.onCancelled,
        });
    }
}
