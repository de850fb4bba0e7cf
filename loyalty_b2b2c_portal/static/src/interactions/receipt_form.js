import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const LOOK_AGAIN = 6000; // ms, while one is being read
const LOOK_SELDOM = 5; // of these, while a person looks at one

/** Shows the photos that are chosen, says that they are on their way, and what became of
 * those that were sent. */
export class ReceiptForm extends Interaction {
    static selector = ".o_b2b2c_receipts";
    dynamicContent = {
        form: { "t-on-submit": this.onSubmit },
        "input[type=file]": { "t-on-change": this.onChoose },
        ".o_b2b2c_receipts_send": {
            "t-att-disabled": () => this.isSending,
            "t-out": () => (this.isSending ? _t("Sending…") : _t("Send")),
        },
        _window: { "t-on-pageshow": () => (this.isSending = false) },
    };

    setup() {
        this.isSending = false;
        this.looks = 0;
    }

    start() {
        const timer = browser.setInterval(() => this.waitFor(this.look()), LOOK_AGAIN);
        this.registerCleanup(() => browser.clearInterval(timer));
    }

    /** A picture of each photo, the name of anything else. */
    onChoose() {
        const place = this.el.querySelector(".o_b2b2c_chosen");
        for (const picture of place.querySelectorAll("img")) {
            URL.revokeObjectURL(picture.src);
        }
        const files = [...this.el.querySelectorAll("input[type=file]")].flatMap((input) => [
            ...input.files,
        ]);
        place.replaceChildren(...files.map((file) => this.draw(file)));
    }

    draw(file) {
        const name = document.createElement("span");
        name.textContent = file.name;
        if (!file.type.startsWith("image/")) {
            return name;
        }
        const picture = document.createElement("img");
        picture.className = "o_b2b2c_thumb";
        picture.alt = file.name;
        picture.addEventListener("error", () => picture.replaceWith(name)); // HEIC
        picture.src = URL.createObjectURL(file);
        return picture;
    }

    onSubmit() {
        // after this event, or the browser would not send the form
        this.waitForTimeout(() => (this.isSending = true), 0);
    }

    /** Only the list: a photo that was chosen for the next one stays chosen. */
    async look() {
        const list = this.el.querySelector(".o_b2b2c_receipts_list[data-open]");
        const isSeldom = !list?.matches("[data-reading]") && this.looks++ % LOOK_SELDOM;
        if (!list || isSeldom || this.isSending || list.querySelector("details[open]")) {
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
