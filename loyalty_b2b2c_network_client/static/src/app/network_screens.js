import { isPoints, mayBeHeld, sumPoints } from "./network_payment";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { _t } from "@web/core/l10n/translation";
import { extend } from "./harmless";

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

    // Odoo tells a terminal of lines that wait only, not of one whose answer was lost
    deletePaymentLine(odoo, uuid) {
        const line = this.paymentLines.find((one) => one.uuid === uuid);
        return mayBeHeld(line)
            ? deleteNetworkLine(this, line)
            : odoo();
    },
});

async function deleteNetworkLine(screen, line) {
    const terminal = line.payment_method_id.payment_terminal;
    line.setPaymentStatus("waitingCancel");
    if (await terminal.sendPaymentCancel(screen.currentOrder, line.uuid)) {
        screen.currentOrder.removePaymentline(line);
        screen.numberBuffer.reset();
    } else {
        line.setPaymentStatus("retry");
    }
}

extend(PosStore.prototype, {
    // What was reserved for a ticket goes with it
    async _onBeforeDeleteOrder(odoo, order) {
        for (const line of order.payment_ids.filter(mayBeHeld)) {
            await line.payment_method_id.payment_terminal.sendPaymentCancel(order, line.uuid);
        }
        return odoo();
    },
});

extend(OrderPaymentValidation.prototype, {
    // The basket may have become cheaper since the points were reserved
    async isOrderValid(odoo) {
        const { order } = this;
        const points = sumPoints(order);
        if (points <= 0 || points <= order.priceIncl + 0.00001) {
            return odoo();
        }
        this.pos.dialog.add(AlertDialog, {
            title: _t("Points are not money"),
            body: _t(
                "More is paid in points than the goods cost: the rest would be paid out. " +
                    "Reverse or delete the line of points."
            ),
        });
        return false;
    },
});
