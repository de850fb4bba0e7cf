import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("b2b2c_cart_points", {
    steps: () => [
        {
            content: "The cart says what there is",
            trigger: ".o_b2b2c_cart_points:contains(1,000 pts)",
        },
        {
            content: "Half of the price",
            trigger: "input[name='points']:visible",
            run: "edit 500",
        },
        {
            content: "Use them",
            trigger: ".o_b2b2c_cart_points button[name='use']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The rest is to be paid",
            trigger: "tr[name='o_order_total']:visible:contains(50.00)",
        },
        {
            content: "Checkout",
            trigger: "a[name='website_sale_main_button']:visible",
            run: "click",
            expectUnloadPage: true,
        },
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
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:visible:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is confirmed",
            trigger: "div h3:contains(Thank you for your order)",
            timeout: 30000,
        },
    ],
});
