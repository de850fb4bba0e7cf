import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The next steps of something that was set up, with a button each. */
export class ChecklistField extends Component {
    static template = "loyalty_b2b2c.Checklist";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ busy: false });
        this.doneLabel = _t("Done");
        this.openLabel = _t("To do");
    }

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    get done() {
        return this.steps.filter((step) => step.done).length;
    }

    get left() {
        return this.steps.length - this.done;
    }

    get next() {
        return this.steps.find((step) => !step.done && step.button);
    }

    async onTake(step) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        this.state.busy = true;
        try {
            const action = await this.orm.call(record.resModel, "action_take_step", [
                [record.resId],
                step.code,
            ]);
            if (action && action.type) {
                await this.action.doAction(action, { onClose: () => record.load() });
            } else {
                await record.load();
            }
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("fields").add("b2b2c_checklist", {
    component: ChecklistField,
    supportedTypes: ["json"],
});
