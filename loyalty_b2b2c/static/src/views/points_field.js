import { _t } from "@web/core/l10n/translation";
import { currencies } from "@web/core/currency";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";

const DIGITS = [16, 6];

/**
 * Words a number of points: no needless zeros, the unit's symbol behind.
 *
 * @param {number|false} value
 * @param {{symbol?: string, sign?: boolean}} [options] `sign` puts a plus before gains
 * @returns {string}
 */
export function formatPoints(value, { symbol, sign } = {}) {
    if (value === false || value === undefined) {
        return "";
    }
    const number = formatFloat(value, { digits: DIGITS, trailingZeros: false });
    const signed = sign && value > 0 ? `+${number}` : number;
    if (!symbol) {
        return signed;
    }
    // a volume in money: the currency stands where it always does
    const currency = Object.values(currencies).find((one) => one.symbol === symbol);
    return currency?.position === "before"
        ? `${symbol}\u00a0${signed}`
        : `${signed} ${symbol}`;
}
formatPoints.extractOptions = ({ options }) => ({ sign: options.sign });

/** A number of points; shows the symbol of their unit when it is not being edited. */
export class PointsField extends FloatField {
    static props = {
        ...FloatField.props,
        sign: { type: Boolean, optional: true },
        symbolField: { type: String, optional: true },
    };

    get formattedValue() {
        const { readonly, record, sign, symbolField } = this.props;
        return readonly
            ? formatPoints(this.value, { sign, symbol: record.data[symbolField] })
            : formatPoints(this.value);
    }
}

export const pointsField = {
    ...floatField,
    component: PointsField,
    displayName: _t("Points"),
    supportedOptions: [
        { label: _t("Symbol field"), name: "symbol_field", type: "field" },
        { label: _t("Plus before gains"), name: "sign", type: "boolean" },
    ],
    supportedTypes: ["float"],
    fieldDependencies: ({ options }) =>
        options.symbol_field ? [{ name: options.symbol_field, type: "char" }] : [],
    extractProps: (info) => ({
        ...floatField.extractProps(info),
        sign: Boolean(info.options.sign),
        symbolField: info.options.symbol_field,
    }),
};

registry.category("formatters").add("b2b2c_points", formatPoints);
registry.category("fields").add("b2b2c_points", pointsField);
