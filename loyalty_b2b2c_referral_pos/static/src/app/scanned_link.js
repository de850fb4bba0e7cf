import {BarcodeReader} from "@point_of_sale/app/services/barcode_reader_service";
import {ConnectionLostError} from "@web/core/network/rpc";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {_t} from "@web/core/l10n/translation";
import {extend} from "@loyalty_b2b2c_pos/app/harmless";

// The QR code of a phone, a poster or a card holds the address of a recommendation
const LINK = /\/rewards\/r\/[^/?#\s]+/i;

extend(BarcodeReader.prototype, {
    async _scan(odoo, code) {
        if (this.b2b2cTakeLink && !this.exclusiveCbMap && code && LINK.test(code)) {
            return await this.b2b2cTakeLink(code);
        }
        return await odoo();
    },
});

extend(PosStore.prototype, {
    /** Without the server no code is known: say so, and let the sale go on. */
    async activateCode(odoo) {
        try {
            return await odoo();
        } catch (error) {
            if (error instanceof ConnectionLostError || this.data.network.offline) {
                return _t(
                    "Codes need a connection, and there is none. Sell without the code, or try again later."
                );
            }
            throw error;
        }
    },

    async processServerData(odoo) {
        await odoo();
        const scanner = this.env.services.barcode_reader;
        if (scanner) {
            scanner.b2b2cTakeLink = async (link) => {
                const answer = await this.activateCode(link.match(LINK)[0]);
                if (answer !== true) {
                    this.notification.add(answer, {type: "warning"});
                }
            };
        }
    },
});
