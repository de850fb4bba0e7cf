import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Layout } from "@web/search/layout";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Gallery } from "../mechanics/gallery";
import { BLANK } from "../mechanics/program_views";
import { Bars } from "./bars";
import { COUNTED } from "./desk_counter";

const PERIOD = "b2b2c_desk_days";

/** What the app opens on: what waits for the reader, and how it goes. */
export class Desk extends Component {
    static template = "loyalty_b2b2c.Desk";
    static components = { Bars, Gallery, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({
            days: Number(browser.localStorage.getItem(PERIOD)) || 30,
            unit: null,
            day: null,
        });
        this.env.config?.setDisplayName?.(_t("Today"));
        onWillStart(() => this.load());
    }

    get periods() {
        return [
            { days: 7, label: _t("7 days") },
            { days: 30, label: _t("30 days") },
            { days: 90, label: _t("90 days") },
            { days: 365, label: _t("12 months") },
        ];
    }

    get figures() {
        return this.state.day.figures;
    }

    get hasFigures() {
        return Boolean(this.figures.tiles);
    }

    /** Whether the reader is one who decides on anything at all. */
    get decides() {
        return this.state.day.sections.length + this.state.day.idle.length > 0;
    }

    get total() {
        return this.state.day.sections
            .flatMap((section) => section.lines)
            .reduce((sum, line) => sum + line.count, 0);
    }

    async load() {
        this.state.day = await this.orm.call("b2b2c.desk", "get_day", [], {
            days: this.state.days,
            unit_id: this.state.unit,
        });
        this.env.bus.trigger(COUNTED, this.total);
    }

    choosePeriod(days) {
        this.state.days = days;
        browser.localStorage.setItem(PERIOD, days);
        return this.load();
    }

    chooseUnit(ev) {
        this.state.unit = Number(ev.target.value);
        return this.load();
    }

    async open(line) {
        const action = await this.orm.call("b2b2c.desk", "open_waiting", [line.key]);
        return this.action.doAction(action);
    }

    openBlank() {
        return this.action.doAction(BLANK);
    }

    openReport(name) {
        return this.action.doAction(`loyalty_b2b2c.${name}`);
    }

    /** In words that a screen reader reads and a tooltip shows. */
    wordChange(tile) {
        return tile.change > 0
            ? _t("%s percent more than in the time before", tile.change)
            : _t("%s percent less than in the time before", -tile.change);
    }
}

registry.category("actions").add("b2b2c_desk", Desk);
