import {getMostInPoints, isPoints, isPointsMethod, mayBeHeld} from "./points_payment";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {BuyerDialog} from "@loyalty_b2b2c_pos/app/buyer/buyer_dialog";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {_t} from "@web/core/l10n/translation";
import {extend} from "@loyalty_b2b2c_pos/app/harmless";

// What a line may rest in; anything else was cut off by a reload, and is asked again
const AT_REST = ["pending", "retry", "done", "reversed"];

extend(PaymentScreen.prototype, {
    setup(odoo) {
        odoo();
        for (const line of this.paymentLines.filter(isPoints)) {
            const status = line.getPaymentStatus();
            if (status && !AT_REST.includes(status)) {
                line.setPaymentStatus("retry");
            }
        }
    },

    async addNewPaymentLine(odoo, paymentMethod) {
        if (!isPointsMethod(paymentMethod)) {
            return odoo();
        }
        const terminal = paymentMethod.payment_terminal;
        try {
            return this.isRefundOrder
                ? await addPointsBack(this, odoo, terminal)
                : await addPoints(this, odoo, terminal);
        } catch (error) {
            terminal.say(terminal.wordError(error));
            return false;
        }
    },

    deletePaymentLine(odoo, uuid) {
        const line = this.paymentLines.find((one) => one.uuid === uuid);
        return mayBeHeld(line) && line.amount >= 0 ? deletePointsLine(this, line) : odoo();
    },

    async sendForceDone(odoo, line) {
        if (!isPoints(line)) {
            return odoo();
        }
        this.dialog.add(AlertDialog, {
            title: line.payment_method_id.name,
            body: _t("Points are paid when the server has reserved them, not before."),
        });
        line.setPaymentStatus("retry");
        this.pos.paymentTerminalInProgress = false;
    },
});

async function addPoints(screen, odoo, terminal) {
    const order = screen.currentOrder;
    if (!order.b2b2c_member_token && !(await askForMember(screen, order))) {
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
    // It may have been paid otherwise while the server was asked
    if (order.finalized || !(await odoo())) {
        return false;
    }
    const line = screen.selectedPaymentLine;
    const most = getMostInPoints(order, line);
    setLineAmount(screen, line, answer.is_hidden ? most : Math.min(answer.amount, most));
    return true;
}

async function addPointsBack(screen, odoo, terminal) {
    const order = screen.currentOrder;
    const {points} = await terminal.getRefundable(order);
    if (!points) {
        terminal.say(_t("These goods were not paid in points."));
        return false;
    }
    if (order.finalized || !(await odoo())) {
        return false;
    }
    const line = screen.selectedPaymentLine;
    setLineAmount(screen, line, Math.max(line.amount, -points));
    return true;
}

// The dialog with which a cashier names who buys, also without a scanner
async function askForMember(screen, order) {
    await new Promise((resolve) => {
        screen.dialog.add(BuyerDialog, {}, {onClose: resolve});
    });
    return Boolean(order.b2b2c_member_token);
}

function setLineAmount(screen, line, amount) {
    line.setAmount(amount);
    screen.numberBuffer.set(line.amount.toString());
}

async function deletePointsLine(screen, line) {
    const terminal = line.payment_method_id.payment_terminal;
    line.setPaymentStatus("waitingCancel");
    if (await terminal.sendPaymentCancel(screen.currentOrder, line.uuid)) {
        screen.currentOrder.removePaymentline(line);
        screen.numberBuffer.reset();
    } else {
        line.setPaymentStatus("retry");
    }
}
