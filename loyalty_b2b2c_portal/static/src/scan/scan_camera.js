import {
    BarcodeVideoScanner,
    isBarcodeScannerSupported,
} from "@web/core/barcode/barcode_video_scanner";
import { browser } from "@web/core/browser/browser";
import { onWillUnmount } from "@odoo/owl";

const CROP_KEY = "o-barcode-scanner-overlay";
// Odoo's scanner looks at a narrow band, made for bar codes; a QR code held in front of a
// camera fills the picture
const WHOLE_PICTURE = JSON.stringify({ x: 12, y: 12 });

export const isCameraSupported = isBarcodeScannerSupported;

/** Odoo's scanner, looking at the whole picture, with the phone's lamp if it has one. */
export class ScanCamera extends BarcodeVideoScanner {
    static props = { ...BarcodeVideoScanner.props, onLamp: Function };

    setup() {
        super.setup();
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

    async isVideoReady() {
        const ready = await super.isVideoReady();
        const [track] = this.stream?.getVideoTracks() || [];
        if (ready && track?.getCapabilities?.().torch) {
            this.props.onLamp((torch) => track.applyConstraints({ advanced: [{ torch }] }));
        }
        return ready;
    }
}
