/* global posmodel */
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as TextInputPopup from "@point_of_sale/../tests/generic_helpers/text_input_popup_util";
import {run, scan_barcode} from "@point_of_sale/../tests/generic_helpers/utils";
import {registry} from "@web/core/registry";

const CODE = "0123456789ABCDEF";
const COUPON = "044COUPONOFTHETILL";
const DISPLAY = "#b2b2c_display:iframe";

/** Open what the customer sees in a corner: it hears this till as another window does. */
function openDisplay() {
    return run(() => {
        const frame = document.createElement("iframe");
        frame.id = "b2b2c_display";
        frame.src = `/pos_customer_display/${posmodel.config.id}/none`;
        frame.style = "position: fixed; right: 0; bottom: 0; width: 640px; height: 480px;";
        document.body.appendChild(frame);
    }, "open the display of the customer");
}

/** A step: the customer reads a text, and nowhere who sells. */
function customerReads(selector, text) {
    return {
        content: `the customer reads ${text}`,
        trigger: `${DISPLAY} ${selector}:contains("${text}")`,
        run({anchor}) {
            const words = anchor.ownerDocument.body.textContent;
            if (/Petro|Wanda/.test(words)) {
                throw new Error(`The display names who sells: ${words}`);
            }
        },
    };
}

registry.category("web_tour.tours").add("b2b2c_till_display", {
    steps: () =>
        [
            Chrome.startPoS(),
            openDisplay(),
            {content: "it waits", trigger: `${DISPLAY} body:contains("Welcome")`},
            ...ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            // The nomenclature is of GS1, and the till has no other
            scan_barcode(`M:${CODE}`),
            customerReads(".o_b2b2c_display_buyer", "Olena K."),
            customerReads(".o_b2b2c_display_buyer", "+5"),
            // A code of GS1 is a product still
            scan_barcode("0104006381333931"),
            ...ProductScreen.totalAmountIs("200.00"),
            customerReads(".o_b2b2c_display_buyer", "+10"),
            // Somebody else sells
            ...ProductScreen.clickControlButton("Seller"),
            {
                content: "Petro sells",
                trigger: '.b2b2c-seller:contains("Petro")',
                run: "click",
            },
            // A coupon of one's own is typed where those of Odoo are: 10 % less
            ...ProductScreen.clickControlButton("Enter Code"),
            TextInputPopup.inputText(COUPON),
            Dialog.confirm(),
            ...ProductScreen.totalAmountIs("180.00"),
            customerReads(".o_b2b2c_display_buyer", "+9"),
            ...ProductScreen.clickPayButton(),
            ...PaymentScreen.clickPaymentMethod("Card"),
            ...PaymentScreen.clickValidate(),
            {trigger: ".pos .receipt-screen", timeout: 60000},
            customerReads(".o_b2b2c_display_receipt", "+9"),
            Chrome.endTour(),
        ].flat(),
});
