import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { uuid } from "@web/core/utils/strings";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DoneScreen } from "./done_screen";
import { FindScreen } from "./find_screen";
import { SaleScreen } from "./sale_screen";
import { useTerminalServer } from "./terminal_service";

const UNANSWERED = "b2b2c_terminal_unanswered";

/**
 * The screen of the counter: find a person, enter the sale, see what it gave.
 *
 * A sale gets its key before it is sent; until the server has answered the sale is kept
 * in the browser, so sending it again after a lost connection records it once.
 */
export class Terminal extends Component {
    static template = "loyalty_b2b2c.Terminal";
    static components = { DoneScreen, Dropdown, DropdownItem, FindScreen, SaleScreen };
    static props = { ...standardActionServiceProps };

    setup() {
        this.call = useTerminalServer();
        this.menu = useService("menu");
        this.state = useState({
            screen: "find",
            counter: null,
            recent: [],
            draft: null,
            result: null,
            error: "",
        });
        this.env.config?.setDisplayName?.(_t("Terminal"));
        onWillStart(() => this.start());
    }

    get otherApps() {
        return this.menu.getApps().filter((app) => app.actionID !== this.props.actionId);
    }

    async start() {
        const { result, error } = await this.call("start");
        this.state.error = error || "";
        if (result) {
            this.state.counter = result;
            this.state.recent = result.recent;
            const unanswered = browser.sessionStorage.getItem(UNANSWERED);
            if (unanswered) {
                this.openSale(JSON.parse(unanswered));
            }
        }
    }

    choose(person) {
        this.openSale({
            person,
            key: uuid() + uuid(),
            amount: "",
            proposed: "",
            receipt: "",
            referral: "",
            product: null,
            quantity: "1",
            sent: false,
        });
    }

    openSale(draft) {
        this.state.draft = draft;
        this.state.screen = "sale";
    }

    /** Keeps a sale that is under way; nothing: it was answered. */
    keep(draft) {
        if (draft) {
            browser.sessionStorage.setItem(UNANSWERED, JSON.stringify(draft));
        } else {
            browser.sessionStorage.removeItem(UNANSWERED);
        }
    }

    done(result) {
        this.keep(null);
        this.state.result = result;
        this.state.draft = null;
        this.state.screen = "done";
    }

    async next() {
        this.keep(null);
        Object.assign(this.state, { screen: "find", draft: null, result: null });
        const { result } = await this.call("recent");
        if (result) {
            this.state.recent = result;
        }
    }

    cancelled(operation) {
        this.state.recent = this.state.recent.map((row) =>
            row.id === operation.id ? operation : row
        );
        if (this.state.result) {
            this.state.result.operation = operation;
        }
    }

    openApp(app) {
        this.menu.selectMenu(app);
    }

    logOut() {
        browser.navigator.serviceWorker?.controller?.postMessage("user_logout");
        browser.location.href = "/web/session/logout";
    }
}

registry.category("actions").add("b2b2c_terminal", Terminal);
