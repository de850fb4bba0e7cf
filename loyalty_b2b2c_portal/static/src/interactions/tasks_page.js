import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";

/** Where the phone remembers for which prizes confetti has fallen. */
const SEEN = "b2b2c_tasks_seen";
const MOST_SEEN = 100;
const PIECES = 36;
const COLORS = ["#2a7fde", "#e8a317", "#1f9d55", "#d6336c", "#7048e8"];

/**
 * Keeps the page of tasks as it is now, and celebrates what was reached.
 *
 * The messages of the bus only say that something happened; what is shown comes from the
 * server, which draws the page anew.
 */
export class TasksPage extends Interaction {
    static selector = ".o_b2b2c_tasks";

    start() {
        const onNews = () => this.waitFor(this.refresh());
        for (const type of ["b2b2c_rewards", "b2b2c_tasks"]) {
            this.services.bus_service.subscribe(type, onNews);
            this.registerCleanup(() =>
                this.services.bus_service.unsubscribe(type, onNews)
            );
        }
        this.services.bus_service.start();
        this.celebrate();
    }

    async refresh() {
        const response = await fetch(browser.location.href, { credentials: "same-origin" });
        if (!response.ok || response.redirected) {
            return;
        }
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const fresh = page.querySelector(".o_b2b2c_tasks_live");
        const shown = this.el.querySelector(".o_b2b2c_tasks_live");
        if (fresh && shown && fresh.innerHTML !== shown.innerHTML) {
            shown.replaceChildren(...fresh.childNodes);
            this.celebrate();
        }
    }

    /** Let confetti fall for what was won since this phone looked last. */
    celebrate() {
        const won = [...this.el.querySelectorAll("[data-reached]")].flatMap((el) =>
            el.dataset.reached.split(" ").filter(Boolean)
        );
        const seen = (browser.localStorage.getItem(SEEN) || "").split(" ");
        const fresh = won.filter((id) => !seen.includes(id));
        if (!fresh.length) {
            return;
        }
        browser.localStorage.setItem(
            SEEN,
            [...seen, ...fresh].filter(Boolean).slice(-MOST_SEEN).join(" ")
        );
        const confetti = document.createElement("div");
        confetti.className = "o_b2b2c_confetti";
        confetti.setAttribute("aria-hidden", "true");
        for (let number = 0; number < PIECES; number++) {
            const piece = document.createElement("i");
            piece.style.left = `${Math.random() * 100}%`;
            piece.style.backgroundColor = COLORS[number % COLORS.length];
            piece.style.animationDelay = `${Math.random() * 0.8}s`;
            confetti.append(piece);
        }
        this.insert(confetti, document.body);
        this.waitForTimeout(() => confetti.remove(), 4000);
    }
}

registry.category("public.interactions").add("loyalty_b2b2c_portal.tasks_page", TasksPage);
