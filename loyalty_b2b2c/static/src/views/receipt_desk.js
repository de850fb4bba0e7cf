import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { hasTouch } from "@web/core/browser/feature_detection";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { onMounted, onWillUnmount, useEffect } from "@odoo/owl";

const RECEIPT = "b2b2c.receipt";

/** The desk that is open, if any: the next receipt is shown in its place. */
let desk = null;

export class ReceiptController extends FormController {
    setup() {
        super.setup();
        onMounted(() => (desk = this));
        onWillUnmount(() => {
            if (desk === this) {
                desk = null;
            }
        });
    }
}

/** The desk: what was read can be put right at once, without reaching for the mouse. */
export class ReceiptRenderer extends FormRenderer {
    setup() {
        super.setup();
        useEffect(
            () => {
                const first = document.querySelector(
                    ".o_b2b2c_facts .o_field_widget:not(.o_readonly_modifier) input"
                );
                if (first && !hasTouch()) {
                    first.focus({ preventScroll: true });
                    first.select();
                }
            },
            () => [this.props.record.resId]
        );
    }
}

registry.category("views").add("b2b2c_receipt_desk", {
    ...formView,
    Controller: ReceiptController,
    Renderer: ReceiptRenderer,
});

/** Say what was done; what can be undone, can be undone from there. */
function say(env, { message, undo }) {
    const options = { type: "success" };
    if (undo) {
        options.autocloseDelay = 10000;
        options.buttons = [
            {
                name: _t("Undo"),
                onClick: async () => {
                    close();
                    const call = [RECEIPT, "action_undo", [undo]];
                    await env.services.action.doAction(
                        await env.services.orm.call(...call)
                    );
                },
            },
        ];
    }
    const close = env.services.notification.add(message, options);
}

/**
 * Say what was done and open the next one, or the list when nothing waits.
 *
 * `params.list` is the action of another desk that works in the same way.
 */
async function openNext(env, { params }) {
    if (params.message) {
        say(env, params);
    }
    if (params.res_id && desk) {
        await desk.model.load({ resId: params.res_id });
        return { type: "ir.actions.act_window_close" };
    }
    const options = { clearBreadcrumbs: true };
    if (params.res_id) {
        Object.assign(options, { viewType: "form", props: { resId: params.res_id } });
    }
    const list = params.list || "loyalty_b2b2c.b2b2c_receipt_action";
    return env.services.action.doAction(list, options);
}

registry.category("actions").add("b2b2c_receipt_next", openNext);
