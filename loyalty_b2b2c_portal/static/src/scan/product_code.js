/**
 * Reads product codes as the server does (engine/product_code.py), so that a typing error
 * is noticed without network.  What the server decides is decided there again.  A test
 * gives both the same texts (tests/data/product_codes.json of loyalty_b2b2c).
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 16;
const LOOK_ALIKE = "OILАВСЕНКМОРТХУІ";
const READ_AS = "011ABCEHKM0PTXY1";
const GS1 = /\/01\/\d{8,14}\/21\/([^/?#]+)/;
const OWN = /\/l\/([^/?#]+)/;
const BETWEEN = /[- \u00a0\u202f\u2013\u2014]/g; // what people write between characters
const AROUND = /^[^\S\ufeff]+|[^\S\ufeff]+$/g; // a mark of byte order is no space
const MAX_TEXT = 300;

const EXP = [1];
while (EXP.length < 31) {
    const power = EXP.at(-1) << 1;
    EXP.push(power & 32 ? power ^ 0b100101 : power);
}
const LOG = new Map(EXP.map((value, exponent) => [value, exponent]));

function times(a, b) {
    return a && b ? EXP[(LOG.get(a) + LOG.get(b)) % 31] : 0;
}

function getSums(values) {
    let [first, second] = [0, 0];
    values.forEach((value, position) => {
        first ^= times(value, EXP[position % 31]);
        second ^= times(value, EXP[(2 * position) % 31]);
    });
    return [first, second];
}

/** A part of an address as text; what is not encoded well stays as it is. */
function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/**
 * @param {string} text as scanned or typed
 * @returns {{code: string, wantsPin: boolean, problem: string}} problem is one of "",
 *  "empty", "foreign", "short", "long", "typo"
 */
export function readCode(text) {
    const result = { code: "", wantsPin: false, problem: "" };
    let code = (text || "").replace(AROUND, "").slice(0, MAX_TEXT);
    if (!code) {
        return { ...result, problem: "empty" };
    }
    if (code.includes("://") || code.startsWith("/l/")) {
        const link = GS1.exec(code) || OWN.exec(code);
        if (!link) {
            return { ...result, problem: "foreign" };
        }
        code = decode(link[1]);
    }
    code = [...code.replace(AROUND, "").toUpperCase().replace(BETWEEN, "")]
        .map((letter) => READ_AS[LOOK_ALIKE.indexOf(letter)] || letter)
        .join("");
    const values = [...code].map((letter) => ALPHABET.indexOf(letter));
    if (values.includes(-1)) {
        // as long as a code: somebody mistyped one
        const typed = values.length === LENGTH && /^[\p{L}\p{N}]+$/u.test(code);
        return { ...result, problem: typed ? "typo" : "foreign" };
    }
    if (values.length !== LENGTH) {
        return { ...result, problem: values.length < LENGTH ? "short" : "long" };
    }
    const [first, second] = getSums(values);
    if (second || first > 1) {
        return { ...result, problem: "typo" };
    }
    return { ...result, code, wantsPin: first === 1 };
}
