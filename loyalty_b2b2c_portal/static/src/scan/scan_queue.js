import { browser } from "@web/core/browser/browser";

/** Returns a key nobody else chooses; pages without https have no `randomUUID`. */
export function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Scans that the server has not answered yet, kept on the phone.
 *
 * A scan is written down before it is sent, with a key of its own: sent twice, it counts
 * once.  Each user of the phone has a queue of his own.
 */
export class ScanQueue {
    /** @param {number} user id of the signed-in user */
    constructor(user) {
        this.name = `b2b2c_scans_${user}`;
        this.newsName = `b2b2c_scanned_${user}`;
    }

    /** @returns {{key: string, code: string, pin: string, at: number}[]} oldest first */
    get() {
        try {
            const scans = JSON.parse(browser.localStorage.getItem(this.name));
            return Array.isArray(scans) ? scans : [];
        } catch {
            return [];
        }
    }

    add(scan) {
        this.set([...this.get(), scan]);
    }

    /** Other tabs change the list, too: it is read again before it is written. */
    remove(key) {
        this.set(this.get().filter((scan) => scan.key !== key));
    }

    set(scans) {
        browser.localStorage.setItem(this.name, JSON.stringify(scans));
    }

    /** Forgets which scans were to wait: somebody opened the page, or wants it now. */
    hurry() {
        if (this.get().some((scan) => scan.later)) {
            this.set(this.get().map(({ later: _later, ...scan }) => scan));
        }
    }

    /**
     * Keeps what the page shows after an answer.  A page that is opened while another one
     * still sends was drawn by the server before that scan counted.
     *
     * @param {{balances: string[], recent: Object[]}} shown
     */
    setNews(shown) {
        browser.localStorage.setItem(this.newsName, JSON.stringify({ ...shown, at: Date.now() }));
    }

    /**
     * @param {number} since milliseconds since 1970
     * @returns {{balances: string[], recent: Object[], at: number}|null} what another page
     *  showed later than that
     */
    getNews(since) {
        try {
            const news = JSON.parse(browser.localStorage.getItem(this.newsName));
            return news?.at > since ? news : null;
        } catch {
            return null;
        }
    }
}
