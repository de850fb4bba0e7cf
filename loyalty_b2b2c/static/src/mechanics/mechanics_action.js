import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Gallery } from "./gallery";
import { BLANK } from "./program_views";

/** The gallery as a page of its own. */
export class MechanicsAction extends Component {
    static template = "loyalty_b2b2c.MechanicsAction";
    static components = { Gallery, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.groups = this.props.action.params?.groups;
        this.onBlank = () => this.openBlank();
    }

    openBlank() {
        return this.action.doAction(BLANK);
    }
}

registry.category("actions").add("b2b2c_mechanics", MechanicsAction);
