import { isDisplayStandalone, isIOS } from "@web/core/browser/feature_detection";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { jsToPyLocale } from "@web/core/l10n/utils";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { Interaction } from "@web/public/interaction";

import { askToKeep, countWaiting, forgetBalances, getOthersWaiting } from "./phone";

export const SCOPE = "/my/rewards";
const WORKER = "/my/rewards/service-worker.js";
const HINT = "b2b2c_install_hint";
const interactions = registry.category("public.interactions");

/** Makes the pages of rewards an app: one that opens without a network, and is installed. */
export class RewardsApp extends Interaction {
    static selector = ".o_b2b2c_rewards:not(.o_b2b2c_kept)";
    dynamicContent = {
        _window: { "t-on-beforeinstallprompt": () => this.offer() },
        ".o_b2b2c_install": { "t-on-click": () => this.install() },
        ".o_b2b2c_install_no": { "t-on-click": () => this.decline() },
    };

    start() {
        this.isScan = this.el.matches(".o_b2b2c_scan_page");
        this.worker = browser.navigator.serviceWorker;
        // the server leaves the manifest out when the app is switched off
        this.manifest = document.querySelector("link[rel=manifest]");
        this.isOn = this.worker && this.manifest;
        this.showWaiting();
        if (this.isOn && user.userId) {
            this.keep();
            this.offer();
        } else if (this.worker && !this.isOn) {
            this.leave();
        }
        if (isDisplayStandalone()) {
            askToKeep();
        }
    }

    /** Lets the worker keep the page in this language; nothing waits for it. */
    async keep() {
        const lang = jsToPyLocale(document.documentElement.lang);
        const onReady = ({ data }) => data?.b2b2c === "ready" && this.showReady(data);
        this.addListener(this.worker, "message", onReady);
        try {
            // pages of other languages than the first have addresses of their own
            const { prefix } = this.manifest.dataset;
            const scopes = prefix ? [SCOPE, prefix + SCOPE] : [SCOPE];
            const [registration] = await Promise.all(
                scopes.map((scope) => this.worker.register(WORKER, { scope }))
            );
            const worker = registration.active || registration.waiting || registration.installing;
            worker.postMessage({ b2b2c: "prepare", lang });
        } catch (error) {
            console.warn("The page is not kept for use without a network:", error);
        }
    }

    /** What serves as the worker from now on removes it, and all that was kept. */
    async leave() {
        for (const registration of await this.worker.getRegistrations()) {
            if (registration.active?.scriptURL.endsWith(WORKER)) {
                registration.update().catch(() => {}); // the browser does it some day
            }
        }
    }

    showReady({ isReady, version }) {
        if (this.isScan && isReady && !this.el.querySelector(".o_b2b2c_ready")) {
            this.renderAt("loyalty_b2b2c_portal.AppReady", { version }, this.el);
        }
    }

    /** Says what waits to be sent, whoever's it is. */
    showWaiting() {
        const own = this.isScan ? 0 : countWaiting(user.userId);
        const others = getOthersWaiting(user.userId).map((other) => ({
            user: other.user,
            text:
                other.count === 1
                    ? _t("1 scan of %(initials)s waits here. It is sent when %(initials)s signs in on this phone.", other)
                    : _t("%(count)s scans of %(initials)s wait here. They are sent when %(initials)s signs in on this phone.", other),
        }));
        if (own || others.length) {
            const text =
                own === 1
                    ? _t("1 scan waits on this phone.")
                    : _t("%s scans wait on this phone.", own);
            const values = { own, text, others };
            this.renderAt("loyalty_b2b2c_portal.AppWaiting", values, this.el, "afterbegin");
        }
    }

    // === INSTALLING === //

    offer() {
        const { pwa } = this.services;
        const isPlace = this.isScan || this.el.querySelector(".o_b2b2c_scan_link");
        const isDone = isDisplayStandalone() || browser.localStorage.getItem(HINT);
        const isShown = this.el.querySelector(".o_b2b2c_install_hint");
        if (isPlace && !isDone && !isShown && this.isOn && (pwa.isAvailable || isIOS())) {
            pwa.startUrl = "/my/rewards/scan"; // under it Odoo notes what was answered
            const values = { isIOS: isIOS(), waiting: countWaiting(user.userId) };
            this.renderAt("loyalty_b2b2c_portal.AppInstall", values, this.el);
        }
    }

    install() {
        this.services.pwa.show({ onDone: () => this.decline() });
    }

    decline() {
        browser.localStorage.setItem(HINT, "no");
        this.el.querySelector(".o_b2b2c_install_hint")?.remove();
    }
}

/** Forgets whose the phone is as soon as a page says that nobody is signed in. */
export class SignedOut extends Interaction {
    static selector = "#wrapwrap";

    start() {
        const isKept = document.querySelector(".o_b2b2c_kept");
        if (!user.userId && !isKept && forgetBalances()) {
            this.waitFor(this.stopMessages());
        }
    }

    /** Messages of one person are not shown to the next. */
    async stopMessages() {
        const registration = await browser.navigator.serviceWorker?.getRegistration(SCOPE);
        const device = await registration?.pushManager?.getSubscription();
        await device?.unsubscribe();
    }
}

interactions.add("loyalty_b2b2c_portal.rewards_app", RewardsApp);
interactions.add("loyalty_b2b2c_portal.signed_out", SignedOut);
