import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** The code of an invitation, large enough for the phone of who stands opposite. */
export class JoinDialog extends Component {
    static template = "loyalty_b2b2c.TerminalJoin";
    static components = { Dialog };
    static props = {
        close: Function,
        way: { type: Object, shape: { role: String, picture: String } },
    };
}
