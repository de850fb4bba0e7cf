import { Component, onWillStart } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** The mechanics there are, by whom they reward; a click opens the dialog of one. */
export class Gallery extends Component {
    static template = "loyalty_b2b2c.Gallery";
    static props = {
        groups: { type: Array, element: String, optional: true },
        onBlank: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        onWillStart(async () => {
            this.groups = await this.orm.call("b2b2c.mechanic", "get_gallery", [
                this.props.groups || false,
            ]);
        });
    }

    async onChoose(code) {
        const dialog = await this.orm.call("b2b2c.mechanic", "open_mechanic", [code]);
        await this.action.doAction(dialog);
    }
}
