import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("b2b2c_portal_rewards", {
    url: "/my",
    steps: () => [
        {
            content: "The home page has a card for participants",
            trigger: "a[href='/my/rewards']:contains('Rewards')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The available balance is large and first",
            trigger: ".o_b2b2c_available:contains('50 pts')",
        },
        {
            content: "What is pending says what it waits for",
            trigger: ".o_b2b2c_pending:contains('is paid')",
        },
        {
            content: "Nothing makes a phone scroll sideways",
            trigger: ".o_b2b2c_rewards",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
                }
            },
        },
        {
            content: "Open the statement",
            trigger: ".o_b2b2c_statement_link",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Ask why",
            trigger: ".o_b2b2c_row:has(.o_b2b2c_plus) .o_b2b2c_why summary",
            run: "click",
        },
        {
            content: "The explanation opens",
            trigger: ".o_b2b2c_why[open]:contains('5% of the amount')",
        },
        {
            content: "Back to the overview",
            trigger: ".o_portal_submenu a[href='/my/rewards']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is chosen stands on the card",
            trigger: ".o_b2b2c_preferences_link:contains('By e-mail. At once.')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Ask for SMS",
            trigger: "#b2b2c_notify_sms:not(:checked)",
            run: "click",
        },
        {
            content: "One message a day is enough",
            trigger: "label[for=b2b2c_digest_daily]",
            run: "click",
        },
        {
            content: "Nothing makes a phone scroll sideways",
            trigger: ".o_b2b2c_preferences",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
                }
            },
        },
        {
            content: "Save",
            trigger: ".o_b2b2c_preferences button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Saved and shown",
            trigger: ".o_b2b2c_saved",
        },
        {
            content: "The choice is kept",
            trigger: "#b2b2c_notify_sms:checked",
        },
        {
            content: "The digest is kept",
            trigger: "#b2b2c_digest_daily:checked",
        },
    ],
});
