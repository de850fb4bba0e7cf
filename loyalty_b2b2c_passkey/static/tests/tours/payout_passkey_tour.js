import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openProof = () => ({
    content: "A payout is to be confirmed",
    trigger: ".o_b2b2c_request:contains('Money') a[href$='/proof']",
    run: "click",
    expectUnloadPage: true,
});

const confirm = () => ({
    content: "Confirm it with the device",
    trigger: ".o_b2b2c_payout_passkey .o_b2b2c_payout_confirm:contains('20.00')",
    run: "click",
});

/** The person makes a passkey on the own page of Odoo, and confirms a payout with it. */
tours.add("b2b2c_payout_passkey", {
    steps: () => [
        {
            content: "A passkey, please",
            trigger: "#portal_passkey_add",
            run: "click",
        },
        {
            content: "Who asks?",
            trigger: ".modal input[name='password']",
            run: "edit a-portal-password",
        },
        {
            content: "It is she",
            trigger: ".modal-footer button:contains('Confirm Password')",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".modal input[name='keyname']",
            run: "edit Phone",
        },
        {
            content: "The device makes it",
            trigger: ".modal button:contains('Create')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "There it is",
            trigger: ".o_passkey_name:contains('Phone')",
            run() {
                document.location = "/my/rewards/requests";
            },
            expectUnloadPage: true,
        },
        openProof(),
        {
            content: "No code is asked for",
            trigger: "body:not(:has(#b2b2c_answer)):not(:has(.o_b2b2c_payout_code))",
        },
        { ...confirm(), expectUnloadPage: true },
        {
            content: "It is confirmed",
            trigger: ".o_b2b2c_request:contains('Being checked')",
        },
    ],
});

/** The device does not have the passkey: one clear sentence, and another try. */
tours.add("b2b2c_payout_passkey_elsewhere", {
    steps: () => [
        openProof(),
        {
            content: "Nothing failed yet",
            trigger: ".o_b2b2c_payout_passkey_failed:not(:visible)",
        },
        confirm(),
        {
            content: "One clear sentence",
            trigger:
                ".o_b2b2c_payout_passkey_failed:visible:contains('This device did not confirm it.')",
        },
        {
            content: "It can be tried again",
            trigger: ".o_b2b2c_payout_passkey button:not(:disabled)",
        },
    ],
});
