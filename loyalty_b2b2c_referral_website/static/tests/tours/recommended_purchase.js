import {registry} from "@web/core/registry";

/** On a phone: the link, "Use it", the shop, the cart, paid. */
registry.category("web_tour.tours").add("b2b2c_recommended_purchase", {
    steps: () => [
        {
            content: "the offer, and who recommends",
            trigger: ".o_b2b2c_recommended_by:contains('Iryna recommends us')",
        },
        {
            content: "use it",
            trigger: ".o_b2b2c_recommended_use",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the coupon for the till is there",
            trigger: ".o_b2b2c_recommended_qr",
        },
        {
            content: "to the shop",
            trigger: ".o_b2b2c_recommended_shop",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "choose paper",
            trigger: ".oe_product a:contains('Paper A4')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "into the cart",
            trigger: "#add_to_cart",
            run: "click",
        },
        {
            content: "to the cart",
            trigger: ".o_wsale_my_cart .my_cart_quantity:contains(1)",
            run() {
                window.location.href = "/shop/cart";
            },
            expectUnloadPage: true,
        },
        {
            content: "10 % less",
            trigger: "tr[name='o_order_total']:visible:contains(90.00)",
        },
        {
            content: "checkout",
            trigger: "a[name='website_sale_main_button']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "pay",
            trigger: "input[name='o_payment_radio'][data-provider-code='demo']",
            run: "click",
        },
        {
            content: "a card of the demo",
            trigger: "input[name='customer_input']",
            run: "edit 4242",
        },
        {
            content: "pay it",
            trigger: "button[name='o_payment_submit_button']:visible:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it is confirmed",
            trigger: "div h3:contains(Thank you for your order)",
            timeout: 30000,
        },
    ],
});
