import {Component, onMounted, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {askServer} from "@loyalty_b2b2c_pos/app/seller/ask_server";
import {useAutofocus} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/**
 * Lets the cashier say who sold. People are asked for when it opens, and by name: a
 * till knows nobody beforehand.
 */
export class SellerPopup extends Component {
    static template = "loyalty_b2b2c_pos.SellerPopup";
    static components = {Dialog};
    static props = {
        chosen: String,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.state = useState({
            sellers: [],
            more: false,
            problem: "",
            isAsking: true,
            words: "",
        });
        this.asked = 0;
        this.search = useDebounced(() => this.load(), 300);
        useAutofocus();
        onMounted(() => this.load());
    }

    async load() {
        const number = ++this.asked;
        this.state.isAsking = true;
        const {answer, problem} = await askServer(
            this.pos,
            "b2b2c_find_sellers",
            [this.state.words],
            _t("No connection: the sale counts for who is at the till.")
        );
        // A late answer to what was typed before
        if (number !== this.asked) {
            return;
        }
        Object.assign(this.state, {
            isAsking: false,
            problem,
            sellers: answer?.sellers || [],
            more: Boolean(answer?.more),
        });
    }

    onInput(event) {
        this.state.words = event.target.value;
        this.search();
    }

    choose(seller) {
        this.props.getPayload(seller);
        this.props.close();
    }
}
