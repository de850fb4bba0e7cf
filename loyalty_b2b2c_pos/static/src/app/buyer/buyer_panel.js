import {Component, onWillUnmount, useEffect} from "@odoo/owl";
import {debounce} from "@web/core/utils/timing";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

const WAIT_MS = 300;

/**
 * Who showed a card: the masked name, what there is, what this basket brings.
 *
 * The server is asked once the basket is still; an answer that is late, because the
 * basket changed or another card was shown meanwhile, is dropped.
 */
export class BuyerPanel extends Component {
    static template = "loyalty_b2b2c_pos.BuyerPanel";
    static props = {};

    setup() {
        this.pos = usePos();
        this.asked = 0;
        const ask = debounce(() => this.ask(), WAIT_MS);
        useEffect(
            () => {
                this.asked += 1;
                this.order?.b2b2cTakeOver();
                ask();
            },
            () => [this.order?.uuid, this.token, JSON.stringify(this.basket)]
        );
        onWillUnmount(() => {
            this.asked += 1;
            ask.cancel();
        });
    }

    get order() {
        return this.pos.getOrder();
    }

    get buyer() {
        return this.order?.b2b2cBuyer;
    }

    get token() {
        return this.order?.b2b2c_member_token || "";
    }

    get basket() {
        return this.token ? this.order.b2b2cBasket : null;
    }

    remove() {
        this.pos.b2b2cRemoveBuyer(this.order);
    }

    async ask() {
        const {order, token} = this;
        if (token && !order.finalized) {
            const number = this.asked;
            await this.pos.b2b2cPreview(order, () => number !== this.asked);
        }
    }
}
