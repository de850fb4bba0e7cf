import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import {
    Component,
    onMounted,
    onPatched,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";

const LOOK_EVERY = 5000; // milliseconds
const LINK = "b2b2c.chat.link";

/**
 * The thread with a person in a chat: what both sides wrote, and a place to write.
 *
 * It stands on the form of the chat itself, and on those of records of it: `link_field`
 * names their field then. What is new is looked for while somebody looks at it.
 */
export class ChatThreadField extends Component {
    static template = "loyalty_b2b2c_chat.ChatThreadField";
    static props = { ...standardFieldProps, linkField: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ rows: null, closed: null, text: "", isSending: false });
        this.list = useRef("list");
        this.shown = 0;
        onMounted(() => {
            this.scrollDown();
            this.look();
            this.timer = setInterval(() => this.look(), LOOK_EVERY);
        });
        onPatched(() => this.scrollDown());
        onWillUnmount(() => clearInterval(this.timer));
    }

    get linkId() {
        const { record, linkField } = this.props;
        return linkField ? record.data[linkField]?.id : record.resId;
    }

    get rows() {
        return this.state.rows || this.props.record.data[this.props.name] || [];
    }

    /** The rows by days: `[{day, rows}]`. */
    get days() {
        const days = [];
        for (const row of this.rows) {
            const at = deserializeDateTime(row.at);
            const day = formatDate(at);
            if (days.at(-1)?.day !== day) {
                days.push({ day, rows: [] });
            }
            days.at(-1).rows.push({
                ...row,
                time: at.toFormat("HH:mm"),
                moment: formatDateTime(at),
            });
        }
        return days;
    }

    get canWrite() {
        return this.state.closed === "" && this.linkId;
    }

    /** Look whether something is new. */
    async look() {
        if (!this.linkId || document.hidden) {
            return;
        }
        const [link] = await this.orm.silent.read(
            LINK,
            [this.linkId],
            ["thread", "closed_text"]
        );
        this.state.rows = link.thread || [];
        this.state.closed = link.closed_text || "";
    }

    scrollDown() {
        if (this.list.el && this.rows.length !== this.shown) {
            this.shown = this.rows.length;
            this.list.el.scrollTop = this.list.el.scrollHeight;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.send();
        }
    }

    async send() {
        const text = this.state.text.trim();
        if (!text || this.state.isSending) {
            return;
        }
        this.state.isSending = true;
        try {
            await this.orm.call(LINK, "action_write_to", [[this.linkId], text]);
            this.state.text = "";
            this.notification.add(_t("It is on its way."), { type: "success" });
            await this.look();
            if (!(await this.props.record.isDirty())) {
                await this.props.record.load();
            }
        } finally {
            this.state.isSending = false;
        }
    }
}

export const chatThreadField = {
    component: ChatThreadField,
    displayName: _t("Thread of a Chat"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ linkField: options.link_field }),
    fieldDependencies: ({ options }) =>
        options.link_field
            ? [{ name: options.link_field, type: "many2one", readonly: true }]
            : [],
};

registry.category("fields").add("b2b2c_chat_thread", chatThreadField);
