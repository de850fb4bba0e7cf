import {isPoints, mayBeHeld} from "./points_payment";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {_t} from "@web/core/l10n/translation";
import {extend} from "@loyalty_b2b2c_pos/app/harmless";

extend(PosStore.prototype, {
    // What was reserved for a ticket goes with it; offline, the server frees it later
    async _onBeforeDeleteOrder(odoo, order) {
        for (const line of order.payment_ids.filter(mayBeHeld)) {
            if (!(await line.payment_method_id.payment_terminal.release(line.uuid))) {
                return false;
            }
        }
        return odoo();
    },

    // Payments of a bill do not go along when another takes its lines (pos_restaurant)
    async mergeOrders(odoo, from) {
        const wasHeld = from.payment_ids.some(mayBeHeld);
        const merged = await odoo();
        if (wasHeld) {
            this.notification.add(
                _t("The points that were reserved for the other bill are free again.")
            );
        }
        return merged;
    },
});

// The basket may have become cheaper since the points were reserved
function findPointsAsChange({order, pos}) {
    const points = order.payment_ids
        .filter((line) => isPoints(line) && line.isDone())
        .reduce((sum, line) => sum + line.amount, 0);
    if (points <= 0 || points <= order.priceIncl + 0.00001) {
        return "";
    }
    return _t(
        "%(points)s are paid in points, and the goods cost %(price)s: the rest " +
            "would be paid out. Reverse or delete the line of points.",
        {
            points: pos.env.utils.formatCurrency(points),
            price: pos.env.utils.formatCurrency(order.priceIncl),
        }
    );
}

// What was paid in points comes back in points
async function findPointsPaidOut({order, pos, payment_methods_from_config}) {
    const money = order.payment_ids
        .filter((line) => !isPoints(line) && line.isDone())
        .reduce((sum, line) => sum + line.amount, 0);
    const method = payment_methods_from_config.find(
        (one) => one.payment_terminal?.getRefundable
    );
    if (!method || money >= 0) {
        return "";
    }
    let left = null;
    try {
        left = await method.payment_terminal.getRefundable(order);
    } catch {
        return hasPointsInOrigin(order)
            ? _t("No connection: goods paid in points are taken back online.")
            : "";
    }
    if (!left.points || -money <= left.money + 0.00001) {
        return "";
    }
    return _t(
        "Of these goods, %(money)s were paid in money. The rest comes back in " +
            "points: choose “%(method)s”.",
        {
            money: pos.env.utils.formatCurrency(left.money),
            method: method.name,
        }
    );
}

function hasPointsInOrigin(order) {
    return order.lines.some((line) =>
        line.refunded_orderline_id?.order_id?.payment_ids.some(isPoints)
    );
}

extend(OrderPaymentValidation.prototype, {
    async isOrderValid(odoo) {
        const problem = this.order.isRefund
            ? await findPointsPaidOut(this)
            : findPointsAsChange(this);
        if (problem) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("Points are not money"),
                body: problem,
            });
            return false;
        }
        return odoo();
    },
});
