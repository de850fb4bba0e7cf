import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import {registry} from "@web/core/registry";

function sell(customer, total) {
    return [
        ...ProductScreen.clickDisplayedProduct("Paper", true, "1"),
        ...ProductScreen.clickPartnerButton(),
        ...ProductScreen.clickCustomer(customer),
        ...ProductScreen.totalAmountIs(total),
        ...ProductScreen.clickPayButton(),
        ...PaymentScreen.clickPaymentMethod("Card"),
        ...PaymentScreen.clickValidate(),
        ReceiptScreen.isShown(),
        ReceiptScreen.clickNextOrder(),
    ];
}

registry.category("web_tour.tours").add("b2b2c_pos_dealer_in_tier", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ...sell("Dealer Office", "90.00"),
            // Somebody else, at the same till
            ...sell("Passer-by", "100.00"),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("b2b2c_pos_dealer_fell", {
    steps: () =>
        [
            Chrome.startPoS(),
            ...sell("Dealer Office", "100.00"),
            Chrome.endTour(),
        ].flat(),
});
