import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const LOOK_AGAIN = 6000; // ms

/** Says that photos are on their way, and what became of those that are being read. */
export class ReceiptForm extends Interaction {
    static selector = ".o_b2b2c_receipts";
    dynamicContent = {
        form: { "t-on-submit": this.onSubmit },
        ".o_b2b2c_receipts_send": {
            "t-att-disabled": () => this.isSending,
            "t-out": () => (this.isSending ? _t("Sending…") : _t("Send")),
        },
        _window: { "t-on-pageshow": () => (this.isSending = false) },
    };

    setup() {
        this.isSending = false;
    }

    start() {
        const timer = browser.setInterval(() => this.waitFor(this.look()), LOOK_AGAIN);
        this.registerCleanup(() => browser.clearInterval(timer));
    }

    onSubmit() {
        // after this event, or the browser would not send the form
        this.waitForTimeout(() => (this.isSending = true), 0);
    }

    /** Only the list: a photo that was chosen for the next one stays chosen. */
    async look() {
        const list = this.el.querySelector(".o_b2b2c_receipts_list[data-reading]");
        if (!list || this.isSending) {
            return;
        }
        try {
            const response = await browser.fetch("/my/rewards/receipts");
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            const news = page.querySelector(".o_b2b2c_receipts_list");
            if (news) {
                list.replaceWith(news);
            }
        } catch {
            // no network: the next look
        }
    }
}

registry
    .category("public.interactions")
    .add("loyalty_b2b2c_portal.receipt_form", ReceiptForm);
