import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Copies the code of a voucher, or a link, where the browser lets a page do that. */
export class VoucherCopy extends Interaction {
    static selector = ".o_b2b2c_voucher_copy, .o_b2b2c_copy";
    dynamicContent = {
        _root: {
            "t-on-click": this.onClick,
            "t-att-class": () => ({ "d-none": !browser.navigator.clipboard }),
            "t-out": () => (this.isCopied ? _t("Copied") : _t("Copy")),
        },
    };

    setup() {
        this.isCopied = false;
    }

    async onClick() {
        await this.waitFor(browser.navigator.clipboard.writeText(this.el.dataset.code));
        this.isCopied = true;
    }
}

registry
    .category("public.interactions")
    .add("loyalty_b2b2c_portal.voucher_copy", VoucherCopy);
