import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Fails when something makes a phone scroll sideways. */
const fits = (trigger) => ({
    content: "Nothing makes a phone scroll sideways",
    trigger,
    run() {
        const {scrollWidth, clientWidth} = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
        }
    },
});

const go = (content, trigger) => ({
    content,
    trigger,
    run: "click",
    expectUnloadPage: true,
});

tours.add("b2b2c_whole_way_certificate", {
    steps: () => [
        fits(".o_b2b2c_rewards:contains('1,000 pts')"),
        go("To the camera", ".o_b2b2c_scan_link"),
        {
            content: "Type the code of a package",
            trigger: "#b2b2c_code",
            run: "edit SCANME0000000110",
        },
        {content: "Send it", trigger: ".o_b2b2c_scan_ok", run: "click"},
        {
            content: "It brings points at once",
            trigger: ".o_b2b2c_scan_result.o_credited:contains('+300 pts')",
        },
        fits(".o_b2b2c_scan_balance:contains('1,300 pts')"),
        go("Back to the points", ".o_portal_submenu a[href='/my/rewards']"),
        {content: "They are there", trigger: ".o_b2b2c_rewards:contains('1,300 pts')"},
        go("To the storefront", ".o_b2b2c_store_link"),
        fits(".o_b2b2c_purse:contains('1,300 pts')"),
        go(
            "A certificate",
            ".o_b2b2c_store_card .stretched-link:contains('Cinema ticket')"
        ),
        go("Go on", ".o_b2b2c_store_continue"),
        fits(".list-group-item:contains('You keep'):contains('1,240 pts')"),
        go("Take it", ".o_b2b2c_store_request"),
        {
            content: "No code is shown before she taps",
            trigger: ".o_b2b2c_request:contains('Cinema ticket'):not(:contains('AAAA-1111'))",
        },
        go("Open it", ".o_b2b2c_request a[href$='/voucher']"),
        {
            content: "Still hidden",
            trigger: ".o_b2b2c_voucher:not(:contains('AAAA-1111'))",
        },
        go("Show the code", ".o_b2b2c_voucher_show"),
        fits(".o_b2b2c_voucher_text:contains('AAAA-1111-CCCC')"),
    ],
});

tours.add("b2b2c_whole_way_cart", {
    steps: () => [
        {
            content: "Two of them",
            trigger: "input[name='add_qty']",
            run: "edit 2",
        },
        {content: "Into the cart", trigger: "#add_to_cart", run: "click"},
        {
            content: "It is there",
            trigger: ".o_wsale_my_cart .my_cart_quantity:contains(2)",
            run() {
                document.location = "/shop/cart";
            },
            expectUnloadPage: true,
        },
        {
            content: "The cart says what there is",
            trigger: ".o_b2b2c_cart_points:contains('1,240 pts')",
        },
        {
            content: "Half of the price",
            trigger: "input[name='points']:visible",
            run: "edit 1000",
        },
        go("Use them", ".o_b2b2c_cart_points button[name='use']:visible"),
        fits("tr[name='o_order_total']:visible:contains(100.00)"),
        go("Checkout", "a[name='website_sale_main_button']:visible"),
        {
            content: "The carrier is chosen",
            trigger: "input[name='o_delivery_radio']:checked",
        },
        go("Confirm", "a[name='website_sale_main_button']:not(.disabled):visible"),
        {
            content: "Pay the rest",
            trigger: "input[name='o_payment_radio'][data-provider-code='demo']",
            run: "click",
        },
        {
            content: "A card of the demo",
            trigger: "input[name='customer_input']",
            run: "edit 4242",
        },
        go("Pay", "button[name='o_payment_submit_button']:visible:not(:disabled)"),
        {
            content: "It is confirmed",
            trigger: "div h3:contains(Thank you for your order)",
            timeout: 30000,
        },
    ],
});

tours.add("b2b2c_whole_way_money", {
    steps: () => [
        {
            content: "What came back can be spent again",
            trigger: ".o_b2b2c_rewards:contains('740 pts')",
        },
        go("To the storefront", ".o_b2b2c_store_link"),
        go("Money", ".o_b2b2c_store_card .stretched-link:contains('Money')"),
        {content: "How much", trigger: "#b2b2c_amount", run: "edit 600"},
        go("Go on", ".o_b2b2c_store_continue"),
        {
            content: "Whose account",
            trigger: "input[name='answer_holder']",
            run: "edit Olena Kovalenko",
        },
        {
            content: "Which",
            trigger: "input[name='answer_iban']",
            run: "edit de89 3704 0044 0532 0130 00",
        },
        fits(".o_b2b2c_store_request:contains('600 pts')"),
        go("Ask for it", ".o_b2b2c_store_request"),
        go("Confirm that it is she", ".o_b2b2c_request a[href$='/proof']"),
        fits(".o_b2b2c_payout:contains('60.00')"),
        go("A code, please", ".o_b2b2c_payout_code"),
        {content: "The code", trigger: "#b2b2c_answer", run: "edit 777777"},
        go("Yes", ".o_b2b2c_payout_confirm"),
        fits(".o_b2b2c_request:contains('Money'):contains('Being checked')"),
    ],
});

const readState = (words) => [
    go("To the storefront", ".o_b2b2c_store_link"),
    go("What she asked for", ".o_b2b2c_requests_link"),
    fits(`.o_b2b2c_request:contains('Money'):contains('${words}')`),
];

tours.add("b2b2c_whole_way_ordered", {steps: () => readState("On its way")});

tours.add("b2b2c_whole_way_paid", {
    steps: () => [
        {content: "What is left", trigger: ".o_b2b2c_rewards:contains('140 pts')"},
        ...readState("Paid"),
    ],
});
