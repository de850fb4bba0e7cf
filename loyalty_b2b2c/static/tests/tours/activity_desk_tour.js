import { registry } from "@web/core/registry";

/** Steps: what this person handed in is on the desk, and keys are heard. */
function shows(name) {
    return [
        {
            content: `What ${name} handed in is on the desk`,
            trigger: `.o_last_breadcrumb_item:contains(${name})`,
        },
        { content: "No dialog hears the keys", trigger: "body:not(:has(.modal, .o_blockUI))" },
        { content: "The button hears its key", trigger: "button[name=action_accept]:enabled" },
    ];
}

/** A step: only keys are pressed, wherever the focus is. */
function press(keys) {
    return { content: `Press ${keys}`, trigger: "body", run: `press ${keys}` };
}

registry.category("web_tour.tours").add("b2b2c_activity_desk", {
    steps: () => [
        {
            content: "Begin with the oldest",
            trigger: ".o_data_row:first .o_data_cell:first",
            run: "click",
        },
        ...shows("Anna"),
        {
            content: "The photo lies beside the checklist, and how it should be below",
            trigger: ".o_b2b2c_page img",
            run() {
                const [picture, facts] = [".o_b2b2c_pictures", ".o_b2b2c_facts"].map(
                    (name) => document.querySelector(name).getBoundingClientRect()
                );
                if (picture.right > facts.left) {
                    throw new Error("The photo is not beside the checklist");
                }
            },
        },
        press("alt+v"),
        { content: "Said", trigger: ".o_notification:contains(accepted, 50 pts)" },
        ...shows("Bohdan"),
        press("alt+g"),
        { content: "Asked why", trigger: ".modal .o_radio_input:focus" },
        press("2"),
        { content: "Blurred", trigger: ".modal .o_radio_input[data-value=blurred]:checked" },
        press("alt+q"),
        { content: "Said, too", trigger: ".o_notification:contains(: sent back.)" },
        ...shows("Clara"),
        {
            content: "It looks like the photo that Anna handed in, which is beside it",
            trigger: ".o_b2b2c_alike:contains(Anna) img",
        },
        press("alt+r"),
        { content: "Asked again", trigger: ".modal .o_radio_input:focus" },
        press("5"),
        press("alt+q"),
        { content: "Nothing waits", trigger: ".o_view_nocontent:contains(Nothing waits)" },
    ],
});
