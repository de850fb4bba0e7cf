import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ConnectionLostError} from "@web/core/network/rpc";
import {PaymentInterface} from "@point_of_sale/app/utils/payment/payment_interface";
import {PointsProofPopup} from "@loyalty_b2b2c_pos/app/spend/points_proof_popup";
import {_t} from "@web/core/l10n/translation";
import {extend} from "@loyalty_b2b2c_pos/app/harmless";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {register_payment_method} from "@point_of_sale/app/services/pos_store";

// The stored value of payment methods that take points
export const POINTS = "b2b2c";
// What was never sent, or is over: the server holds nothing for such a line
const NOTHING_HELD = [undefined, false, null, "", "pending", "reversed"];

export function isPoints(line) {
    return line?.payment_method_id?.use_payment_terminal === POINTS;
}

export function isPointsMethod(method) {
    return method?.use_payment_terminal === POINTS;
}

/**
 * Points as a terminal: the server reserves them before the line counts as paid. It
 * names a payment by the uuid of its line, so asking again is asking the same.
 */
export class PointsPayment extends PaymentInterface {
    async take(line) {
        const order = line.pos_order_id;
        const most = getMostInPoints(order, line);
        if (most <= 0) {
            this.say(_t("Nothing is left to pay in points. Tips are paid otherwise."));
            return false;
        }
        if (line.amount > most) {
            line.setAmount(most);
        }
        const question = this.getQuestion(line);
        let answer = await this.ask("b2b2c_hold_points", question);
        while (answer.needs_proof) {
            const proof = await this.askProof(question, answer);
            if (!proof) {
                return false;
            }
            answer = await this.ask("b2b2c_hold_points", {...question, proof});
        }
        if (answer.refused) {
            this.say(answer.refused);
            return false;
        }
        line.transaction_id = answer.held;
        line.payment_ref_no = String(line.amount);
        line.ticket = "";
        line.setReceiptInfo(answer.receipt);
        return true;
    }

    async giveBack(line) {
        const {points} = await this.getRefundable(line.pos_order_id);
        const others = line.pos_order_id.payment_ids.filter(
            (other) => other !== line && isPoints(other) && other.isDone()
        );
        const most = others.reduce((left, other) => left + other.amount, points);
        if (-line.amount > most + 0.00001) {
            const left = this.env.utils.formatCurrency(Math.max(most, 0));
            this.say(_t("Of these goods, %s can come back in points.", left));
            return false;
        }
        return true;
    }

    async release(uuid) {
        try {
            const answer = await this.ask("b2b2c_release_points", {uuid});
            if (answer.refused) {
                this.say(answer.refused);
            }
            return Boolean(answer.released);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                console.warn("Loyalty points:", error);
            }
            // The server frees what the ticket was not paid with when it arrives. While a
            // line waits, Odoo takes no other payment: it goes without an answer too
            return true;
        }
    }

    async getSpendable(order) {
        return await this.ask("b2b2c_get_spendable", {
            token: order.b2b2c_member_token,
            method: this.payment_method_id.id,
        });
    }

    async getRefundable(order) {
        const lines = order.lines
            .map((line) => line.refunded_orderline_id?.id)
            .filter((id) => typeof id === "number");
        return await this.ask("b2b2c_get_refundable", {lines});
    }

    async ask(method, values) {
        return await this.pos.data.call("pos.session", method, [
            [this.pos.session.id],
            values,
        ]);
    }

    async askProof(question, answer) {
        return await makeAwaitable(this.env.services.dialog, PointsProofPopup, {
            title: _t("%(name)s confirms %(amount)s", {
                name: answer.name,
                amount: this.env.utils.formatCurrency(question.amount),
            }),
            hint: answer.refused || answer.hint,
            isRefused: Boolean(answer.refused),
            canSend: answer.can_send,
            sendCode: () => this.sendCode(question),
        });
    }

    async sendCode(question) {
        try {
            const answer = await this.ask("b2b2c_send_points_code", question);
            return answer.refused || answer.sent;
        } catch (error) {
            return this.wordError(error);
        }
    }

    getQuestion(line) {
        const order = line.pos_order_id;
        return {
            token: order.b2b2c_member_token,
            method: this.payment_method_id.id,
            uuid: line.uuid,
            order_uuid: order.uuid,
            amount: line.amount,
        };
    }

    findLine(uuid) {
        return this.pos.models["pos.payment"].getBy("uuid", uuid);
    }

    wordError(error) {
        if (error instanceof ConnectionLostError) {
            return _t(
                "No connection: points cannot be spent now. The sale can be paid " +
                    "otherwise, and earns points as ever."
            );
        }
        return error.data?.message || _t("The points could not be reserved. Try again.");
    }

    say(sentence) {
        this.env.services.dialog.add(AlertDialog, {
            title: this.payment_method_id.name,
            body: sentence,
        });
    }
}

extend(PointsPayment.prototype, {
    setup(odoo) {
        odoo();
        this.supports_reversals = true;
    },

    // The cashier types how much before it is sent
    get fastPayments() {
        return false;
    },

    async sendPaymentRequest(odoo, uuid) {
        const line = this.findLine(uuid);
        // Of the states of a terminal, the one in which nobody can force a line done
        line.setPaymentStatus("waitingCapture");
        try {
            return line.amount < 0 ? await this.giveBack(line) : await this.take(line);
        } catch (error) {
            this.say(this.wordError(error));
            return false;
        }
    },

    // Deletion of a line; the line goes when this is true
    async sendPaymentCancel(odoo, order, uuid) {
        return await this.release(uuid);
    },

    async sendPaymentReversal(odoo, uuid) {
        const line = this.findLine(uuid);
        return line.amount < 0 || (await this.release(uuid));
    },

    // A tip after the payment (pos_restaurant) adds to the first line: not to points
    async sendPaymentAdjust(odoo, uuid) {
        const line = this.findLine(uuid);
        line.amount = parseFloat(line.payment_ref_no) || line.amount;
        this.say(_t("A tip cannot be paid in points."));
    },
});

/**
 * How much more of a ticket can be paid in points: what is due, but no tip, and no more
 * than a ticket without change.
 */
export function getMostInPoints(order, line) {
    const tip = order.config.tip_product_id;
    const tips = order.lines
        .filter((one) => tip && one.product_id.id === tip.id)
        .reduce((sum, one) => sum + one.priceIncl, 0);
    const spent = order.payment_ids
        .filter((one) => one !== line && isPoints(one) && one.isDone())
        .reduce((sum, one) => sum + one.amount, 0);
    const most = Math.min(order.remainingDue, order.priceIncl - tips - spent);
    return order.currency.round(most);
}

/**
 * Whether the server may hold something for a line.
 */
export function mayBeHeld(line) {
    return isPoints(line) && !NOTHING_HELD.includes(line.payment_status);
}

register_payment_method(POINTS, PointsPayment);
