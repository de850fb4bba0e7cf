import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { pyToJsLocale } from "@web/core/l10n/utils";
import { registry } from "@web/core/registry";

import { ScanPage } from "../scan/scan_page";
import { choosePerson, readPeople } from "../app/phone";

const AGAIN = 10000; // ms until the network is tried again
const SCAN = "/my/rewards/scan";
const PING = "/my/rewards/service-worker.js"; // a small answer that no worker gives

/** The page a phone shows where there is no network: whose it is, and scanning. */
export class AppPage extends Component {
    static template = "loyalty_b2b2c_portal.AppPage";
    static components = { ScanPage };
    static props = {};

    setup() {
        this.state = useState({ people: readPeople(), isBack: false });
        const look = () => this.look();
        onMounted(() => {
            browser.addEventListener("online", look);
            this.timer = browser.setInterval(look, AGAIN);
        });
        onWillUnmount(() => {
            browser.removeEventListener("online", look);
            browser.clearInterval(this.timer);
        });
    }

    get people() {
        return this.state.people;
    }

    get person() {
        return this.people.known.find((one) => one.user === this.people.current);
    }

    get isScan() {
        return /\/my\/rewards\/(scan|app)$/.test(browser.location.pathname);
    }

    get scanProps() {
        const { at, ...person } = this.person;
        const when = { dateStyle: "short", timeStyle: "short" };
        const lang = document.documentElement.lang;
        return {
            ...person,
            code: new URLSearchParams(browser.location.search).get("code") || "",
            take: false,
            recent: [],
            at: at ? new Intl.DateTimeFormat(lang, when).format(at) : "",
            onSent: () => (this.state.isBack = true),
        };
    }

    /** Finds out whether the network is back. */
    async look() {
        try {
            const answer = await browser.fetch(PING, { method: "HEAD", cache: "no-store" });
            this.state.isBack = answer.ok;
        } catch {
            this.state.isBack = false;
        }
    }

    reload() {
        if (browser.location.pathname === "/my/rewards/app") {
            browser.location.assign(SCAN);
        } else {
            browser.location.reload();
        }
    }

    /** @param {number} user who scans now, 0: ask */
    choose(user) {
        choosePerson(user);
        this.state.people = readPeople();
        const { lang } = this.person || {};
        if (lang && pyToJsLocale(lang) !== document.documentElement.lang) {
            browser.location.assign(`/my/rewards/app?lang=${lang}`);
        }
    }
}

registry.category("public_components").add("loyalty_b2b2c_portal.app", AppPage);
