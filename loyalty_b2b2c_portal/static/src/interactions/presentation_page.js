import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

import { CardPage } from "./card_page";

const LOOK = 3000; // ms: who came is seen soon

/**
 * The presenter's screen: the code changes by itself, and who came appears.
 *
 * The screen stays on, as that of the own card does.
 */
export class PresentationPage extends CardPage {
    static selector = ".o_b2b2c_presentation[data-live]";

    start() {
        super.start();
        this.show({ seconds: Number(this.el.dataset.seconds) });
        const look = browser.setInterval(() => this.waitFor(this.look()), LOOK);
        const tick = browser.setInterval(() => this.tick(), 1000);
        this.registerCleanup(() => {
            browser.clearInterval(look);
            browser.clearInterval(tick);
        });
    }

    /** Count down; the next code is fetched when this one is over. */
    tick() {
        this.seconds -= 1;
        this.find("seconds").textContent = Math.max(this.seconds, 0);
        if (this.seconds === 0) {
            this.waitFor(this.look());
        }
    }

    async look() {
        if (this.isLooking) {
            return;
        }
        this.isLooking = true;
        try {
            const shown = this.find("code").textContent;
            this.show(await rpc(this.el.dataset.live, { shown }, { silent: true }));
            this.find("offline").classList.add("d-none");
        } catch {
            // no network: an old code would be refused, so it is said
            this.find("offline").classList.toggle("d-none", this.seconds > -3);
        } finally {
            this.isLooking = false;
        }
    }

    /** @param {Object} shown see Screen.code of the server */
    show(shown) {
        if (shown.is_open === false) {
            browser.location.reload();
            return;
        }
        this.seconds = shown.seconds;
        this.find("seconds").textContent = this.seconds;
        if (!shown.code) {
            return;
        }
        if (shown.picture) {
            this.find("code").textContent = shown.code;
            this.find("picture").src = shown.picture;
        }
        this.find("count").textContent = shown.count;
        this.find("names").replaceChildren(
            ...shown.names.map((name) => {
                const row = document.createElement("li");
                row.className = "list-group-item";
                row.textContent = name;
                return row;
            })
        );
    }

    find(name) {
        return this.el.querySelector(`.o_b2b2c_presentation_${name}`);
    }
}

registry
    .category("public.interactions")
    .add("loyalty_b2b2c_portal.presentation_page", PresentationPage);
