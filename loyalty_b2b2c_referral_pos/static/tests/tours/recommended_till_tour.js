import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as PosLoyalty from "@pos_loyalty/../tests/tours/utils/pos_loyalty_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import {registry} from "@web/core/registry";
import {scan_barcode} from "@point_of_sale/../tests/generic_helpers/utils";

const CODE = "IRYNA-7K2P-M4XT";
const LINK = `HTTPS://SHOP.EXAMPLE/REWARDS/R/${CODE}`;

function pay() {
    return [
        PosLoyalty.orderTotalIs("90.00"),
        ...ProductScreen.clickPayButton(),
        ...PaymentScreen.clickPaymentMethod("Card"),
        ...PaymentScreen.clickValidate(),
        // The sale is sent, and its points are asked for
        {trigger: ".pos .receipt-screen", timeout: 40000},
        ...ReceiptScreen.clickNextOrder(),
    ];
}

registry.category("web_tour.tours").add("b2b2c_recommended_till", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            // The QR code of a phone or a poster
            ProductScreen.clickDisplayedProduct("Paper A4", true, "1"),
            scan_barcode(LINK),
            pay(),
            // The next customer tells the same code
            ProductScreen.clickDisplayedProduct("Paper A4", true, "1"),
            PosLoyalty.enterCode(CODE.toLowerCase()),
            pay(),
        ].flat(Infinity),
});

registry.category("web_tour.tours").add("b2b2c_recommended_offline", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Paper A4", true, "1"),
            OfflineUtil.setOfflineMode(),
            // Typed and scanned: one sentence, and no dialog in the way
            PosLoyalty.enterCode(CODE),
            {trigger: ".o_notification:contains('Codes need a connection')"},
            scan_barcode(LINK),
            {trigger: ".o_notification:contains('Codes need a connection')"},
            OfflineUtil.setOnlineMode(),
            PosLoyalty.orderTotalIs("100.00"),
            ...ProductScreen.clickPayButton(),
            ...PaymentScreen.clickPaymentMethod("Card"),
            ...PaymentScreen.clickValidate(),
            {trigger: ".pos .receipt-screen", timeout: 40000},
            ...ReceiptScreen.clickNextOrder(),
        ].flat(Infinity),
});
