import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";

const SHAPE = /^(\d{1,12})(?:[.,](\d*))?$/;
// a thousand and more to some, one and three decimals to others
const TWO_READINGS = /^(?!0+[.,])(\d{1,3})[.,](\d{3})$/;

/**
 * Takes spaces out of a typed figure.
 *
 * @param {string} text
 * @returns {string}
 */
export function tidy(text) {
    return text.replace(/[\s'\u2019\u00a0\u202f]/g, "");
}

/**
 * Writes a number so that it can be read in one way only.
 *
 * @param {number} number
 * @param {number} decimals how many are shown
 * @returns {string} with a decimal point
 */
export function spell(number, decimals) {
    const text = number.toFixed(decimals);
    return TWO_READINGS.test(text) ? `${text}0` : text;
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
    const twice = TWO_READINGS.exec(figure);
    if (twice) {
        const smaller = String(Number(`${twice[1]}.${twice[2]}`));
        return _t(
            "“%(text)s” can be read as %(larger)s or as %(smaller)s; write the one that is meant.",
            {
                text: figure,
                larger: String(Number(twice[1] + twice[2])),
                smaller: spell(Number(smaller), (smaller.split(".")[1] || "").length),
            }
        );
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
    const parts = SHAPE.exec(tidy(longer));
    // with three decimals a fourth one makes a figure that can be read in one way
    const most = decimals < 3 ? decimals : decimals + 1;
    return parts && (parts[2] || "").length <= most ? longer : text;
}
