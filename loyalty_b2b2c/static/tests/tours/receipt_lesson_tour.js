import { registry } from "@web/core/registry";

/** A step: the receipt that a machine read, or did not, is on the desk. */
function opens(number) {
    return {
        content: `The desk shows ${number || "no number"}`,
        trigger: "div[name=number] input",
        async run({ waitFor }) {
            await waitFor("button[name=action_approve]:enabled", { timeout: 5000 });
            const shown = document.querySelector("div[name=number] input").value;
            if (shown !== number) {
                throw new Error(`The number is ${shown || "empty"}`);
            }
        },
    };
}

function open(content) {
    return {
        content,
        trigger: ".o_data_row:first .o_data_cell:first",
        run: "click",
    };
}

registry.category("web_tour.tours").add("b2b2c_receipt_lesson", {
    steps: () => [
        open("A receipt of a country the reader has never seen"),
        opens(""),
        { content: "Nothing is known yet", trigger: ".o_form_view:not(:has(.o_b2b2c_lessons))" },
        {
            content: "Type the number that the picture shows",
            trigger: "div[name=number] input",
            run: "edit 77001",
        },
        {
            content: "Type the total",
            trigger: "div[name=amount_total] input",
            run: "edit 100",
        },
        { content: "Approve it", trigger: "button[name=action_approve]", run: "click" },
        { content: "Said", trigger: ".o_notification:contains(approved)" },
    ],
});

registry.category("web_tour.tours").add("b2b2c_receipt_learned", {
    steps: () => [
        open("The next one of that shop"),
        opens("77002"),
        {
            content: "What was learned stands beside it",
            trigger: ".o_b2b2c_lessons .o_data_cell:contains(Zuqimo)",
        },
        {
            content: "The total, too",
            trigger: ".o_b2b2c_lessons .o_data_cell:contains(Vaxeli)",
        },
        { content: "Approve it", trigger: "button[name=action_approve]", run: "click" },
        { content: "Said", trigger: ".o_notification:contains(approved)" },
    ],
});
