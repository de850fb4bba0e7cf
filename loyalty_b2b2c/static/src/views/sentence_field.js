import { Component, onMounted, onPatched, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Every panel of the form at once. */
const ALL = "all";

/**
 * The sentence of a rule.  Each part is a button that opens the choice behind it: the
 * panel with the same `data-part`, beside the sentence in `.o_b2b2c_rule`.
 */
export class SentenceField extends Component {
    static template = "loyalty_b2b2c.SentenceField";
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
        this.state = useState({ open: this.isUnanswered ? "when" : "" });
        onMounted(() => this.showPanel());
        onPatched(() => this.showPanel());
    }

    get pieces() {
        const pieces = this.props.record.data[this.props.name] || [];
        return pieces.map(([part, text], index) => ({ index, part, text }));
    }

    /** Whether nobody said yet for which documents the rule is. */
    get isUnanswered() {
        return !this.props.record.data.document_kind_ids?.currentIds.length;
    }

    get allLabel() {
        return this.state.open === ALL ? _t("Show less") : _t("Show all choices");
    }

    onOpen(part) {
        this.state.open = this.state.open === part ? "" : part;
    }

    /** A part breaks over lines as words do, which a button cannot: keys are ours. */
    onKeydown(event, part) {
        if (["Enter", " "].includes(event.key)) {
            event.preventDefault();
            this.onOpen(part);
        }
    }

    onToggleAll() {
        this.onOpen(ALL);
    }

    showPanel() {
        this.root.el.closest(".o_b2b2c_rule").dataset.open = this.state.open;
    }
}

export const sentenceField = {
    component: SentenceField,
    displayName: _t("Sentence"),
    supportedTypes: ["json"],
};

registry.category("fields").add("b2b2c_sentence", sentenceField);
