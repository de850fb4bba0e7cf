import {add, extend} from "@loyalty_b2b2c_pos/app/harmless";
import {BarcodeReader} from "@point_of_sale/app/services/barcode_reader_service";

// A card is read on each screen and with each nomenclature, GS1 without a fallback too
add(BarcodeReader.prototype, {
    /**
     * @param {Object} reader a CardReader
     * @param {Function} show takes a card that was read
     */
    b2b2cReadCards(reader, show) {
        this.b2b2cCards = {reader, show};
    },
});

extend(BarcodeReader.prototype, {
    async _scan(odoo, code) {
        const cards = !this.exclusiveCbMap && this.b2b2cCards;
        const card = cards && code && cards.reader.read(code);
        return card ? await cards.show(card) : await odoo();
    },
});
