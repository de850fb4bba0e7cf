const DATABASE = "b2b2c_videos";
const STORE = "files";

/**
 * Videos that were chosen and have not arrived, in the browser's own storage: they are
 * there after the page was loaded again.  Where it has no room the person chooses again.
 */
async function open() {
    return new Promise((resolve, reject) => {
        const request = window.indexedDB.open(DATABASE, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(STORE);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

async function run(mode, act) {
    try {
        const database = await open();
        return await new Promise((resolve, reject) => {
            const transaction = database.transaction(STORE, mode);
            const request = act(transaction.objectStore(STORE));
            transaction.oncomplete = () => resolve(request.result);
            transaction.onerror = () => reject(transaction.error);
            transaction.onabort = () => reject(transaction.error);
        }).finally(() => database.close());
    } catch {
        return undefined; // no room, or a private window
    }
}

/** Keep a file for the page of a task. */
export function keepFile(key, file) {
    return run("readwrite", (store) => store.put(file, key));
}

/** @returns {Promise<File|undefined>} */
export function findFile(key) {
    return run("readonly", (store) => store.get(key));
}

export function forgetFile(key) {
    return run("readwrite", (store) => store.delete(key));
}
