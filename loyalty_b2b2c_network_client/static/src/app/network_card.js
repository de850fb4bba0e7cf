import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { TextInputPopup } from "@point_of_sale/app/components/popups/text_input_popup/text_input_popup";
import { _t } from "@web/core/l10n/translation";
import { add } from "./harmless";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";

// The stored value of payment methods that take points of a network
export const NETWORK = "b2b2c_network";

/**
 * Asks the own server, which asks the network; no answer is an answer in words, and lost.
 */
export async function ask(pos, method, values) {
    try {
        return await pos.data.call("pos.session", method, [[pos.session.id], values]);
    } catch (error) {
        if (error instanceof ConnectionLostError) {
            return {
                isLost: true,
                refused: _t(
                    "No connection: points cannot be spent now. The sale can be paid " +
                        "otherwise, and is reported later."
                ),
            };
        }
        const refused = error.data?.message || _t("The network could not be asked.");
        return { isLost: true, refused };
    }
}

/**
 * Asks for a customer's code, and says who shows it and what there is.
 *
 * A code that nobody has is forgotten; one that could not be asked for stays: the sale is
 * reported with it.
 *
 * @returns {Promise<Boolean>} whether the order has a card now
 */
export async function askCard(pos, dialog) {
    const order = pos.getOrder();
    const typed = await makeAwaitable(dialog, TextInputPopup, {
        title: _t("Points card: scan or type the code"),
        startingValue: order.b2b2c_network_code || "",
    });
    if (typed === undefined) {
        return Boolean(order.b2b2c_network_code);
    }
    const code = typed.trim();
    const values = { code, amount: order.priceIncl };
    const answer = code ? await ask(pos, "b2b2c_network_show", values) : {};
    order.b2b2c_network_code = answer.code === "unknown_member" ? "" : code;
    order.uiState.b2b2cNetworkName = answer.name || "";
    if (code) {
        const words = {
            title: answer.name || _t("Points card"),
            body: answer.refused || wordCard(answer),
        };
        await new Promise((onClose) => dialog.add(AlertDialog, words, { onClose }));
    }
    return Boolean(order.b2b2c_network_code);
}

function wordCard({ balances, gains, spendable }) {
    const has = balances.map((row) => `${row.available} ${row.unit}`);
    const gets = gains.map((row) => `+${row.points + row.points_pending} ${row.unit}`);
    const pays = spendable.map((row) => `${row.amount} ${row.currency}`);
    return [
        _t("Has %s.", has.join(", ") || "0"),
        pays.length ? _t("Can pay %s.", pays.join(", ")) : "",
        gets.length ? _t("This sale gives %s.", gets.join(", ")) : "",
    ]
        .filter(Boolean)
        .join(" ");
}

add(ControlButtons.prototype, {
    get hasNetwork() {
        return this.pos.config.payment_method_ids.some(
            (method) => method.use_payment_terminal === NETWORK
        );
    },

    get networkCardName() {
        return this.pos.getOrder()?.uiState.b2b2cNetworkName || _t("Points card");
    },

    async showNetworkCard() {
        await askCard(this.pos, this.dialog);
    },
});
