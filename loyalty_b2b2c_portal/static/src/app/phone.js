import { browser } from "@web/core/browser/browser";
import { ScanQueue } from "../scan/scan_queue";

const PEOPLE = "b2b2c_people";
const MOST = 8; // people of one phone

/**
 * @typedef {Object} Person who scanned on this phone
 * @property {number} user
 * @property {string} initials
 * @property {string} lang
 * @property {string} company whose points it is about
 * @property {{id: number, title: string}[]} members
 * @property {string[]} balances empty once signed out
 * @property {number} at when the balances were, milliseconds since 1970
 */

/**
 * What this phone knows of who used it: without a network nobody else says it.
 *
 * @returns {{current: number, known: Person[]}} current: who is signed in, 0: nobody
 */
export function readPeople() {
    try {
        const people = JSON.parse(browser.localStorage.getItem(PEOPLE));
        return { current: people.current || 0, known: [...people.known] };
    } catch {
        return { current: 0, known: [] };
    }
}

function writePeople(people) {
    browser.localStorage.setItem(PEOPLE, JSON.stringify(people));
}

/** Notes who is signed in, and what the page of that person begins with. */
export function rememberPerson({ user, initials, lang, company, members, balances, outside, place }) {
    const person = { user, initials, lang, company, members, balances, outside, place };
    const { known } = readPeople();
    const others = known.filter((one) => one.user !== user);
    person.at = Date.now();
    writePeople({ current: user, known: [person, ...others].slice(0, MOST) });
}

export function choosePerson(user) {
    writePeople({ ...readPeople(), current: user });
}

/**
 * Somebody signed out: what belongs to people goes, what waits to be sent stays.
 *
 * @returns {boolean} whether somebody was signed in until now
 */
export function forgetBalances() {
    const { current, known } = readPeople();
    if (known.length) {
        writePeople({ current: 0, known: known.map((one) => ({ ...one, balances: [], at: 0 })) });
        known.forEach((one) => browser.localStorage.removeItem(new ScanQueue(one.user).newsName));
    }
    return Boolean(current);
}

/** @returns {number} how many scans of somebody wait on this phone */
export function countWaiting(user) {
    return user ? new ScanQueue(user).get().length : 0;
}

/** @returns {{initials: string, count: number}[]} scans of others that wait here */
export function getOthersWaiting(user) {
    return readPeople()
        .known.filter((one) => one.user !== user)
        .map(({ user, initials }) => ({ user, initials, count: countWaiting(user) }))
        .filter(({ count }) => count);
}

/** Asks the browser not to throw away what waits when the phone is short of room. */
export function askToKeep() {
    browser.navigator.storage?.persist?.().catch(() => {});
}
