/* eslint-env serviceworker */

/** The app is switched off: what a phone kept goes, and this worker, too. */
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (ev) => {
    const leave = async () => {
        const names = await caches.keys();
        const ours = names.filter((name) => name.startsWith("b2b2c-"));
        await Promise.all(ours.map((name) => caches.delete(name)));
        await self.registration.unregister();
    };
    ev.waitUntil(leave());
});
