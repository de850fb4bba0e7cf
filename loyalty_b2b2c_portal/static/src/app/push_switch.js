import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { Interaction } from "@web/public/interaction";

import { SCOPE } from "./rewards_app";

const ROUTE = "/my/rewards/preferences/push";
const ALLOWED = "b2b2c_push"; // the users who allowed messages on this phone

function readAllowed() {
    try {
        return [...JSON.parse(browser.localStorage.getItem(ALLOWED))];
    } catch {
        return [];
    }
}

function setAllowed(isAllowed) {
    const others = readAllowed().filter((id) => id !== user.userId);
    const ids = isAllowed ? [...others, user.userId] : others;
    browser.localStorage.setItem(ALLOWED, JSON.stringify(ids));
}

/** @returns {Promise<PushManager|undefined>} of this browser, if it shows messages */
async function getManager() {
    const registration = await browser.navigator.serviceWorker?.getRegistration(SCOPE);
    return browser.Notification && registration?.pushManager;
}

/** Lets this browser show messages to who is signed in; the server hears of it. */
async function subscribe(manager) {
    const key = await rpc(`${ROUTE}/key`);
    const options = { userVisibleOnly: true, applicationServerKey: key };
    let device;
    try {
        device = await manager.subscribe(options);
    } catch {
        // it was there with another key
        await (await manager.getSubscription())?.unsubscribe();
        device = await manager.subscribe(options);
    }
    return rpc(ROUTE, { device: device.toJSON() });
}

/** On the page of wishes: whether this phone shows messages, at a tap. */
export class PushSwitch extends Interaction {
    static selector = ".o_b2b2c_push";
    dynamicContent = {
        ".o_b2b2c_push_on": { "t-on-click": () => this.allow() },
        ".o_b2b2c_push_off": { "t-on-click": () => this.stop() },
    };

    async willStart() {
        this.manager = await getManager();
        this.device = await this.manager?.getSubscription();
    }

    start() {
        this.show();
    }

    show(problem = "") {
        this.el.replaceChildren();
        const isDenied = browser.Notification?.permission === "denied";
        const isOn = this.device && readAllowed().includes(user.userId);
        const values = { isPossible: Boolean(this.manager), isDenied, isOn, problem };
        this.renderAt("loyalty_b2b2c_portal.PushSwitch", values, this.el);
    }

    async allow() {
        if ((await browser.Notification.requestPermission()) !== "granted") {
            return this.show();
        }
        let isDone = false;
        try {
            isDone = await this.waitFor(subscribe(this.manager));
        } catch (error) {
            console.warn("No messages on this phone:", error);
        }
        this.device = await this.manager.getSubscription();
        setAllowed(isDone);
        this.protectSyncAfterAsync(() => {
            const box = document.querySelector("#b2b2c_notify_push");
            box.checked = box.checked || isDone;
            this.show(isDone ? "" : _t("That did not work. Try again later."));
        })();
    }

    async stop() {
        const { endpoint } = this.device;
        await this.waitFor(this.device.unsubscribe());
        await this.waitFor(rpc(`${ROUTE}/forget`, { endpoint }));
        this.device = null;
        setAllowed(false);
        this.show();
    }
}

/** Who allowed messages here and signs in again has them again. */
export class PushAgain extends Interaction {
    static selector = ".o_b2b2c_rewards:not(.o_b2b2c_kept)";

    async willStart() {
        if (readAllowed().includes(user.userId) && browser.Notification?.permission === "granted") {
            this.renew().catch(() => {}); // the next page tries again
        }
    }

    async renew() {
        const manager = await getManager();
        if (manager && !(await manager.getSubscription())) {
            await subscribe(manager);
        }
    }
}

const interactions = registry.category("public.interactions");
interactions.add("loyalty_b2b2c_portal.push_switch", PushSwitch);
interactions.add("loyalty_b2b2c_portal.push_again", PushAgain);
