import { browser } from "@web/core/browser/browser";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const PAUSE = 300; // ms without a key

/**
 * Finds while one types, adds the next page below, and marks favourites on the spot.
 *
 * All of it are links and forms: without this file, or when a call fails, the browser
 * follows them.
 */
export class StorePage extends Interaction {
    static selector = ".o_b2b2c_store";
    dynamicContent = {
        ".o_b2b2c_store_search input[type=search]": {
            "t-on-input": this.debounced(this.find, PAUSE),
        },
        ".o_b2b2c_store_search select": { "t-on-change": this.find },
        _root: { "t-on-click": this.onClick, "t-on-submit": this.onSubmit },
    };

    setup() {
        this.latest = 0;
    }

    /** Show what fits what stands in the search. */
    async find() {
        const form = this.el.querySelector(".o_b2b2c_store_search");
        const query = new URLSearchParams(new FormData(form));
        for (const [name, value] of [...query]) {
            if (!value) {
                query.delete(name);
            }
        }
        const url = `${form.getAttribute("action")}?${query}`;
        const number = ++this.latest;
        const results = this.el.querySelector(".o_b2b2c_store_results");
        results.setAttribute("aria-busy", "true");
        const page = await this.waitFor(this.read(url));
        if (number !== this.latest) {
            return; // more was typed in the meantime
        }
        if (!page) {
            return form.submit();
        }
        results.replaceWith(page);
        browser.history.replaceState(null, "", url);
    }

    onClick(ev) {
        const more = ev.target.closest(".o_b2b2c_store_more");
        if (more && !ev.ctrlKey && !ev.metaKey && !ev.shiftKey) {
            ev.preventDefault();
            this.add(more);
        }
    }

    /** Add the cards of the next page to those that are there. */
    async add(more) {
        more.classList.add("disabled");
        const page = await this.waitFor(this.read(more.href));
        if (!page) {
            browser.location.href = more.href;
            return;
        }
        const grid = this.el.querySelector(".o_b2b2c_store_grid");
        const cards = [...page.querySelectorAll(".o_b2b2c_store_card")];
        grid.append(...cards);
        const next = page.querySelector(".o_b2b2c_store_more");
        if (next) {
            more.replaceWith(next);
        } else {
            more.closest("nav").remove();
        }
        cards[0]?.querySelector("a").focus({ preventScroll: true });
    }

    onSubmit(ev) {
        if (ev.target.matches(".o_b2b2c_heart")) {
            ev.preventDefault();
            this.mark(ev.target);
        } else if (ev.target.matches(".o_b2b2c_store_search")) {
            ev.preventDefault();
            this.find();
        }
    }

    /** Tell the server what is a favourite now, and show it. */
    async mark(form) {
        const button = form.querySelector("button");
        const wanted = button.value;
        const body = new FormData(form);
        body.append(button.name, wanted);
        try {
            // the answer leads back to this page, which need not be loaded again
            const answer = await this.waitFor(
                browser.fetch(form.action, { method: "POST", body, redirect: "manual" })
            );
            if (answer.type !== "opaqueredirect") {
                throw new Error(answer.status);
            }
        } catch {
            browser.location.reload(); // somebody signed out, or the reward is gone
            return;
        }
        const isFavourite = wanted === "1";
        button.value = isFavourite ? "0" : "1";
        button.setAttribute("aria-pressed", String(isFavourite));
        button.querySelector("i").className = `fa ${isFavourite ? "fa-heart" : "fa-heart-o"}`;
    }

    /**
     * @param {string} url of a page of the catalogue
     * @returns {Promise<HTMLElement|null>} what was found; null when it cannot be read
     */
    async read(url) {
        try {
            const answer = await browser.fetch(url);
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            return page.querySelector(".o_b2b2c_store_results");
        } catch {
            return null;
        }
    }
}

registry.category("public.interactions").add("loyalty_b2b2c_portal.store_page", StorePage);
