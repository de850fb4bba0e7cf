import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { imageUrl } from "@web/core/utils/urls";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const TALL = 2; // times as high as wide

/** The pictures of a receipt, one below the other; a click enlarges them. */
export class PagesField extends Component {
    static template = "loyalty_b2b2c.PagesField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ large: false, turn: 0, tall: {} });
    }

    get urls() {
        const { record, name } = this.props;
        return record.data[name].records.map((page) =>
            imageUrl("b2b2c.receipt.page", page.resId, "image")
        );
    }

    onLoad(url, ev) {
        const { naturalHeight, naturalWidth } = ev.target;
        this.state.tall[url] = naturalHeight > TALL * naturalWidth;
    }

    onEnlarge() {
        this.state.large = !this.state.large;
    }

    onTurn() {
        this.state.turn = (this.state.turn + 90) % 360;
    }
}

export const pagesField = {
    component: PagesField,
    displayName: _t("Pictures"),
    supportedTypes: ["one2many"],
    relatedFields: [{ name: "display_name", type: "char" }],
};

registry.category("fields").add("b2b2c_pages", pagesField);
