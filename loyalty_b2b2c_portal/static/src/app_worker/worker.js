/* eslint-env serviceworker */
/* global APP */

/**
 * Opens the scan page where there is no network, and shows messages of the server.
 *
 * The server puts `APP` before this: its version, its addresses, the languages.  What is
 * kept is the same for everybody: page, styles, scripts, texts.  Nothing about a person is
 * ever kept here, and what the server says is passed on as it is.
 *
 * A version is complete or not there: it is installed as a whole, and until then the one
 * before answers.
 */
const PREFIX = "b2b2c-app-";
const CACHE = PREFIX + APP.version;
/** Which language was read last; it outlives versions. */
const NOTES = "b2b2c-notes";
const PATIENCE = 4000; // ms until a page that can be opened without the network is
const FRESH = 86400000; // ms in which nothing is fetched again for a language
const KEPT = /^\/(web\/assets|web\/static|loyalty_b2b2c\w*\/static)\//;
const AWAY = [502, 503, 504]; // of the server in front of Odoo

// === KEEPING === //

/** @returns {Promise<string[]>} names of the versions that are here, the newest first */
async function getVersions() {
    const names = await caches.keys();
    const older = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
    return [CACHE, ...older.reverse()];
}

/** @returns {Promise<Response|undefined>} of the newest version that has it */
async function find(address, options) {
    for (const name of await getVersions()) {
        const found = (await caches.has(name)) && (await caches.match(address, { ...options, cacheName: name }));
        if (found) {
            return found;
        }
    }
}

/** @returns {Promise<string[]>} languages that any version has */
async function getLanguages() {
    const found = new Set();
    for (const name of await getVersions()) {
        if (await caches.has(name)) {
            const requests = await (await caches.open(name)).keys();
            for (const url of requests.map((request) => new URL(request.url))) {
                if (url.pathname === APP.page) {
                    found.add(url.searchParams.get("lang"));
                }
            }
        }
    }
    return [...found];
}

function getPage(lang) {
    return `${APP.page}?lang=${lang}`;
}

/** @throws {Error} there is no such thing, or it is on another site */
async function load(address, options) {
    const response = await fetch(address, options);
    if (!response.ok || response.type !== "basic") {
        throw new Error(`${address}: ${response.status}`);
    }
    return response;
}

/**
 * Keeps all of a language, or nothing.
 *
 * @throws {Error} no network, or the server has another version by now
 */
async function keep(lang) {
    const options = { cache: "no-store" };
    const set = await (await load(`${APP.files}?lang=${lang}`, options)).json();
    if (set.version !== APP.version) {
        throw new Error("the server has another version");
    }
    const reader = "BarcodeDetector" in self ? [] : set.reader;
    const addresses = [...set.files, ...reader];
    const files = await Promise.all(addresses.map((address) => load(address)));
    // a browser opens no page that was led elsewhere, as to signing in
    const page = await load(set.page, { ...options, redirect: "error" });
    const cache = await caches.open(CACHE);
    await Promise.all(files.map((file, index) => cache.put(addresses[index], file)));
    await cache.put(getPage(lang), page); // last: with it the language is there
}

/** @returns {Promise<Response|undefined>} the page of a language, of this version */
async function getOwn(lang) {
    return (await caches.has(CACHE)) && caches.match(getPage(lang), { cacheName: CACHE });
}

async function isFresh(lang) {
    const page = await getOwn(lang);
    return page && Date.now() - new Date(page.headers.get("date")) < FRESH;
}

/** A page of somebody is open in a language: keep it, now or when it is a day old. */
async function prepare(lang, client) {
    const notes = await caches.open(NOTES);
    await notes.put("/lang", new Response(lang));
    try {
        if (!(await isFresh(lang))) {
            await keep(lang);
        }
    } catch {
        // the next page asks again; there may be a newer worker
        await self.registration.update().catch(() => {});
    }
    const isReady = Boolean(await find(getPage(lang)));
    client?.postMessage({ b2b2c: "ready", lang, isReady, version: APP.version });
}

