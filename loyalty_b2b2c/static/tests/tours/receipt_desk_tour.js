import { registry } from "@web/core/registry";

/** A step: the receipt with this number is on the desk, and typing changes it. */
function shows(number) {
    return {
        content: `Receipt ${number} is on the desk`,
        trigger: `.o_last_breadcrumb_item:contains(${number})`,
        async run({ waitFor }) {
            await waitFor("div[name=fiscal_number] input:focus");
            // keys belong to a dialog until it is gone, and to nobody behind the curtain
            await waitFor("body:not(:has(.modal, .o_blockUI))");
            // a button that still works on the receipt before does not hear its key
            await waitFor("button[name=action_approve]:enabled");
        },
    };
}

/** A step: only keys are pressed, wherever the focus is. */
function press(keys) {
    return { content: `Press ${keys}`, trigger: "body", run: `press ${keys}` };
}

registry.category("web_tour.tours").add("b2b2c_receipt_desk", {
    steps: () => [
        {
            content: "Begin with the oldest",
            trigger: ".o_data_row:last .o_data_cell:first",
            run: "click",
        },
        shows("8000000001"),
        {
            content: "The picture lies beside the fields",
            trigger: ".o_b2b2c_page img",
            run() {
                const [picture, facts] = [".o_b2b2c_pictures", ".o_b2b2c_facts"].map(
                    (name) => document.querySelector(name).getBoundingClientRect()
                );
                if (picture.right > facts.left || picture.bottom > window.innerHeight) {
                    throw new Error("The picture is not beside the fields");
                }
            },
        },
        press("alt+z"),
        { content: "Enlarged", trigger: ".o_b2b2c_large" },
        press("alt+t"),
        { content: "Turned", trigger: ".o_b2b2c_turned" },
        press("alt+v"),
        { content: "Said", trigger: ".o_notification:contains(approved. Nina +6 pts)" },
        shows("8000000002"),
        {
            content: "Correct the number",
            trigger: "div[name=number] input",
            run: "edit 445566",
        },
        press("alt+v"),
        shows("8000000003"),
        press("alt+r"),
        { content: "Asked why", trigger: ".modal .o_radio_input:focus" },
        press("6"),
        {
            content: "Altered",
            trigger: ".modal .o_radio_input[data-value=altered]:checked",
        },
        press("alt+q"),
        { content: "Said, too", trigger: ".o_notification:contains(: refused.)" },
        shows("8000000004"),
        press("alt+y"),
        shows("8000000005"),
        press("alt+v"),
        {
            content: "Above the limit",
            trigger: ".o_notification:contains(a second person has to)",
        },
        shows("8000000004"),
        press("alt+v"),
        {
            content: "Nothing is left but what waits for a second person",
            trigger: ".o_list_view .o_data_row:count(1)",
        },
    ],
});
