import { registry } from "@web/core/registry";

/** Steps: a part of the sentence is clicked, and its panel is there, alone. */
function open(part) {
    return [
        {
            content: `Open the choice of: ${part}`,
            trigger: `.o_b2b2c_part[data-part=${part}]`,
            run: "click",
        },
        {
            content: "It is the only one",
            trigger: `.o_b2b2c_panel[data-part=${part}]:visible`,
            run() {
                const shown = [...document.querySelectorAll(".o_b2b2c_panel")].filter(
                    (panel) => panel.getClientRects().length
                );
                if (shown.length !== 1) {
                    throw new Error(`${shown.length} panels are open`);
                }
            },
        },
    ];
}

/** A step: the sentence says something. */
function says(words) {
    return {
        content: `The sentence says: ${words}`,
        trigger: `.o_b2b2c_words:contains(${words})`,
    };
}

/** A step: click what has a label, in the panel that is open. */
function choose(label) {
    return {
        content: `Choose ${label}`,
        trigger: `.o_b2b2c_panel:visible label:contains(${label}):first`,
        run: "click",
    };
}

registry.category("web_tour.tours").add("b2b2c_rule_sentence", {
    steps: () => [
        {
            content: "The first question is open, and its answer is missing",
            trigger: ".o_b2b2c_panel[data-part=when]:visible",
        },
        {
            content: "What is missing is marked",
            trigger: ".o_b2b2c_part.o_b2b2c_unanswered[data-part=when]",
        },
        { content: "Its name", trigger: "#name_0", run: "edit Scans of paper" },
        choose("Sales order"),
        says("When an order is confirmed"),
        says("usable when it is paid"),
        {
            content: "An order has moments to choose from",
            trigger: ".o_b2b2c_panel:visible [name=trigger] span:contains(Goods delivered)",
            run: "click",
        },
        says("When the goods of an order are delivered"),
        choose("Sales order"),
        choose("Code scan"),
        says("When a code is scanned"),
        says("usable at once"),
        {
            content: "A scan has only one moment",
            trigger: ".o_b2b2c_panel:visible:not(:has([name=trigger]))",
        },
        ...open("award"),
        choose("Points per unit sold"),
        {
            content: "So many",
            trigger: ".o_b2b2c_panel:visible [name=value] input",
            run: "edit 10 && press Tab",
        },
        says("10 pts per piece"),
        ...open("lapse"),
        choose("After a number of months"),
        says("they lapse after 12 months"),
        ...open("who"),
        choose("The salesperson named on the document"),
        says("who scanned it gets 10 pts per piece of any product"),
        {
            content: "Everything can be seen at once",
            trigger: ".o_b2b2c_sentence .btn-link",
            run: "click",
        },
        {
            content: "Limits are there, too",
            trigger: ".o_b2b2c_panel[data-part=limits]:visible [name=cap_document]",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_saved" },
    ],
});
