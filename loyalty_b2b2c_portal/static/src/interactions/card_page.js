import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/** Keeps the screen on while the own card is shown: nobody likes to unlock a phone. */
export class CardPage extends Interaction {
    static selector = ".o_b2b2c_card_page";
    dynamicContent = {
        _document: {"t-on-visibilitychange": this.keepAwake},
    };

    setup() {
        this.lock = null;
        this.registerCleanup(() => this.lock?.release());
    }

    start() {
        this.keepAwake();
    }

    async keepAwake() {
        if (document.visibilityState !== "visible" || !navigator.wakeLock) {
            return;
        }
        try {
            this.lock = await navigator.wakeLock.request("screen");
        } catch {
            this.lock = null; // The battery is low: the card is there all the same
        }
    }
}

registry.category("public.interactions").add("loyalty_b2b2c_portal.card_page", CardPage);
