import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/**
 * Shows new points on an open page, without a reload.
 *
 * The message of the bus only says that something happened; what is shown comes from the
 * server, which knows whose account it is.
 */
export class LiveRewards extends Interaction {
    // the scan page shows the answers itself
    static selector = ".o_b2b2c_rewards:not(.o_b2b2c_scan_page)";

    start() {
        const onNews = (payload) => this.waitFor(this.refresh(payload));
        this.services.bus_service.subscribe("b2b2c_rewards", onNews);
        this.registerCleanup(() =>
            this.services.bus_service.unsubscribe("b2b2c_rewards", onNews)
        );
        this.services.bus_service.start();
    }

    /**
     * @param {{account: number, message: number}} payload
     */
    async refresh({ account, message }) {
        const { balance, movements, news } = await rpc(`/my/rewards/${account}/live`, {
            message,
        });
        for (const el of this.el.querySelectorAll(`[data-b2b2c-account="${account}"]`)) {
            this.replace(el.querySelector(".o_b2b2c_balance"), balance);
            this.replace(el.querySelector(".o_b2b2c_last_movements"), movements);
            if (el.matches(".o_b2b2c_last")) {
                el.classList.toggle("d-none", !el.querySelector(".o_b2b2c_row"));
            }
        }
        // what is older than the page was seen elsewhere, as on the page for scanning
        if (news && news.age * 1000 < performance.now()) {
            this.services.notification.add(news.text, {
                title: news.title,
                type: "info",
                autocloseDelay: 8000,
            });
        }
    }

    /**
     * @param {HTMLElement|null} el what is shown now
     * @param {string} html rendered by the server
     */
    replace(el, html) {
        if (el) {
            const content = new DOMParser().parseFromString(html, "text/html");
            el.replaceWith(...content.body.childNodes);
        }
    }
}

registry
    .category("public.interactions")
    .add("loyalty_b2b2c_portal.live_rewards", LiveRewards);
