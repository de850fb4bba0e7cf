import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {add, extend} from "@loyalty_b2b2c_pos/app/harmless";

add(PosOrder.prototype, {
    /** Who showed a card, as the till shows it; kept through a reload. */
    get b2b2cBuyer() {
        return this.uiState?.b2b2cBuyer || null;
    },

    set b2b2cBuyer(buyer) {
        this.uiState.b2b2cBuyer = buyer;
    },

    /** What a preview is asked for, see basket.py. */
    get b2b2cBasket() {
        return {
            partner_id: this.partner_id?.id || false,
            lines: this.lines.map((line) => ({
                product_id: line.product_id.id,
                qty: line.qty,
                price_unit: line.price_unit,
                discount: line.discount,
                price_subtotal: line.priceExcl,
                price_subtotal_incl: line.priceIncl,
                tax_ids: line.tax_ids.map((tax) => tax.id),
            })),
        };
    },

    /**
     * Take over the card of the bill that this one was split from (pos_restaurant). Only
     * when this one is opened first: from then on each has its own.
     */
    b2b2cTakeOver() {
        if (!this.uiState.b2b2cIsOpened) {
            this.b2b2cTakeCard(this.originalSplittedOrder);
        }
        this.uiState.b2b2cIsOpened = true;
    },

    /**
     * Take over the card of another order; an own card stays.
     *
     * @param {PosOrder} [other]
     */
    b2b2cTakeCard(other) {
        if (other?.b2b2c_member_token && !this.b2b2c_member_token) {
            this.b2b2c_member_token = other.b2b2c_member_token;
            this.b2b2cBuyer = other.b2b2cBuyer && {...other.b2b2cBuyer, gain: ""};
        }
    },
});

extend(PosOrder.prototype, {
    // The receipt tells the points: they are asked for before it is printed
    waitForPushOrder(odoo) {
        return odoo() || Boolean(this.b2b2cBuyer);
    },
});
