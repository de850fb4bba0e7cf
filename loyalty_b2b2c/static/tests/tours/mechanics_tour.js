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
            run: "click",
        },
        {
            content: "What it will do is said; start it",
            trigger: ".modal button[name=action_start]",
            run: "click",
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

/** Cards of this add-on: each is set up with what its dialog suggests. */
const CARDS = [
    "cashback",
    "welcome",
    "terminal",
    "scan",
    "receipt",
    "owner_scan",
    "deliveries",
    "distributor",
    "ladder",
    "bonus",
    "network",
    "recommend",
    "recommend_levels",
    "challenge_week",
    "challenge_steps",
    "challenge_take_on",
    "challenge_first",
    "challenge_better",
    "challenge_top",
    "challenge_shops",
    "challenge_shelf",
    "challenge_video",
    "challenge_presentation",
    "event",
];
/** Steps of the checklist that start it at once; a program asks before it starts. */
const AT_ONCE = { ladder: ["start"], bonus: ["bonus", "start"] };

/** A click that is counted. */
function click() {
    clicks++;
    this.anchor.click();
}

/** The clicks of a newcomer on the checklist until it runs. */
function start(code) {
    const isChallenge = code.startsWith("challenge_");
    const atOnce = AT_ONCE[code] || (isChallenge ? ["start"] : null);
    const steps = (atOnce || ["start"]).map((step) => ({
        content: `Start ${code}: ${step}`,
        trigger: `.o_form_view .o_b2b2c_step[data-step=${step}]:not(.o_b2b2c_done) button:enabled`,
        run: click,
    }));
    if (!atOnce) {
        steps.push({
            content: `What ${code} will do is said; start it`,
            trigger: ".modal button[name=action_start]",
            run: click,
        });
    }
    return steps;
}

/** The clicks of a newcomer from the gallery to what runs, and back. */
function setUp(code) {
    return [
        {
            content: `Choose ${code}`,
            trigger: `.o_b2b2c_mechanics_action .o_b2b2c_mechanic[data-code=${code}]`,
            run() {
                clicks = 2; // with "New" before it
                this.anchor.click();
            },
        },
        {
            content: `Create ${code}`,
            trigger: ".modal button[name=action_begin]",
            run: click,
        },
        ...start(code),
        {
            content: `It runs: ${code}`,
            trigger:
                "body:not(:has(.modal)) .o_form_view:has(.o_b2b2c_step[data-step=start].o_b2b2c_done)," +
                "body:not(:has(.modal)) .o_form_view:not(:has(.o_b2b2c_checklist))",
            run() {
                if (clicks > MOST) {
                    throw new Error(`${code}: ${clicks} clicks`);
                }
            },
        },
        {
            content: "Back to the gallery",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("b2b2c_each_card", {
    steps: () => [
        { content: "New", trigger: ".o-kanban-button-new", run: "click" },
        ...CARDS.flatMap(setUp),
        { content: "All of them", trigger: ".o_b2b2c_mechanics_action" },
    ],
});

registry.category("web_tour.tours").add("b2b2c_first_day", {
    steps: () => [
        {
            content: "Nothing waits, nothing goes: there is the gallery",
            trigger: ".o_b2b2c_day_page:not(:has(#b2b2c_waits, #b2b2c_goes))",
        },
        {
            content: "Choose a mechanic",
            trigger: ".o_b2b2c_day .o_b2b2c_mechanic[data-code=cashback]",
            run: "click",
        },
        { content: "Create", trigger: ".modal button[name=action_begin]", run: "click" },
        { content: "Back", trigger: ".o_breadcrumb .o_back_button", run: "click" },
        { content: "The desk", trigger: ".o_b2b2c_day #b2b2c_goes" },
    ],
});
