import {PaymentForm} from "@payment/interactions/payment_form";
import {RPCError} from "@web/core/network/rpc";
import {patch} from "@web/core/utils/patch";

/**
 * Words once why a payment is refused, as when points lapsed since the page was opened.
 *
 * The form shows the sentence in a dialog and lets the error go on, which would show it
 * a moment later in a notification, too.
 */
patch(PaymentForm.prototype, {
    _displayErrorDialog(title, errorMessage) {
        this.b2b2cWorded = errorMessage;
        return super._displayErrorDialog(...arguments);
    },

    async submitForm() {
        this.b2b2cWorded = null;
        try {
            await super.submitForm(...arguments);
        } catch (error) {
            const isWorded =
                error instanceof RPCError && error.data?.message === this.b2b2cWorded;
            if (!isWorded) {
                throw error;
            }
        }
    },
});
