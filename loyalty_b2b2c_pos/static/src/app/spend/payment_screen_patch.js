import {getMostInPoints, isPoints, isPointsMethod, mayBeHeld} from "./points_payment";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {BuyerDialog} from "@loyalty_b2b2c_pos/app/buyer/buyer_dialog";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

// What a line may rest in; anything else was cut off by a reload, and is asked again
const AT_REST = ["pending", "retry", "done", "reversed"];

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        for (const line of this.paymentLines.filter(isPoints)) {
            const status = line.getPaymentStatus();
            if (status && !AT_REST.includes(status)) {
                line.setPaymentStatus("retry");
            }
        }
    },

    async addNewPaymentLine(paymentMethod) {
        if (!isPointsMethod(paymentMethod)) {
            return super.addNewPaymentLine(...arguments);
        }
        const terminal = paymentMethod.payment_terminal;
        try {
            return this.isRefundOrder
                ? await this.addPointsBack(paymentMethod, terminal)
                : await this.addPoints(paymentMethod, terminal);
        } catch (error) {
            terminal.say(terminal.wordError(error));
            return false;
        }
    },

    async addPoints(paymentMethod, terminal) {
        const order = this.currentOrder;
        if (!order.b2b2c_member_token && !(await this.askForMember(order))) {
            return false;
        }
        const answer = await terminal.getSpendable(order);
        if (answer.refused) {
            terminal.say(answer.refused);
            return false;
        }
        if (!answer.amount && !answer.is_hidden) {
            terminal.say(_t("%(name)s has no points to pay with.", {name: answer.name}));
            return false;
        }
        if (!(await super.addNewPaymentLine(paymentMethod))) {
            return false;
        }
        const line = this.selectedPaymentLine;
        const most = getMostInPoints(order, line);
        this.setLineAmount(line, answer.is_hidden ? most : Math.min(answer.amount, most));
        return true;
    },

    async addPointsBack(paymentMethod, terminal) {
        const order = this.currentOrder;
        const {points} = await terminal.getRefundable(order);
        if (!points) {
            terminal.say(_t("These goods were not paid in points."));
            return false;
        }
        if (!(await super.addNewPaymentLine(paymentMethod))) {
            return false;
        }
        const line = this.selectedPaymentLine;
        this.setLineAmount(line, Math.max(line.amount, -points));
        return true;
    },

    // The dialog with which a cashier names who buys, also without a scanner
    async askForMember(order) {
        await new Promise((resolve) => {
            this.dialog.add(BuyerDialog, {}, {onClose: resolve});
        });
        return Boolean(order.b2b2c_member_token);
    },

    setLineAmount(line, amount) {
        line.setAmount(amount);
        this.numberBuffer.set(line.amount.toString());
    },

    deletePaymentLine(uuid) {
        const line = this.paymentLines.find((one) => one.uuid === uuid);
        if (!mayBeHeld(line) || line.amount < 0) {
            return super.deletePaymentLine(...arguments);
        }
        return this.deletePointsLine(line);
    },

    async deletePointsLine(line) {
        const terminal = line.payment_method_id.payment_terminal;
        line.setPaymentStatus("waitingCancel");
        if (await terminal.sendPaymentCancel(this.currentOrder, line.uuid)) {
            this.currentOrder.removePaymentline(line);
            this.numberBuffer.reset();
        } else {
            line.setPaymentStatus("retry");
        }
    },

    async sendForceDone(line) {
        if (!isPoints(line)) {
            return super.sendForceDone(...arguments);
        }
        this.dialog.add(AlertDialog, {
            title: line.payment_method_id.name,
            body: _t("Points are paid when the server has reserved them, not before."),
        });
        line.setPaymentStatus("retry");
        this.pos.paymentTerminalInProgress = false;
    },
});
