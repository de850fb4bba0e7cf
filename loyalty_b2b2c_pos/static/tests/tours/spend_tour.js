/* global posmodel */
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import {refresh, run} from "@point_of_sale/../tests/generic_helpers/utils";
import {
    setOfflineMode,
    setOnlineMode,
} from "@point_of_sale/../tests/generic_helpers/offline_util";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";

const CODE = "0123456789ABCDEF";
const POINTS = "Bonus points";

function ring() {
    return [
        ...ProductScreen.clickDisplayedProduct("Paper", true, "1"),
        ...ProductScreen.clickPayButton(),
    ];
}

// The code is asked for with the first line of points of a ticket
function choosePoints(amount) {
    return [
        ...PaymentScreen.clickPaymentMethod(POINTS),
        {
            content: "type the code of the card",
            trigger: "#b2b2c_buyer_text",
            run: `edit ${CODE}`,
        },
        {
            content: "find who it is",
            trigger: ".o_b2b2c_buyer_find",
            run: "click",
        },
        ...PaymentScreen.selectedPaymentlineHas(POINTS, amount),
    ];
}

function typeAmount(keys) {
    return PaymentScreen.enterPaymentLineAmount(POINTS, keys);
}

function send(title = "Send") {
    return {
        content: `${title} the line of points`,
        trigger: `.paymentlines .send_payment_request:contains("${title}")`,
        run: "click",
    };
}

function isDone() {
    return {
        content: "points are reserved",
        trigger: ".paymentlines .electronic_status:contains('Payment Successful')",
    };
}

function says(sentence) {
    return [
        {
            content: `the cashier reads: ${sentence}`,
            trigger: `.modal-body:contains("${sentence}")`,
        },
        Dialog.confirm(),
    ];
}

// The ticket was sent; a busy machine takes its time
function isPaid() {
    return {
        content: "the ticket is paid",
        trigger: ".pos .receipt-screen",
        timeout: 60000,
    };
}

function nobodyForces() {
    return {
        content: "nobody can force a line of points done",
        trigger: ".paymentlines:not(:has(.send_force_done))",
    };
}

// The server does what it was asked, and the answer gets lost on its way
function loseAnswer({forEver = false} = {}) {
    return run(() => {
        const data = posmodel.data;
        const call = data.call;
        data.call = async (model, method, ...others) => {
            const answer = await call.call(data, model, method, ...others);
            if (method !== "b2b2c_hold_points") {
                return answer;
            }
            data.call = call;
            if (forEver) {
                window.b2b2cLost = true;
                return new Promise(() => {});
            }
            throw new ConnectionLostError();
        };
    }, "lose the next answer");
}

registry.category("web_tour.tours").add("b2b2c_points_paid", {
    steps: () =>
        [
            Chrome.startPoS(),
            // A part in points, the rest in cash
            ...ring(),
            ...choosePoints("100.00"),
            ...typeAmount("30"),
            send(),
            isDone(),
            nobodyForces(),
            ...PaymentScreen.clickPaymentMethod("Cash", true, {amount: "70.00"}),
            ...PaymentScreen.clickValidate(),
            isPaid(),
            ...ReceiptScreen.paymentLineContains(POINTS, "30.00"),
            {
                content: "the receipt says how many points",
                trigger: ".pos-payment-terminal-receipt:contains('Paid with 300')",
            },
            ReceiptScreen.clickNextOrder(),
            // The goods come back: not more cash than was paid, the rest in points
            Chrome.clickOrders(),
            ...TicketScreen.selectFilter("Paid"),
            ...TicketScreen.selectOrder("001"),
            ...ProductScreen.clickNumpad("1"),
            ...TicketScreen.confirmRefund(),
            PaymentScreen.isShown(),
            ...PaymentScreen.clickPaymentMethod("Cash", true, {amount: "-100.00"}),
            ...PaymentScreen.clickValidate(),
            ...says("were paid in money"),
            ...PaymentScreen.clickPaymentlineDelButton("Cash", "-100.00"),
            ...PaymentScreen.clickPaymentMethod(POINTS, true, {amount: "-30.00"}),
            ...PaymentScreen.clickRefundButton(),
            {
                content: "the points are promised back",
                trigger: ".paymentlines .electronic_status:contains('Refund Successful')",
            },
            ...PaymentScreen.clickPaymentMethod("Cash", true, {amount: "-70.00"}),
            ...PaymentScreen.clickValidate(),
            isPaid(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("b2b2c_points_trouble", {
    steps: () =>
        [
            Chrome.startPoS(),
            ...ring(),
            // More than there is to pay
            ...choosePoints("100.00"),
            ...typeAmount("50"),
            ...PaymentScreen.selectedPaymentlineHas(POINTS, "50.00"),
            ...PaymentScreen.clickNumpad("0"),
            ...PaymentScreen.selectedPaymentlineHas(POINTS, "500.00"),
            send(),
            isDone(),
            ...PaymentScreen.selectedPaymentlineHas(POINTS, "100.00"),
            {
                content: "a line that is done is reversed",
                trigger: ".paymentlines .send_payment_reversal",
                run: "click",
            },
            {
                content: "it is reversed",
                trigger: ".paymentlines .electronic_status:contains('Payment reversed')",
            },
            // The answer is lost, and the line is deleted
            loseAnswer(),
            ...PaymentScreen.clickPaymentMethod(POINTS, true, {amount: "100.00"}),
            ...typeAmount("40"),
            send(),
            ...says("No connection"),
            ...PaymentScreen.clickPaymentlineDelButton(POINTS, "40.00"),
            {
                content: "the line is gone",
                trigger: ".paymentlines:not(:contains('40.00'))",
            },
            // The page is loaded anew in the middle of a question
            ...PaymentScreen.clickPaymentMethod(POINTS, true, {amount: "100.00"}),
            ...typeAmount("20"),
            loseAnswer({forEver: true}),
            send(),
            {
                content: "the server reserved them, the till waits",
                trigger: "body",
                run: async () => {
                    while (!window.b2b2cLost) {
                        await new Promise((resolve) => setTimeout(resolve, 50));
                    }
                },
            },
            nobodyForces(),
            refresh(),
            PaymentScreen.isShown(),
            ...PaymentScreen.clickPaymentline(POINTS, "20.00"),
            send("Retry"),
            isDone(),
            // Offline: the rest is paid otherwise
            setOfflineMode(),
            ...PaymentScreen.clickPaymentMethod(POINTS),
            ...says("No connection: points cannot be spent now"),
            setOnlineMode(),
            ...PaymentScreen.clickPaymentMethod("Cash", true, {amount: "80.00"}),
            ...PaymentScreen.clickValidate(),
            isPaid(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(),
});

function typeProof(text) {
    return [
        {
            content: `the customer types ${text}`,
            trigger: "#b2b2c_proof",
            run: `edit ${text}`,
        },
        {
            content: "and confirms",
            trigger: ".modal-footer .btn-primary:enabled",
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("b2b2c_points_proof", {
    steps: () =>
        [
            Chrome.startPoS(),
            ...ring(),
            ...choosePoints("100.00"),
            send(),
            ...typeProof("9999"),
            {
                content: "a wrong PIN is said to be wrong",
                trigger: ".o_b2b2c_hint.text-danger:contains('not right')",
            },
            {
                content: "ask for a code",
                trigger: ".o_b2b2c_send",
                run: "click",
            },
            {
                content: "where it went to",
                trigger: ".o_b2b2c_said:contains('was sent to')",
            },
            ...typeProof("2580"),
            isDone(),
            ...PaymentScreen.clickValidate(),
            isPaid(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(),
});
