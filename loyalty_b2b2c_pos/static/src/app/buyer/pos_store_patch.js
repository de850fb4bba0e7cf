import {CardReader} from "@loyalty_b2b2c_pos/app/buyer/card_reader";
import {ConnectionLostError} from "@web/core/network/rpc";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {_t} from "@web/core/l10n/translation";
import {add, extend} from "@loyalty_b2b2c_pos/app/harmless";

// Longer than this nobody waits for the points on a receipt
const RECEIPT_MS = 3000;

export function wordFault() {
    return _t("The card could not be looked up. The sale goes on without.");
}

extend(PosStore.prototype, {
    async processServerData(odoo) {
        await odoo();
        const told = this.config._b2b2c_buyer;
        const scanner = this.env.services.barcode_reader;
        if (told && scanner) {
            scanner.b2b2cReadCards(new CardReader(told), async (card) => {
                const problem = await this.b2b2cShowBuyer(card);
                if (problem !== "") {
                    this.b2b2cSay(problem ?? wordFault());
                }
            });
        }
    },

    setOrder(odoo, order) {
        odoo();
        if (order && !order.finalized) {
            order.b2b2cTakeOver();
        }
    },

    // Bills of two tables become one (pos_restaurant, which nobody else calls): the card
    // goes along, and of two cards the one of the bill that stays counts
    async mergeOrders(odoo, from, to) {
        const [other, own] = [from.b2b2cBuyer?.name, to.b2b2cBuyer?.name];
        to.b2b2cTakeCard(from);
        const merged = await odoo();
        if (other && own && other !== own) {
            this.b2b2cSay(_t("Both bills had a card. The points go to %s.", own));
        }
        return merged;
    },

    async printReceipt(odoo, {order = this.getOrder()} = {}) {
        if (order?.b2b2cBuyer && order.isSynced && !order.b2b2c_receipt) {
            await this.b2b2cFetchReceipt(order);
        }
        return await odoo();
    },
});

add(PosStore.prototype, {
    /**
     * Ask the server about people who buy.
     *
     * @param {String} method of pos.session
     * @returns {Promise<Object|null>} null without network: the till goes on
     */
    async b2b2cAsk(method, ...args) {
        try {
            return await this.data.call("pos.session", method, [
                [this.session.id],
                ...args,
            ]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                console.warn("Loyalty card:", error);
            }
            return null;
        }
    },

    /**
     * Name who buys by what was scanned or typed. The person is never made the customer
     * of the order: that would change prices, taxes and the invoice.
     *
     * @param {String} text a card, a code from an SMS, a phone number
     * @returns {Promise<String|undefined>} a sentence for the cashier, empty when all is
     *     well, nothing when it failed
     */
    async b2b2cShowBuyer(text, order = this.getOrder()) {
        if (!order || order.finalized) {
            return _t("Begin an order first, then show the card.");
        }
        const answer = await this.b2b2cAsk("b2b2c_show_buyer", text);
        if (order.finalized) {
            return "";
        }
        if (!answer) {
            order.b2b2c_member_token = text;
            order.b2b2cBuyer = {isOffline: true, name: "", balances: [], gain: ""};
            return "";
        }
        if (answer.status !== "found") {
            return answer.message;
        }
        order.b2b2c_member_token = answer.ticket;
        order.b2b2cBuyer = {
            name: answer.name,
            way: answer.way,
            balances: answer.balances,
            gain: "",
        };
        return "";
    },

    /** Look again at a card that was scanned without network, or at another till. */
    async b2b2cRecallBuyer(order) {
        const token = order.b2b2c_member_token;
        const answer = await this.b2b2cAsk("b2b2c_show_buyer", token);
        if (!answer || order.finalized || order.b2b2c_member_token !== token) {
            return;
        }
        if (answer.status === "found") {
            order.b2b2c_member_token = answer.ticket;
            order.b2b2cBuyer = {
                name: answer.name,
                way: answer.way,
                balances: answer.balances,
                gain: "",
            };
        } else if (answer.status !== "wait") {
            this.b2b2cRemoveBuyer(order);
            this.b2b2cSay(answer.message);
        }
    },

    /**
     * Ask what the basket of an order brings, or who its card is if that is not known.
     *
     * @param {PosOrder} order with a card
     * @param {Function} isLate says whether the answer is out of date
     */
    async b2b2cPreview(order, isLate) {
        const token = order.b2b2c_member_token;
        if (!order.b2b2cBuyer || order.b2b2cBuyer.isOffline) {
            await this.b2b2cRecallBuyer(order);
            return;
        }
        const answer = await this.b2b2cAsk("b2b2c_preview", token, order.b2b2cBasket);
        if (answer && !isLate() && order.b2b2c_member_token === token && order.b2b2cBuyer) {
            order.b2b2cBuyer.gain = answer.gain;
        }
    },

    b2b2cRemoveBuyer(order) {
        order.b2b2c_member_token = false;
        order.b2b2cBuyer = null;
    },

    /** Put on an order what its receipt says about points; wait for it a moment. */
    async b2b2cFetchReceipt(order) {
        const late = new Promise((resolve) => setTimeout(resolve, RECEIPT_MS, null));
        const asked = this.b2b2cAsk("b2b2c_get_receipt", order.uuid);
        const receipt = await Promise.race([asked, late]);
        if (receipt?.earned !== undefined) {
            order.b2b2c_receipt = receipt;
        }
    },

    b2b2cSay(message) {
        this.notification.add(message, {type: "warning"});
    },
});
