const PAGE = /^(\/[a-z]{2,3}(_[A-Za-z@]+)?)?\/my\/rewards\/attend$/;

/**
 * Reads the code on the screen of a presentation.
 *
 * @param {string} text as scanned
 * @param {string} origin of this site: no code leads to another one
 * @returns {string} the address where one confirms, empty for another code
 */
export function readAttend(text, origin) {
    let address = null;
    try {
        address = new URL(text);
    } catch {
        return ""; // no address at all
    }
    const isOurs = address.origin === origin && PAGE.test(address.pathname);
    return isOurs ? address.href : "";
}
