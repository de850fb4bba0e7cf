import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import {negate, scan_barcode} from "@point_of_sale/../tests/generic_helpers/utils";
import {registry} from "@web/core/registry";

// The helpers of pos_restaurant are its own: this tour is loaded without it as well
const CODE = "0123456789ABCDEF";
const POINTS = "Bonus points";

function table(number) {
    return {
        content: `table ${number}`,
        trigger: `.floor-map .table:has(.label:contains("${number}"))`,
        run: "click",
    };
}

function moveTo(number) {
    return [
        ...ProductScreen.clickControlButton("Transfer / Merge"),
        table(number),
        {
            content: `the bill is on table ${number}`,
            trigger: `.pos-leftheader:contains("${number}"), .product-screen`,
        },
    ];
}

function buyerIs(name) {
    return {
        content: `the panel shows ${name}`,
        trigger: `.product-screen .o_b2b2c_buyer_name:contains("${name}")`,
    };
}

function payPoints(proposed, keys = "") {
    return [
        ...PaymentScreen.clickPaymentMethod(POINTS),
        ...PaymentScreen.selectedPaymentlineHas(POINTS, proposed),
        ...(keys ? PaymentScreen.enterPaymentLineAmount(POINTS, keys) : []),
        {
            content: "send the line of points",
            trigger: ".paymentlines .send_payment_request",
            run: "click",
        },
        {
            content: "points are reserved",
            trigger: ".paymentlines .electronic_status:contains('Payment Successful')",
        },
    ];
}

function isPaid() {
    return {
        content: "the bill is paid",
        trigger: ".pos .receipt-screen",
        timeout: 60000,
    };
}

registry.category("web_tour.tours").add("b2b2c_restaurant", {
    steps: () =>
        [
            Chrome.startPoS(),
            // The card goes with the bill: to a free table, and to one that has a bill
            table(1),
            ...ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            scan_barcode(`M:${CODE}`),
            buyerIs("Olena K."),
            ...moveTo(2),
            buyerIs("Olena K."),
            ...ProductScreen.clickPayButton(),
            ...payPoints("100.00"),
            ...PaymentScreen.clickBackToProductScreen(),
            ...Chrome.clickPlanButton(),
            table(3),
            ...ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            {
                content: "nobody showed a card at this table",
                trigger: negate(".o_b2b2c_buyer_name"),
            },
            ...Chrome.clickPlanButton(),
            table(2),
            ...PaymentScreen.clickBackToProductScreen(),
            ...moveTo(3),
            {
                content: "what was reserved for it is free",
                trigger: '.o_notification:contains("free again")',
            },
            ...ProductScreen.totalAmountIs("200.00"),
            buyerIs("Olena K."),
            // A part of the points is reserved for the bill, and it is split
            ...ProductScreen.clickPayButton(),
            ...payPoints("200.00", "60"),
            ...PaymentScreen.clickBackToProductScreen(),
            ...ProductScreen.clickControlButton("Split"),
            {
                content: "one of two",
                trigger: '.splitbill-screen .orderline:contains("Paper")',
                run: "click",
            },
            {
                content: "pay for it",
                trigger: ".splitbill-screen .pay-split-order",
                run: "click",
            },
            PaymentScreen.isShown(),
            ...PaymentScreen.emptyPaymentlines("100.00"),
            // Points pay the goods, not the tip
            ...PaymentScreen.clickTipButton(),
            ...NumberPopup.enterValue("5"),
            Dialog.confirm(),
            ...PaymentScreen.emptyPaymentlines("105.00"),
            ...payPoints("100.00"),
            ...PaymentScreen.clickPaymentMethod("Card", true, {amount: "5.00"}),
            ...PaymentScreen.clickValidate(),
            isPaid(),
            ...ReceiptScreen.paymentLineContains(POINTS, "100.00"),
            // The rest of the bill: its points are reserved still
            ...ReceiptScreen.clickContinueOrder(),
            {
                content: "the rest is paid",
                trigger: ".splitbill-screen .pay-split-order",
                run: "click",
            },
            ...PaymentScreen.selectedPaymentlineHas(POINTS, "60.00"),
            ...PaymentScreen.clickPaymentMethod("Card", true, {amount: "40.00"}),
            ...PaymentScreen.clickValidate(),
            isPaid(),
            ReceiptScreen.clickNextOrder(),
            // A tip after the payment is paid by the card
            table(1),
            ...ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            scan_barcode(`M:${CODE}`),
            buyerIs("Olena K."),
            ...ProductScreen.clickPayButton(),
            ...PaymentScreen.clickPaymentMethod("Card", true, {amount: "100.00"}),
            ...PaymentScreen.enterPaymentLineAmount("Card", "70"),
            ...payPoints("30.00"),
            ...PaymentScreen.clickValidate(),
            {
                content: "choose a tip",
                trigger: '.tip-screen .percentage:contains("20%")',
                run: "click",
            },
            {
                content: "settle it",
                trigger: ".tip-screen .button.highlight.next",
                run: "click",
            },
            isPaid(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(),
});
