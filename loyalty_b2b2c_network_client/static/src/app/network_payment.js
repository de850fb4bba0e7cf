import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { PaymentInterface } from "@point_of_sale/app/utils/payment/payment_interface";
import { TextInputPopup } from "@point_of_sale/app/components/popups/text_input_popup/text_input_popup";
import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { patch } from "@web/core/utils/patch";
import { register_payment_method } from "@point_of_sale/app/services/pos_store";

// The stored value of payment methods that take points of a network
const NETWORK = "b2b2c_network";

/**
 * Asks the own server, which asks the network; no answer is an answer in words.
 */
async function ask(pos, method, values) {
    try {
        return await pos.data.call("pos.session", method, [[pos.session.id], values]);
    } catch (error) {
        if (error instanceof ConnectionLostError) {
            return {
                refused: _t(
                    "No connection: points cannot be spent now. The sale can be paid " +
                        "otherwise, and is reported later."
                ),
            };
        }
        return { refused: error.data?.message || _t("The network could not be asked.") };
    }
}

/**
 * Points of a network as a terminal: they are reserved there before the line counts.
 */
export class NetworkPayment extends PaymentInterface {
    setup() {
        super.setup(...arguments);
        this.supports_reversals = true;
    }

    get fastPayments() {
        return false;
    }

    findLine(uuid) {
        return this.pos.models["pos.payment"].getBy("uuid", uuid);
    }

    async sendPaymentRequest(uuid) {
        const line = this.findLine(uuid);
        // Of the states of a terminal, the one in which nobody can force a line done
        line.setPaymentStatus("waitingCapture");
        if (line.amount < 0) {
            return true; // What comes back was paid so: the network decides how much
        }
        const order = line.pos_order_id;
        if (line.amount > order.remainingDue) {
            line.setAmount(order.remainingDue);
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

    async sendPaymentCancel(order, uuid) {
        const answer = await ask(this.pos, "b2b2c_network_release", { uuid });
        // The network frees what is not spent by itself; it does not know other lines
        return !answer.refused || answer.code === "unknown_spend";
    }

    async sendPaymentReversal(uuid) {
        return await this.sendPaymentCancel(null, uuid);
    }

    say(sentence) {
        this.env.services.dialog.add(AlertDialog, {
            title: this.payment_method_id.name,
            body: sentence,
        });
    }
}

register_payment_method(NETWORK, NetworkPayment);

patch(ControlButtons.prototype, {
    get hasNetwork() {
        return this.pos.config.payment_method_ids.some(
            (method) => method.use_payment_terminal === NETWORK
        );
    },

    /** Asks for the customer's code, and says who shows it and what there is. */
    async showNetworkCard() {
        const order = this.pos.getOrder();
        const code = await makeAwaitable(this.dialog, TextInputPopup, {
            title: _t("Points card: scan or type the code"),
            startingValue: order.b2b2c_network_code || "",
        });
        if (code === undefined) {
            return;
        }
        order.b2b2c_network_code = code.trim();
        if (!order.b2b2c_network_code) {
            return;
        }
        const answer = await ask(this.pos, "b2b2c_network_show", {
            code: order.b2b2c_network_code,
            amount: order.priceIncl,
        });
        if (answer.code === "unknown_member") {
            order.b2b2c_network_code = "";
        }
        this.dialog.add(AlertDialog, {
            title: answer.name || _t("Points card"),
            body: answer.refused || this.wordCard(answer),
        });
    },

    wordCard(answer) {
        const has = answer.balances.map((row) => `${row.available} ${row.unit}`);
        const gains = answer.gains.map((row) => `+${row.points + row.points_pending} ${row.unit}`);
        const pays = answer.spendable.map((row) => `${row.amount} ${row.currency}`);
        return [
            _t("Has %s.", has.join(", ") || "0"),
            pays.length ? _t("Can pay %s.", pays.join(", ")) : "",
            gains.length ? _t("This sale gives %s.", gains.join(", ")) : "",
        ]
            .filter(Boolean)
            .join(" ");
    },
});
