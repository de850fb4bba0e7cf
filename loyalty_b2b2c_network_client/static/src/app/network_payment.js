import { NETWORK, ask, askCard } from "./network_card";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PaymentInterface } from "@point_of_sale/app/utils/payment/payment_interface";
import { TextInputPopup } from "@point_of_sale/app/components/popups/text_input_popup/text_input_popup";
import { _t } from "@web/core/l10n/translation";
import { extend } from "./harmless";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { register_payment_method } from "@point_of_sale/app/services/pos_store";

// What was never sent, or is over: the network holds nothing for such a line
const NOTHING_HELD = [undefined, false, null, "", "pending", "reversed"];

export function isPoints(line) {
    return line.payment_method_id.use_payment_terminal === NETWORK;
}

/**
 * Whether the network may hold something for a line, also when its answer was lost.
 */
export function mayBeHeld(line) {
    return isPoints(line) && line.amount > 0 && !NOTHING_HELD.includes(line.payment_status);
}

/**
 * How much of a ticket is paid in points that are reserved.
 */
export function sumPoints(order, besides) {
    return order.payment_ids
        .filter((line) => line !== besides && isPoints(line) && line.isDone())
        .reduce((sum, line) => sum + line.amount, 0);
}

/**
 * How much more of a ticket can be paid in points: what is due, but no tip.
 */
function getMostInPoints(order, line) {
    const tip = order.config.tip_product_id;
    const tips = order.lines
        .filter((one) => tip && one.product_id.id === tip.id)
        .reduce((sum, one) => sum + one.priceIncl, 0);
    const goods = order.priceIncl - tips - sumPoints(order, line);
    return order.currency.round(Math.min(order.remainingDue, goods));
}

/**
 * Points of a network as a terminal: they are reserved there before the line counts.
 */
export class NetworkPayment extends PaymentInterface {
    findLine(uuid) {
        return this.pos.models["pos.payment"].getBy("uuid", uuid);
    }

    async askProof(question, answer) {
        if (answer.code === "proof_needed") {
            await ask(this.pos, "b2b2c_network_send_code", question);
        }
        return await makeAwaitable(this.env.services.dialog, TextInputPopup, {
            title: answer.refused,
            placeholder: _t("PIN, or the code that was sent"),
        });
    }

    say(sentence) {
        this.env.services.dialog.add(AlertDialog, {
            title: this.payment_method_id.name,
            body: sentence,
        });
    }
}

extend(NetworkPayment.prototype, {
    setup(odoo) {
        odoo();
        this.supports_reversals = true;
    },

    get fastPayments() {
        return false;
    },

    async sendPaymentRequest(odoo, uuid) {
        const line = this.findLine(uuid);
        // Of the states of a terminal, the one in which nobody can force a line done
        line.setPaymentStatus("waitingCapture");
        if (line.amount < 0) {
            return true; // What comes back was paid so: the network decides how much
        }
        const order = line.pos_order_id;
        const { dialog } = this.env.services;
        if (!order.b2b2c_network_code && !(await askCard(this.pos, dialog))) {
            return false;
        }
        const most = getMostInPoints(order, line);
        if (most <= 0) {
            this.say(_t("Nothing is left to pay in points. Tips are paid otherwise."));
            return false;
        }
        if (line.amount > most) {
            line.setAmount(most);
        }
        const question = {
            code: order.b2b2c_network_code || "",
            method: this.payment_method_id.id,
            uuid,
            amount: line.amount,
        };
        let answer = await ask(this.pos, "b2b2c_network_hold", question);
        while (["proof_needed", "wrong_proof"].includes(answer.code)) {
            const proof = await this.askProof(question, answer);
            if (!proof) {
                return false;
            }
            answer = await ask(this.pos, "b2b2c_network_hold", { ...question, proof });
        }
        if (answer.refused) {
            this.say(answer.refused);
            return false;
        }
        line.transaction_id = answer.key;
        return true;
    },

    async sendPaymentCancel(odoo, order, uuid) {
        const answer = await ask(this.pos, "b2b2c_network_release", { uuid });
        // The network frees what is not spent by itself; it does not know other lines.
        // While a line waits, Odoo takes no other payment: it goes without an answer too
        return !answer.refused || answer.isLost || answer.code === "unknown_spend";
    },

    async sendPaymentReversal(odoo, uuid) {
        return await this.sendPaymentCancel(null, uuid);
    },
});

register_payment_method(NETWORK, NetworkPayment);
