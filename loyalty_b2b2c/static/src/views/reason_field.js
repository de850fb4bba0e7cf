import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { RadioField, radioField } from "@web/views/fields/radio/radio_field";
import { onMounted } from "@odoo/owl";

/** Reasons, each chosen by its number, too. */
export class ReasonField extends RadioField {
    setup() {
        super.setup();
        this.items.forEach((item, index) =>
            useHotkey(`${index + 1}`, () => {
                this.onChange(item);
                this.focus(item[0]);
            })
        );
        onMounted(() => this.focus(this.value));
    }

    focus(value) {
        document.getElementById(`${this.id}_${value}`)?.focus();
    }
}

export const reasonField = {
    ...radioField,
    component: ReasonField,
    displayName: _t("Reasons"),
    supportedTypes: ["selection"],
};

registry.category("fields").add("b2b2c_reason", reasonField);
