import { registry } from "@web/core/registry";

/** Fails when something makes a phone scroll sideways. */
const fits = (trigger) => ({
    content: "Nothing makes a phone scroll sideways",
    trigger,
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
        }
    },
});

registry.category("web_tour.tours").add("b2b2c_portal_store", {
    url: "/my/rewards",
    steps: () => [
        {
            content: "To the storefront",
            trigger: ".o_b2b2c_store_link",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The balance stands above",
            trigger: ".o_b2b2c_purse:contains('100 pts')",
        },
        fits(".o_b2b2c_store_card"),
        {
            content: "There are more than one page",
            trigger: ".o_b2b2c_store_grid:not(:has(.o_b2b2c_store_card:eq(24)))",
        },
        {
            content: "More of them",
            trigger: ".o_b2b2c_store_more",
            run: "click",
        },
        {
            content: "They are added below",
            trigger: ".o_b2b2c_store_card:eq(31)",
        },
        {
            content: "Search while typing",
            trigger: ".o_b2b2c_store_search input[type=search]",
            run: "edit coffee",
        },
        {
            content: "Only what fits is left",
            trigger:
                ".o_b2b2c_store_grid:has(.o_b2b2c_store_card:contains('Coffee mug')):not(:has(.o_b2b2c_store_card:eq(1)))",
        },
        {
            content: "Mark it",
            trigger: ".o_b2b2c_store_card .o_b2b2c_heart button[aria-pressed=false]",
            run: "click",
        },
        {
            content: "It is a favourite, on the spot",
            trigger: ".o_b2b2c_store_card .o_b2b2c_heart button[aria-pressed=true] .fa-heart",
        },
        {
            content: "Everything again",
            trigger: ".o_b2b2c_store_search input[type=search]",
            run: "edit pen",
        },
        {
            content: "The mug is out of sight",
            trigger: ".o_b2b2c_store_card:eq(20)",
        },
        {
            content: "Find nothing",
            trigger: ".o_b2b2c_store_search input[type=search]",
            run: "edit zebra",
        },
        {
            content: "Show everything",
            trigger: ".o_b2b2c_store_empty a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What was marked is found by a tap",
            trigger: ".o_b2b2c_chip:contains('Favourites')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open it",
            trigger: ".o_b2b2c_store_card .stretched-link:contains('Coffee mug')",
            run: "click",
            expectUnloadPage: true,
        },
        fits(".o_b2b2c_facts:contains('3 left')"),
        {
            content: "Go on",
            trigger: ".o_b2b2c_store_continue",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is kept is said before",
            trigger: ".list-group-item:contains('You keep'):contains('40 pts')",
        },
        fits(".o_b2b2c_store_request:contains('60 pts')"),
        {
            content: "Request it",
            trigger: ".o_b2b2c_store_request",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is among the requests, with what happened",
            trigger:
                ".o_b2b2c_request:contains('Coffee mug') .o_b2b2c_step_open:contains('Waits for us')",
        },
        fits(".o_b2b2c_request"),
    ],
});
