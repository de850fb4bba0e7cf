import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import {run, scan_barcode} from "@point_of_sale/../tests/generic_helpers/utils";
import {
    setOfflineMode,
    setOnlineMode,
} from "@point_of_sale/../tests/generic_helpers/offline_util";
import {registry} from "@web/core/registry";

const CODE = "7K3M9PQ2WZ5A8XYD";
const CYRILLIC = 0;
const AZERTY = 1;

/** Scan on a keyboard of a layout, which types what stands on its own keys. */
function scanTyped(layout, getText) {
    return run(() => {
        const {layouts} = window.posmodel.config._b2b2c_buyer;
        const keys = Object.entries(layouts[layout]).reduce(
            (found, [typed, scanned]) => ({[scanned]: typed, ...found}),
            {}
        );
        const text = Array.from(getText(), (one) => keys[one] ?? one).join("");
        if (text === getText()) {
            throw new Error(`This layout types ${text} as it is`);
        }
        window.posmodel.env.services.barcode_reader.scan(text);
    }, "A scanner on a keyboard of another layout");
}

function buyerIs(name) {
    return {
        content: `The panel shows ${name}`,
        trigger: `.o_b2b2c_buyer_name:contains("${name}")`,
    };
}

function pay() {
    return [
        ...ProductScreen.clickPayButton(),
        ...PaymentScreen.clickPaymentMethod("Card"),
        ...PaymentScreen.clickValidate(),
        // The sale is sent, and its points are asked for
        {trigger: ".pos .receipt-screen", timeout: 40000},
    ];
}

registry.category("web_tour.tours").add("b2b2c_pos_cards", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            // A bar code of nobody: a sentence, and the sale goes on
            ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            scan_barcode("M:0000000000000000"),
            {
                content: "Nobody was found",
                trigger: '.o_notification:contains("The sale goes on")',
            },
            // What other layouts make of a card
            scanTyped(CYRILLIC, () => `M:${CODE}`),
            buyerIs("Daryna S."),
            {trigger: '.o_b2b2c_buyer_gain:contains("5")'},
            {trigger: ".o_b2b2c_buyer_remove", run: "click"},
            {trigger: ".order-container:not(:has(.o_b2b2c_buyer))"},
            scanTyped(AZERTY, () => `M:${CODE}`),
            buyerIs("Daryna S."),
            {trigger: ".o_b2b2c_buyer_remove", run: "click"},
            // By hand, and nobody is the customer
            {trigger: ".o_b2b2c_buyer_button", run: "click"},
            {trigger: ".o_b2b2c_buyer_join img"},
            {trigger: "#b2b2c_buyer_text", run: `edit ${CODE}`},
            {trigger: ".o_b2b2c_buyer_find", run: "click"},
            buyerIs("Daryna S."),
            {trigger: '.set-partner:contains("Customer")'},
            ProductScreen.clickDisplayedProduct("Paper", true, "2"),
            {trigger: '.o_b2b2c_buyer_gain:contains("10")'},
            ...pay(),
            {trigger: '.o_b2b2c_receipt_earned:contains("10")'},
            {trigger: '.o_b2b2c_receipt_balance:contains("10")'},
            {
                content: "What nobody may copy is not on paper",
                trigger: ".pos-receipt",
                run: ({queryOne}) => {
                    const text = queryOne(".pos-receipt").textContent;
                    if (text.includes(CODE) || text.includes("Daryna")) {
                        throw new Error("The receipt names the buyer");
                    }
                },
            },
            ReceiptScreen.clickNextOrder(),
            // Who shows nothing may join
            ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            ...pay(),
            {trigger: ".o_b2b2c_receipt_join img"},
            ReceiptScreen.clickNextOrder(),
            // Without network
            setOfflineMode(),
            ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            scan_barcode(`M:${CODE}`),
            {trigger: '.o_b2b2c_buyer:contains("No connection")'},
            ...pay(),
            {trigger: '.o_b2b2c_receipt:contains("follow")'},
            {
                content: "Odoo says that the connection is lost, and goes on",
                trigger: ".modal .btn-primary",
                run: "click",
            },
            setOnlineMode(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            scan_barcode(`M:${CODE}`),
            ...pay(),
            Chrome.isSynced(),
            Chrome.endTour(),
        ].flat(),
});
