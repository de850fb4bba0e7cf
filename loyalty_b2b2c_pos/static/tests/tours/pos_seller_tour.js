import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import {registry} from "@web/core/registry";

/** A busy machine starts a till, and sends an order, in its own time. */
function patient(steps) {
    return steps.flat().map((step) => ({...step, timeout: 60000}));
}

function click(content, trigger) {
    return {content, trigger, run: "click"};
}

function buttonSays(words) {
    return [
        ...ProductScreen.clickControlButtonMore(),
        {
            content: `the button says ${words}`,
            trigger: `.control-buttons .b2b2c-seller-button:contains(${words})`,
        },
        click("back to the order", ".modal:not(.o_inactive_modal) .btn-close"),
    ];
}

function chooseSeller(name) {
    return [
        ...ProductScreen.clickControlButtonMore(),
        click("choose a seller", ".control-buttons .b2b2c-seller-button"),
        {
            content: "type a part of the name",
            trigger: ".b2b2c-seller-search",
            run: `edit ${name.slice(0, 3).toLowerCase()}`,
        },
        {
            content: "only who is called so",
            trigger: `.modal:has(.b2b2c-seller:contains(${name})):not(:has(.b2b2c-seller:contains(Nina)))`,
        },
        click(`choose ${name}`, `.b2b2c-seller:contains(${name})`),
        ...buttonSays(name),
    ];
}

function pay() {
    return [
        ...PaymentScreen.clickPaymentMethod("Card"),
        ...PaymentScreen.clickValidate(),
        ReceiptScreen.isShown(),
    ];
}

registry.category("web_tour.tours").add("b2b2c_pos_seller_sells", {
    steps: () =>
        patient([
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ...ProductScreen.clickDisplayedProduct("Paper", true, "1"),
            ...chooseSeller("Ivan"),
            ...ProductScreen.clickPayButton(),
            ...pay(),
            {
                content: "the customer reads nothing of who is rewarded",
                trigger: ".pos-receipt",
                run: ({anchor}) => {
                    if (/Ivan|m\.\d+\.|b2b2c_seller/.test(anchor.innerHTML)) {
                        throw new Error("The receipt tells of the seller");
                    }
                },
            },
            ReceiptScreen.clickNextOrder(),
            // The next order is nobody's yet
            ...buttonSays("Seller"),
            Chrome.endTour(),
        ]),
});

registry.category("web_tour.tours").add("b2b2c_pos_seller_refunds", {
    steps: () =>
        patient([
            Chrome.startPoS(),
            ...Chrome.clickMenuOption("My points"),
            {
                content: "nothing sold yet, second in the shop",
                trigger: ".b2b2c-my-points .b2b2c-my-place:contains(Place 2 of 2)",
            },
            Dialog.cancel(),
            ...ProductScreen.clickRefund(),
            ...TicketScreen.selectOrder("001"),
            TicketScreen.confirmRefund(),
            ...pay(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ]),
});
