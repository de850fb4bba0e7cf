import {registry} from "@web/core/registry";

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

registry.category("web_tour.tours").add("b2b2c_portal_recommend", {
    steps: () => [
        {
            content: "To the page",
            trigger: ".o_b2b2c_recommend_link",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Get a code",
            trigger: ".o_b2b2c_recommend_begin",
            run: "click",
            expectUnloadPage: true,
        },
        fits(".o_b2b2c_kit_code:contains('OLENA-')"),
        {
            content: "Each app has its button",
            trigger: ".o_b2b2c_kit_ways a[data-channel='viber'][href^='viber://forward']",
        },
        {
            content: "How it is paid",
            trigger: ".o_b2b2c_recommend_paid summary",
            run: "click",
        },
        fits(".o_b2b2c_recommend_paid li:contains('never for bringing people')"),
    ],
});
