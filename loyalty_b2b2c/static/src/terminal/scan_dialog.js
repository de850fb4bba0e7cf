import { Component, onWillUnmount, useState } from "@odoo/owl";
import {
    BarcodeVideoScanner,
    isBarcodeScannerSupported,
} from "@web/core/barcode/barcode_video_scanner";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

const CROP_KEY = "o-barcode-scanner-overlay";
// Odoo's scanner looks at a narrow band, made for bar codes; a QR code held in front
// of a camera fills the picture
const WHOLE_PICTURE = JSON.stringify({ x: 12, y: 12 });

/** Reads a code with the camera. */
export class ScanDialog extends Component {
    static template = "loyalty_b2b2c.TerminalScan";
    static components = { BarcodeVideoScanner, Dialog };
    static props = { close: Function, onResult: Function };

    setup() {
        this.state = useState({
            error: isBarcodeScannerSupported()
                ? ""
                : _t("The camera works on pages with https only."),
        });
        const kept = browser.localStorage.getItem(CROP_KEY);
        browser.localStorage.setItem(CROP_KEY, WHOLE_PICTURE);
        onWillUnmount(() => {
            if (kept) {
                browser.localStorage.setItem(CROP_KEY, kept);
            } else {
                browser.localStorage.removeItem(CROP_KEY);
            }
        });
    }

    onResult(code) {
        this.props.close();
        this.props.onResult(code);
    }

    onError(error) {
        this.state.error = error.message;
    }
}
