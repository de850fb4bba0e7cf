import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A drawing whose address a field tells. */
export class DrawingField extends Component {
    static template = "loyalty_b2b2c.Drawing";
    static props = { ...standardFieldProps };
}

registry.category("fields").add("b2b2c_drawing", {
    component: DrawingField,
    supportedTypes: ["char"],
});
