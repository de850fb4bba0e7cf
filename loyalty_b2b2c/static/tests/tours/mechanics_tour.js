import { registry } from "@web/core/registry";

/** So many clicks a newcomer needs at most. */
const MOST = 9;
let clicks = 0;

registry.category("web_tour.tours").add("b2b2c_scan_to_earn", {
    steps: () => [
        {
            content: "Without programs there is the gallery",
            trigger: ".o_kanban_view .o_b2b2c_mechanic[data-code=scan] img",
            run() {
                document.addEventListener("click", () => clicks++, { capture: true });
            },
        },
        { content: "New", trigger: ".o-kanban-button-new", run: "click" },
        {
            content: "Choose a mechanic",
            trigger: ".o_b2b2c_mechanics_action .o_b2b2c_mechanic[data-code=scan]",
            run: "click",
        },
        {
            content: "Choose a product",
            trigger: ".modal div[name=product_ids] input",
            run: "edit Notebook",
        },
        {
            content: "The product that was found",
            trigger: ".o-autocomplete--dropdown-item a:contains(Notebook)",
            run: "click",
        },
        {
            content: "Create",
            trigger: ".modal button[name=action_begin]",
            run: "click",
        },
        {
            content: "The codes are made",
            trigger: ".o_b2b2c_step[data-step=codes].o_b2b2c_done",
        },
        {
            content: "Start",
            trigger: ".o_b2b2c_step[data-step=start] button",
            async run({ click, waitFor }) {
                await click();
                // what it will do may be said first, in a dialog with the same button
                const asked = ".modal button[name=action_start]";
                const done = ".o_b2b2c_step[data-step=start].o_b2b2c_done";
                await waitFor(`${asked}, ${done}`);
                if (document.querySelector(asked)) {
                    await click(asked);
                }
            },
        },
        {
            content: "It runs, and needed few clicks",
            trigger: ".o_b2b2c_step[data-step=start].o_b2b2c_done",
            run() {
                if (clicks > MOST) {
                    throw new Error(`${clicks} clicks`);
                }
            },
        },
        { content: "Try it", trigger: "button[name=action_try]", run: "click" },
        {
            content: "Who gets what",
            trigger: ".modal .o_data_row:contains(Nina):contains(10)",
        },
    ],
});
