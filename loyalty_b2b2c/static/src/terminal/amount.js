import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";

const SHAPE = /^(\d{1,12})(?:[.,](\d*))?$/;

/**
 * Takes spaces out of a typed figure.
 *
 * @param {string} text
 * @returns {string}
 */
export function tidy(text) {
    return text.replace(/[\s'\u00a0\u202f]/g, "");
}

/**
 * Tells what is wrong with a typed figure; the server checks the same.
 *
 * @param {string} text
 * @param {number} decimals how many are allowed
 * @returns {string} a sentence, empty when the figure can be used or nothing is entered
 */
export function findFault(text, decimals) {
    const figure = tidy(text);
    if (!figure) {
        return "";
    }
    const parts = SHAPE.exec(figure);
    if (!parts) {
        return (figure.match(/[.,]/g) || []).length > 1
            ? _t("Write 1234.56 or 1234,56: one separator only.")
            : _t("Use digits and one decimal separator.");
    }
    if ((parts[2] || "").replace(/0+$/, "").length > decimals) {
        return decimals
            ? _t("At most %s decimals.", decimals)
            : _t("Enter a whole number.");
    }
    return "";
}

/**
 * Tells whether a figure is complete and more than zero.
 *
 * @param {string} text
 * @param {number} decimals
 * @returns {boolean}
 */
export function isUsable(text, decimals) {
    const figure = tidy(text);
    return Boolean(figure) && !findFault(figure, decimals) && /[1-9]/.test(figure);
}

/**
 * Returns a figure after a key of the keypad; a key that would spoil it does nothing.
 *
 * @param {string} text
 * @param {string} key a digit, "separator" or "back"
 * @param {number} decimals
 * @returns {string}
 */
export function press(text, key, decimals) {
    if (key === "back") {
        return text.slice(0, -1);
    }
    if (key === "separator") {
        const taken = /[.,]/.test(text) || !decimals;
        return taken ? text : (text || "0") + localization.decimalPoint;
    }
    const longer = text === "0" ? key : text + key;
    return findFault(longer, decimals) ? text : longer;
}
