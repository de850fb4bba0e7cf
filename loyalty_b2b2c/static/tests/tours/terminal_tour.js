import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Steps: press keys of the keypad. */
function press(...keys) {
    return keys.map((key) => ({
        content: `Press ${key}`,
        trigger: `.o_terminal_keys [data-key='${key}']`,
        run: "click",
    }));
}

/** Steps: find somebody by what is typed. */
function find(query) {
    return [
        {
            content: `Enter ${query}`,
            trigger: "#o_terminal_query",
            run: `edit ${query}`,
        },
        { content: "Find", trigger: ".o_terminal_search button", run: "click" },
    ];
}

/** A step: nothing makes a phone scroll sideways, and the styles are today's. */
function fits(screen) {
    return {
        content: `${screen}: nothing is wider than the screen`,
        trigger: `.o_b2b2c_terminal[data-screen='${screen}']`,
        run() {
            const { scrollWidth, clientWidth } = document.documentElement;
            const main = document.querySelector(".o_terminal_main");
            if (scrollWidth > clientWidth || main.scrollWidth > main.clientWidth) {
                throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
            }
            const faults = [...document.querySelectorAll(".o_notification")];
            if (faults.length) {
                throw new Error(faults[0].textContent);
            }
        },
    };
}

tours.add("b2b2c_terminal", {
    steps: () => [
        {
            content: "Who serves the counter lands on the terminal",
            trigger: ".o_b2b2c_terminal .o_terminal_scan",
        },
        fits("find"),
        ...find("067 000 00 00"),
        {
            content: "Nobody by this number",
            trigger: ".o_terminal_message:contains('Nobody who takes part')",
        },
        ...find("067 123 45 67"),
        {
            content: "She stands in front of us",
            trigger: ".o_terminal_person:contains('Olena Kovalenko')",
        },
        fits("sale"),
        {
            content: "Nothing can be confirmed yet",
            trigger: ".o_terminal_confirm:disabled",
        },
        ...press("1", "2", "0", "separator", "5", "separator", "7"),
        {
            content: "A second separator did nothing; the preview is there",
            trigger: ".o_terminal_gets:contains('+6 pts')",
        },
        ...press("back", "back", "back"),
        {
            content: "120 gives 6 points",
            trigger: ".o_terminal_confirm:enabled .o_terminal_total:contains('+6 pts')",
        },
        { content: "Ask why", trigger: ".o_terminal_why", run: "click" },
        {
            content: "The reasons are told",
            trigger: ".o_terminal_reasons:contains('5% of the amount')",
        },
        {
            content: "Enter letters",
            trigger: "#o_terminal_amount",
            run: "edit 12a",
        },
        {
            content: "They are no amount",
            trigger: ".o_terminal_amount p:contains('digits')",
        },
        {
            content: "Enter two separators",
            trigger: "#o_terminal_amount",
            run: "edit 1,200.50",
        },
        {
            content: "A keypad has one",
            trigger: ".o_terminal_amount p:contains('one separator only')",
        },
        {
            content: "Enter a thousand, or one",
            trigger: "#o_terminal_amount",
            run: "edit 1,000",
        },
        {
            content: "Nobody guesses which",
            trigger:
                ".o_terminal_amount p:contains('“1,000” can be read as 1000 or as 1;')",
        },
        {
            content: "Nothing can be confirmed",
            trigger: ".o_terminal_confirm:disabled",
        },
        {
            content: "Enter an amount with a comma",
            trigger: "#o_terminal_amount",
            run: "edit 100,00",
        },
        {
            content: "Enter the number of the receipt",
            trigger: ".o_terminal_receipt input",
            run: "edit A-17",
        },
        {
            content: "100 gives 5 points",
            trigger: ".o_terminal_total:contains('+5 pts')",
        },
        { content: "Confirm", trigger: ".o_terminal_confirm:enabled", run: "click" },
        {
            content: "She got 5 points",
            trigger: ".o_terminal_result h1:contains('+5 pts')",
        },
        {
            content: "Her new balance is shown",
            trigger: ".o_terminal_facts:contains('New balance 5 pts')",
        },
        fits("done"),
        { content: "Next", trigger: ".o_terminal_next", run: "click" },
        {
            content: "The operation is in the list of the day",
            trigger: ".o_terminal_recent li:contains('A-17'):contains('+5 pts')",
        },
        ...find("olena@example.com"),
        ...press("5", "0"),
        {
            content: "Enter the same receipt again",
            trigger: ".o_terminal_receipt input",
            run: "edit A-17",
        },
        {
            content: "It is refused before anything is confirmed",
            trigger: ".o_terminal_alert:contains('already recorded')",
        },
        { content: "Back", trigger: ".o_terminal_back", run: "click" },
        {
            content: "Cancel the first one",
            trigger: ".o_terminal_recent li:contains('A-17') .o_terminal_undo",
            run: "click",
        },
        {
            content: "The amount was wrong",
            trigger: ".o_terminal_reason:contains('Wrong amount')",
            run: "click",
        },
        {
            content: "It is cancelled",
            trigger: ".o_terminal_cancelled:contains('A-17')",
        },
    ],
});

