/**
 * Talks to the messenger a page is opened in, as Telegram's clients do: by its native
 * bridge on a phone, by messages to the window around it in a browser.  Nothing of theirs
 * is loaded.
 *
 * https://core.telegram.org/bots/webapps
 */
const WEB = /^https:\/\/web\.telegram\.org$/;

export class MessengerBridge {
    /**
     * @param {Window} page
     */
    constructor(page) {
        this.page = page;
        this.listeners = new Map();
        const params = new URLSearchParams(page.location.hash.replace(/^#/, ""));
        /** What the messenger told about who looks, signed; empty: it is none. */
        this.told = params.get("tgWebAppData") || "";
        this.version = Number(params.get("tgWebAppVersion") || 0);
        this.platform = params.get("tgWebAppPlatform") || "";
        this.theme = readJson(params.get("tgWebAppThemeParams"));
        const receive = (type, data) => this.receive(type, data);
        page.Telegram = { WebView: { receiveEvent: receive } };
        page.TelegramGameProxy = { receiveEvent: receive };
        page.addEventListener("message", (ev) => {
            if (WEB.test(ev.origin) && typeof ev.data === "string") {
                const told = readJson(ev.data);
                receive(told.eventType, told.eventData);
            }
        });
    }

    /** Whether the messenger has a scanner of its own here. */
    get canScan() {
        return this.version >= 6.4 && ["android", "ios"].includes(this.platform);
    }

    /** Calls back when the messenger says that something happened. */
    on(type, listener) {
        this.listeners.set(type, listener);
    }

    receive(type, data) {
        this.listeners.get(type)?.(data || {});
    }

    /** Asks the messenger for something. */
    send(type, data = {}) {
        const { page } = this;
        if (page.TelegramWebviewProxy) {
            page.TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
        } else if (page.external && "notify" in page.external) {
            page.external.notify(JSON.stringify({ eventType: type, eventData: data }));
        } else if (page.parent !== page) {
            const told = JSON.stringify({ eventType: type, eventData: data });
            page.parent.postMessage(told, "https://web.telegram.org");
        }
    }
}

function readJson(text) {
    try {
        return JSON.parse(text || "{}") || {};
    } catch {
        return {};
    }
}
