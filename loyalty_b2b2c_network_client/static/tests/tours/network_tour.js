import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TextInputPopup from "@point_of_sale/../tests/generic_helpers/text_input_popup_util";
import { registry } from "@web/core/registry";

const POINTS = "Points";

function type(text) {
    return [TextInputPopup.inputText(text), Dialog.confirm("Apply")];
}

function says(sentence) {
    return [
        {
            content: `the cashier reads: ${sentence}`,
            trigger: `.modal:not(.o_inactive_modal):contains("${sentence}")`,
        },
        Dialog.confirm(),
    ];
}

function send() {
    return {
        content: "send the line of points",
        trigger: ".paymentlines .send_payment_request",
        run: "click",
    };
}

registry.category("web_tour.tours").add("b2b2c_network_till", {
    steps: () =>
        [
            Chrome.startPoS(),
            ...ProductScreen.clickDisplayedProduct("Ring", true, "1"),
            // Nobody, then somebody: what there is and what this sale gives
            ...ProductScreen.clickControlButton("Points card"),
            ...type("NOBODY"),
            ...says("Nobody has this code"),
            ...ProductScreen.clickControlButton("Points card"),
            ...type("IRYNA"),
            ...says("Has 1000 pts. Can pay 100 USD. This sale gives +5 pts."),
            {
                content: "the till says who buys",
                trigger: '.o_b2b2c_network_buyer:contains("Iryna B.")',
            },
            // The network reserves, and its answer is lost: the line goes
            ...ProductScreen.clickPayButton(),
            ...PaymentScreen.clickPaymentMethod(POINTS),
            ...PaymentScreen.enterPaymentLineAmount(POINTS, "13"),
            send(),
            ...says("The network does not answer"),
            ...PaymentScreen.clickPaymentlineDelButton(POINTS, "13.00"),
            ...PaymentScreen.emptyPaymentlines("100.00"),
            // A part is paid: the PIN is wrong, then right
            ...PaymentScreen.clickPaymentMethod(POINTS),
            ...PaymentScreen.enterPaymentLineAmount(POINTS, "30"),
            send(),
            {
                content: "the customer confirms",
                trigger: '.modal-title:contains("PIN")',
            },
            ...type("0000"),
            {
                content: "it was wrong",
                trigger: '.modal-title:contains("not right")',
            },
            ...type("4711"),
            {
                content: "points are reserved",
                trigger: ".paymentlines .electronic_status:contains('Successful')",
            },
            ...PaymentScreen.clickPaymentMethod("Card", true, { amount: "70.00" }),
            ...PaymentScreen.clickValidate(),
            { trigger: ".pos .receipt-screen", timeout: 60000 },
            ReceiptScreen.clickNextOrder(),
            // Who pays before a card was shown is asked for it
            ...ProductScreen.clickDisplayedProduct("Ring", true, "1"),
            ...ProductScreen.clickPayButton(),
            ...PaymentScreen.clickPaymentMethod(POINTS, true, { amount: "100.00" }),
            send(),
            ...type("IRYNA"),
            ...says("Can pay 100 USD"),
            {
                content: "the customer confirms",
                trigger: '.modal-title:contains("PIN")',
            },
            ...type("4711"),
            ...says("too few points"),
            ...PaymentScreen.clickPaymentlineDelButton(POINTS, "100.00"),
            ...PaymentScreen.emptyPaymentlines("100.00"),
            ...PaymentScreen.clickPaymentMethod("Card", true, { amount: "100.00" }),
            ...PaymentScreen.clickValidate(),
            { trigger: ".pos .receipt-screen", timeout: 60000 },
            Chrome.endTour(),
        ].flat(),
});