/** Lets the next recording reach the server and loses its answer. */
function loseAnswer() {
    const Real = browser.XMLHttpRequest;
    browser.XMLHttpRequest = class extends Real {
        open(method, url) {
            this.isRecord = url.endsWith("/b2b2c.terminal/record");
            super.open(...arguments);
        }
        addEventListener(type, listener) {
            const lost = (ev) => {
                if (!this.isRecord) {
                    return listener(ev);
                }
                if (type === "load") {
                    browser.XMLHttpRequest = Real; // the connection is back
                    this.dispatchEvent(new Event("error"));
                } else {
                    listener(ev);
                }
            };
            super.addEventListener(type, lost);
        }
    };
}

tours.add("b2b2c_terminal_lost_answer", {
    steps: () => [
        ...find("067 123 45 67"),
        ...press("1", "0", "0"),
        {
            content: "The preview is there; from now on the answer gets lost",
            trigger: ".o_terminal_total:contains('+5 pts')",
            run: () => loseAnswer(),
        },
        { content: "Confirm", trigger: ".o_terminal_confirm:enabled", run: "click" },
        {
            content: "There was no answer",
            trigger: ".o_terminal_alert:contains('No connection')",
        },
        {
            content: "What was entered is kept",
            trigger: "#o_terminal_amount:value('100')",
        },
        {
            content: "Send it again",
            trigger: ".o_terminal_confirm:contains('Send again')",
            run: "click",
        },
        {
            content: "It had been recorded; nothing was added",
            trigger: ".o_terminal_facts:contains('recorded already')",
        },
        {
            content: "She has 5 points, not 10",
            trigger: ".o_terminal_facts:contains('New balance 5 pts')",
        },
    ],
});

tours.add("b2b2c_terminal_camera", {
    steps: () => [
        { content: "Scan", trigger: ".o_terminal_scan", run: "click" },
        {
            content: "The camera found her code",
            trigger: ".o_terminal_person:contains('Olena Kovalenko')",
            timeout: 30000,
        },
    ],
});

/** Steps: reserve points for an amount in the dialog of paying. */
function reserve(amount) {
    return [
        { content: "Pay with points", trigger: ".o_terminal_pay", run: "click" },
        {
            content: "What she can pay is told",
            trigger: ".o_terminal_paying:contains('Olena can pay')",
        },
        {
            content: `${amount} in points`,
            trigger: "#o_terminal_pay_amount",
            run: `edit ${amount}`,
        },
        { content: "Reserve", trigger: ".o_terminal_ask:enabled", run: "click" },
        {
            content: "A code was sent to her",
            trigger: ".o_terminal_paying[data-step='code']:contains('+380 ••• 567')",
        },
    ];
}

/** Steps: type the code that the person reads out. */
function confirmWith(code) {
    return [
        {
            content: `She reads out ${code}`,
            trigger: ".o_terminal_code",
            run: `edit ${code}`,
        },
        { content: "Pay", trigger: ".o_terminal_pay_confirm:enabled", run: "click" },
    ];
}

/** A step: the dialog is gone, and its button says what it said. */
function isFree() {
    return {
        content: "Nothing is paid",
        trigger: "body:not(:has(.modal)) .o_terminal_pay:contains('Pay with points')",
    };
}

tours.add("b2b2c_terminal_paying", {
    steps: () => [
        ...find("067 123 45 67"),
        ...press("3", "0"),
        ...reserve("10"),
        { content: "Not now", trigger: ".modal .btn:contains('Without')", run: "click" },
        isFree(),
        ...reserve("12"),
        { content: "Go back", trigger: ".modal-header button", run: "click" },
        isFree(),
        ...reserve("20"),
        ...confirmWith("000000"),
        {
            content: "It is wrong, and can be typed again",
            trigger: ".o_terminal_paying .o_terminal_alert:contains('not right')",
        },
        ...confirmWith("471209"),
        {
            content: "It is paid",
            trigger: ".o_terminal_paying[data-step='paid']:contains('paid')",
        },
        { content: "Go on", trigger: ".modal .btn:contains('Go on')", run: "click" },
        {
            content: "The sale says what was paid in points",
            trigger: "body:not(:has(.modal)) .o_terminal_pay:contains('Paid')",
        },
        { content: "And what is left", trigger: ".o_terminal_has:contains('600 pts')" },
        fits("sale"),
    ],
});
