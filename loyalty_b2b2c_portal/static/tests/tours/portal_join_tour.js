import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function fits(trigger) {
    return {
        content: "Nothing makes a phone scroll sideways",
        trigger,
        run() {
            const { scrollWidth, clientWidth } = document.documentElement;
            if (scrollWidth > clientWidth) {
                throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
            }
        },
    };
}

tours.add("b2b2c_join", {
    steps: () => [
        {
            content: "Without a login the page asks to sign in or join",
            trigger: ".o_b2b2c_sign_in",
            run() {
                // the person opens the invitation of the shop: the QR code on the wall
                const token = document.cookie.match(/b2b2c_tour=([\w-]+)/)[1];
                window.location.href = `/rewards/join/${token}`;
            },
            expectUnloadPage: true,
        },
        fits(".o_b2b2c_join_form"),
        { content: "The name", trigger: "#b2b2c_name", run: "edit Maria Bondar" },
        { content: "The phone", trigger: "#b2b2c_phone", run: "edit +380501112233" },
        { content: "The consent", trigger: "#b2b2c_consent", run: "check" },
        {
            content: "Join",
            trigger: ".o_b2b2c_join_go",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "A wrong code", trigger: "#b2b2c_join_code", run: "edit 111111" },
        {
            content: "Send it",
            trigger: ".o_b2b2c_join_go",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is refused in a sentence",
            trigger: ".o_b2b2c_join_problem:contains('no longer valid')",
        },
        fits(".o_b2b2c_join"),
        { content: "The right code", trigger: "#b2b2c_join_code", run: "edit 135790" },
        {
            content: "Send it",
            trigger: ".o_b2b2c_join_go",
            run: "click",
            expectUnloadPage: true,
        },
        fits(".o_b2b2c_join_done"),
        {
            content: "Go on to the password",
            trigger: ".o_b2b2c_join_next",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Choose one",
            trigger: "input[name='password']",
            run: "edit a-long-enough-Password-1",
        },
        {
            content: "Once more",
            trigger: "input[name='confirm_password']",
            run: "edit a-long-enough-Password-1",
        },
        {
            content: "Sign up",
            trigger: ".oe_signup_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What was scanned in the beginning is credited",
            trigger: ".o_b2b2c_scan_result.o_credited .o_b2b2c_scan_points:contains('+3 pts')",
        },
    ],
});

tours.add("b2b2c_shop_owner", {
    steps: () => [
        {
            content: "The overview leads to the shop",
            trigger: ".o_b2b2c_shop_link",
            run: "click",
            expectUnloadPage: true,
        },
        fits(".o_b2b2c_shop"),
        {
            content: "Somebody waits",
            trigger: ".o_b2b2c_shop_waiting .o_b2b2c_approve",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "She is one of the staff now",
            trigger: ".o_b2b2c_shop_staff:contains('Remarkable')",
        },
        {
            content: "Nina does not work here any more",
            trigger: ".o_b2b2c_shop_staff li:contains('Nina') summary",
            run: "click",
        },
        {
            content: "End it",
            trigger: ".o_b2b2c_shop_staff li:contains('Nina') .btn-outline-danger",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "She is listed as gone", trigger: ".o_b2b2c_shop_left:contains('1')" },
        {
            content: "The code to show",
            trigger: ".o_b2b2c_shop_invitation img",
        },
        fits(".o_b2b2c_shop"),
    ],
});
