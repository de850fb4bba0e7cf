import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { imageUrl } from "@web/core/utils/urls";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const PHOTO = "b2b2c.activity.photo";

/** Photos of a submission; beside each the earlier one it looks like. A click enlarges. */
export class ActivityPhotosField extends Component {
    static template = "loyalty_b2b2c.ActivityPhotosField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ large: false });
    }

    get photos() {
        const { record, name } = this.props;
        return record.data[name].records.map(({ resId, data }) => ({
            id: resId,
            url: imageUrl(PHOTO, resId, "image"),
            other: data.alike_id && imageUrl(PHOTO, data.alike_id.id, "image"),
            otherText: data.alike_text,
        }));
    }

    onEnlarge() {
        this.state.large = !this.state.large;
    }
}

/** The pictures that show how it should be. */
export class ActivitySamplesField extends Component {
    static template = "loyalty_b2b2c.ActivitySamplesField";
    static props = { ...standardFieldProps };

    get samples() {
        const { record, name } = this.props;
        return record.data[name].records.map(({ resId, data }) => ({
            id: resId,
            url: imageUrl("b2b2c.activity.sample", resId, "image"),
            name: data.name,
        }));
    }
}

/** The video of a submission, played where it is. */
export class ActivityVideoField extends Component {
    static template = "loyalty_b2b2c.ActivityVideoField";
    static props = { ...standardFieldProps };

    get videos() {
        const { record, name } = this.props;
        return record.data[name].records
            .filter(({ data }) => data.state === "ready" && data.attachment_id)
            .map(({ resId, data }) => ({
                id: resId,
                url: `/web/content/${data.attachment_id.id}`,
            }));
    }
}

const kinds = [
    [
        "b2b2c_activity_photos",
        ActivityPhotosField,
        _t("Photos beside Earlier Ones"),
        [
            { name: "alike_id", type: "many2one", relation: PHOTO },
            { name: "alike_text", type: "char" },
        ],
    ],
    [
        "b2b2c_activity_samples",
        ActivitySamplesField,
        _t("Sample Pictures"),
        [{ name: "name", type: "char" }],
    ],
    [
        "b2b2c_activity_video",
        ActivityVideoField,
        _t("Video"),
        [
            { name: "state", type: "selection", selection: [] },
            { name: "attachment_id", type: "many2one", relation: "ir.attachment" },
        ],
    ],
];

for (const [name, component, displayName, relatedFields] of kinds) {
    const field = { component, displayName, supportedTypes: ["one2many"], relatedFields };
    registry.category("fields").add(name, field);
}
