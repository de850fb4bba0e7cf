import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";
import { useTerminalServer } from "./terminal_service";

const DELAY = 250;

/** Picks one of the products the terminal offers. */
export class ProductDialog extends Component {
    static template = "loyalty_b2b2c.TerminalProduct";
    static components = { Dialog };
    static props = { close: Function, onPicked: Function };

    setup() {
        this.call = useTerminalServer();
        this.last = new KeepLast();
        this.state = useState({ text: "", products: [], error: "" });
        this.search = useDebounced(() => this.load(), DELAY);
        onWillStart(() => this.load());
    }

    async load() {
        const { result, error } = await this.last.add(
            this.call("search_product", this.state.text)
        );
        this.state.error = error || "";
        this.state.products = result || [];
    }

    pick(product) {
        this.props.close();
        this.props.onPicked(product);
    }
}
