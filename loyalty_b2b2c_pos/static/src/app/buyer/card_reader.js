/**
 * Reads cards of participants among what scanners and cameras see.
 *
 * A scanner types on a keyboard; one of another layout turns letters, or even digits,
 * into others. What a card looks like, and what the layouts make of it, the server
 * tells when the till starts.
 */
export class CardReader {
    constructor({type, pattern, layouts}) {
        this.type = type;
        this.pattern = new RegExp(`^(?:${pattern})`);
        this.layouts = layouts;
    }

    /**
     * @param {String} text as it arrived
     * @returns {String|null} the card as it was printed, null when it is none
     */
    read(text) {
        const typed = text.trim().toUpperCase();
        const readings = this.layouts.map((keys) =>
            Array.from(typed, (character) => keys[character] ?? character).join("")
        );
        return [typed, ...readings].find((one) => this.pattern.test(one)) ?? null;
    }
}
