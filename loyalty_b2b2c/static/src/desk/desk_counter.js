import { Component, onMounted, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { session } from "@web/session";

/** Event of the bus by which the desk tells what it counted. */
export const COUNTED = "B2B2C_DESK:COUNTED";
/** It is counted anew with what is opened, but not more often than that. */
const MILLISECONDS = 30_000;

/** In the menu bar: how much waits for the reader; a click opens the desk. */
export class DeskCounter extends Component {
    static template = "loyalty_b2b2c.DeskCounter";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ count: 0 });
        this.since = 0;
        onMounted(() => this.load());
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", () => this.load());
        useBus(this.env.bus, COUNTED, (ev) => this.show(ev.detail));
    }

    async load() {
        if (Date.now() - this.since < MILLISECONDS) {
            return;
        }
        this.since = Date.now();
        try {
            this.show(await this.orm.silent.call("b2b2c.desk", "count_waiting", []));
        } catch {
            // nobody asked for it: without a network the last number stays
        }
    }

    show(count) {
        this.since = Date.now();
        this.state.count = count;
    }

    open() {
        return this.action.doAction("loyalty_b2b2c.b2b2c_desk_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("systray").add(
    "loyalty_b2b2c.desk",
    { Component: DeskCounter, isDisplayed: () => session.b2b2c_decides },
    { sequence: 30 }
);
