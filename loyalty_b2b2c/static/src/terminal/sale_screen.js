import { Component, onMounted, useState } from "@odoo/owl";
import { getCurrency } from "@web/core/currency";
import { localization } from "@web/core/l10n/localization";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { findFault, isUsable, press, spell, tidy } from "./amount";
import { PayDialog } from "./pay_dialog";
import { ProductDialog } from "./product_dialog";
import { useTerminalServer } from "./terminal_service";

const PREVIEW_DELAY = 300;
const QUANTITY_DECIMALS = 3;

/** What did he buy, and what does he get for it? */
export class SaleScreen extends Component {
    static template = "loyalty_b2b2c.TerminalSale";
    static props = {
        counter: Object,
        draft: Object, // person, key, amount, receipt, …: kept by the parent
        onDone: Function,
        onSent: Function,
    };

    setup() {
        this.call = useTerminalServer();
        this.dialog = useService("dialog");
        this.last = new KeepLast();
        this.draft = useState(this.props.draft);
        this.state = useState({
            busy: false,
            error: "",
            offline: Boolean(this.draft.sent),
            preview: null,
            loading: false,
            why: false,
            paid: "",
        });
        this.currency = getCurrency(this.props.counter.currency_id);
        this.decimals = this.currency.digits[1];
        this.keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "separator", "0", "back"];
        this.separator = localization.decimalPoint;
        this.askPreview = useDebounced(() => this.loadPreview(), PREVIEW_DELAY);
        onMounted(() => this.onChanged());
    }

    get initials() {
        const words = this.draft.person.name.split(" ").filter(Boolean);
        return words
            .slice(0, 2)
            .map((word) => word[0].toUpperCase())
            .join("");
    }

    get firstName() {
        return this.draft.person.name.split(" ")[0];
    }

    get fault() {
        return findFault(this.draft.amount, this.decimals);
    }

    get quantityFault() {
        const { product, quantity } = this.draft;
        return product && !isUsable(quantity, QUANTITY_DECIMALS);
    }

    get quantityWords() {
        const { product, quantity } = this.draft;
        return product ? findFault(quantity, QUANTITY_DECIMALS) : "";
    }

    get isReady() {
        return isUsable(this.draft.amount, this.decimals) && !this.quantityFault;
    }

    get sale() {
        const { amount, receipt, product, quantity, referral } = this.draft;
        return {
            amount,
            receipt,
            referral_code: referral || false,
            product_id: product ? product.id : false,
            quantity: product ? quantity : false,
        };
    }

    // -------------------------------------------------------------------------
    // Entering
    // -------------------------------------------------------------------------

    press(key) {
        this.draft.amount = press(this.draft.amount, key, this.decimals);
        this.onChanged();
    }

    clear() {
        this.draft.amount = "";
        this.onChanged();
    }

    onChanged() {
        this.state.error = "";
        if (this.isReady) {
            this.state.loading = true;
            this.askPreview();
        } else {
            this.state.loading = false;
            this.state.preview = null;
        }
    }

    pickProduct() {
        this.dialog.add(ProductDialog, {
            onPicked: (product) => {
                this.draft.product = product;
                this.draft.quantity = "1";
                this.proposeAmount();
                this.onChanged();
            },
        });
    }

    payWithPoints() {
        this.dialog.add(PayDialog, {
            ticket: this.draft.person.ticket,
            name: this.firstName,
            amount: this.draft.amount,
            decimals: this.decimals,
            symbol: this.currency.symbol,
            onPaid: ({ amount, balances }) => {
                this.state.paid = amount;
                this.draft.person.balances = balances;
            },
        });
    }

    dropProduct() {
        this.draft.product = null;
        this.onChanged();
    }

    changeQuantity(step) {
        const typed = this.quantityFault ? 0 : tidy(this.draft.quantity).replace(",", ".");
        const quantity = Math.max(1, Math.floor(Number(typed)) + step);
        this.draft.quantity = String(quantity);
        this.proposeAmount();
        this.onChanged();
    }

    /** Proposes the list price; an amount somebody typed stays. */
    proposeAmount() {
        const { product, quantity, amount, proposed } = this.draft;
        if (product.price && (!amount || amount === proposed)) {
            const total = spell(product.price * Number(quantity), this.decimals);
            this.draft.amount = this.draft.proposed = total.replace(".", this.separator);
        }
    }

    // -------------------------------------------------------------------------
    // Asking and recording
    // -------------------------------------------------------------------------

    async loadPreview() {
        if (!this.isReady || this.state.busy) {
            return;
        }
        const { result, error } = await this.last.add(
            this.call("preview", this.draft.person.ticket, this.sale)
        );
        this.state.loading = false;
        this.state.preview = result || null;
        if (error) {
            this.state.error = error;
        }
    }

    async confirm() {
        if (this.state.busy || !this.isReady) {
            return;
        }
        Object.assign(this.state, { busy: true, error: "", offline: false });
        this.draft.sent = true;
        this.props.onSent(this.draft);
        const { person, key } = this.draft;
        const { result, error, offline } = await this.call(
            "record",
            person.ticket,
            this.sale,
            key
        );
        this.state.busy = false;
        if (result) {
            this.props.onDone(result);
            return;
        }
        this.state.offline = Boolean(offline);
        this.state.error = error;
        if (!offline) {
            this.draft.sent = false; // the server answered: nothing was recorded
            this.props.onSent(null);
        }
    }
}
