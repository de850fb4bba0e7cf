import {registry} from "@web/core/registry";

const SENTENCE = "400 pts instead of 900 pts";

const go = (content, trigger) => ({
    content,
    trigger,
    run: "click",
    expectUnloadPage: true,
});

const pay = () => [
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
];

const PAY = "button[name='o_payment_submit_button']:visible:not(:disabled)";

/** 600 of the points lapse between the page of the payment and its button. */
registry.category("web_tour.tours").add("b2b2c_points_expire", {
    steps: () => [
        {
            content: "All of them are there",
            trigger: ".o_b2b2c_cart_points:contains('you have 1,000 pts')",
        },
        {
            content: "Most of the price",
            trigger: "input[name='points']:visible",
            run: "edit 900",
        },
        go("Use them", ".o_b2b2c_cart_points button[name='use']:visible"),
        {
            content: "Nothing is wrong yet",
            trigger: "tr[name='o_order_total']:visible:contains(10.00)",
            run() {
                if (document.querySelector(".o_b2b2c_cart_points .alert")) {
                    throw new Error("A warning before anything happened");
                }
            },
        },
        go("Checkout", "a[name='website_sale_main_button']:visible"),
        ...pay(),
        {
            content: "What nobody handles is told in a notification, a moment later",
            trigger: PAY,
            run() {
                window.addEventListener("unhandledrejection", () => {
                    document.body.dataset.unhandled = "1";
                });
            },
        },
        {content: "Pay", trigger: PAY, run: "click"},
        {
            content: "It is refused in one clear sentence",
            trigger:
                ".modal:contains('The points for this order changed meanwhile. Open the cart again: it shows how many can be used now.')",
            run() {
                const told = document.body.innerText.split("changed meanwhile").length - 1;
                if (told !== 1 || document.body.dataset.unhandled) {
                    throw new Error(`told ${told} times, and once more`);
                }
            },
        },
        {
            content: "As it says",
            trigger: ".modal-footer button.btn-primary",
            run() {
                document.location = "/shop/cart";
            },
            expectUnloadPage: true,
        },
        {
            content: "The cart says what there is, once",
            trigger: `.o_b2b2c_cart_points:visible .alert:contains('${SENTENCE}')`,
            run() {
                const {scrollWidth, clientWidth} = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
                }
                const shown = [
                    ...document.querySelectorAll(".o_b2b2c_cart_points .alert"),
                ].filter((alert) => alert.getClientRects().length);
                if (shown.length !== 1) {
                    throw new Error(`${shown.length} sentences`);
                }
            },
        },
        {
            content: "And what is left to pay",
            trigger: "tr[name='o_order_total']:visible:contains(60.00)",
        },
        go("Checkout", "a[name='website_sale_main_button']:visible"),
        ...pay(),
        go("Pay", PAY),
        {
            content: "It is confirmed",
            trigger: "div h3:contains(Thank you for your order)",
            timeout: 30000,
        },
    ],
});