self.addEventListener("install", (ev) => {
    const install = async () => {
        for (const lang of await getLanguages()) {
            // the worker of another scope may have it already
            if (!(await getOwn(lang))) {
                await keep(lang);
            }
        }
        await self.skipWaiting();
    };
    ev.waitUntil(install());
});

self.addEventListener("activate", (ev) => {
    const activate = async () => {
        await self.clients.claim();
        const names = (await getVersions()).filter((name) => name !== CACHE);
        // pages that are open still use the version before
        await Promise.all(names.slice(1).map((name) => caches.delete(name)));
    };
    ev.waitUntil(activate());
});

self.addEventListener("message", (ev) => {
    const lang = ev.data?.b2b2c === "prepare" && ev.data.lang;
    if (lang && Object.values(APP.languages).includes(lang)) {
        ev.waitUntil(prepare(lang, ev.source));
    }
});

// === OPENING === //

/** The page that was kept, in the language of an address, else in the one read last. */
async function getKept(url) {
    const [, first] = url.pathname.split("/");
    const note = await caches.match("/lang", { cacheName: NOTES });
    const wanted = [
        url.pathname === APP.page && url.searchParams.get("lang"),
        APP.languages[first],
        note && (await note.text()),
        ...(await getLanguages()),
    ];
    for (const lang of wanted) {
        const page = lang && (await find(getPage(lang)));
        if (page) {
            return page;
        }
    }
}

/** @returns {Promise<Response|undefined>} nothing when it takes too long */
function soon(answer) {
    return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

async function open(request, url) {
    const answer = fetch(request);
    const isScan = [APP.scan, APP.page].some((path) => url.pathname.endsWith(path));
    try {
        const response = await (isScan ? soon(answer) : answer);
        if (response && !AWAY.includes(response.status)) {
            return response;
        }
    } catch {
        // no network
    }
    return (await getKept(url)) || answer;
}

/** Texts: those of the server, else those that were kept. */
async function translate(request, url) {
    const answer = fetch(request);
    const response = await soon(answer).catch(() => {});
    if (response?.ok) {
        return response;
    }
    const { hash, lang } = Object.fromEntries(url.searchParams);
    if (hash) {
        return Response.json({ hash, lang }); // the page has them already
    }
    return (await find(`${APP.translations}?lang=${lang}`)) || answer;
}

async function get(request) {
    const isNamed = new URL(request.url).pathname.startsWith("/web/assets/");
    return (await find(request.url, { ignoreSearch: !isNamed })) || fetch(request);
}

self.addEventListener("fetch", (ev) => {
    const url = new URL(ev.request.url);
    if (ev.request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (ev.request.mode === "navigate") {
        ev.respondWith(open(ev.request, url));
    } else if (url.pathname === APP.translations) {
        ev.respondWith(translate(ev.request, url));
    } else if (KEPT.test(url.pathname)) {
        ev.respondWith(get(ev.request));
    }
});

// === MESSAGES OF THE SERVER === //

self.addEventListener("push", (ev) => {
    const { title, ...options } = ev.data?.json() || {};
    ev.waitUntil(self.registration.showNotification(title || "", options));
});

self.addEventListener("notificationclick", (ev) => {
    ev.notification.close();
    const url = new URL(ev.notification.data?.url || APP.scan, self.location.origin);
    if (url.origin === self.location.origin) {
        ev.waitUntil(self.clients.openWindow(url.href));
    }
});

/** The browser has another address for us: tell it, as whoever is signed in here. */
self.addEventListener("pushsubscriptionchange", (ev) => {
    const renew = async () => {
        const options = ev.oldSubscription?.options;
        const device = ev.newSubscription || (options && (await self.registration.pushManager.subscribe(options)));
        if (device) {
            const params = { device: device.toJSON(), before: ev.oldSubscription?.endpoint };
            await fetch(APP.push, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: 1, params }),
            });
        }
    };
    ev.waitUntil(renew());
});
