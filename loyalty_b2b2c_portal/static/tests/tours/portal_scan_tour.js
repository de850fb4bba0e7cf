import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function type(code) {
    return [
        { content: `Type ${code}`, trigger: "#b2b2c_code", run: `edit ${code}` },
        { content: "Send it", trigger: ".o_b2b2c_scan_ok", run: "click" },
    ];
}

const signIn = [
    { content: "Who", trigger: "input[name='login']", run: "edit nina" },
    { content: "Password", trigger: "input[name='password']", run: "edit a-portal-password" },
    {
        content: "Sign in",
        trigger: ".oe_login_form button[type='submit']",
        run: "click",
        expectUnloadPage: true,
    },
];

const fits = {
    content: "Nothing makes a phone scroll sideways",
    trigger: ".o_b2b2c_scan",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
        }
    },
};

tours.add("b2b2c_scan_ukrainian", {
    steps: () => [
        {
            content: "The button of the camera",
            trigger: ".o_b2b2c_scan:contains('Відкрити камеру')",
        },
        ...type("SCANME0000000110"),
        {
            content: "What the server answers",
            trigger: ".o_b2b2c_scan_result.o_credited:contains('Готово')",
        },
        fits,
    ],
});

tours.add("b2b2c_scan_typing", {
    steps: () => [
        ...type("SCANME0000000111"),
        {
            content: "A wrong character is noticed",
            trigger: ".o_b2b2c_scan_result.o_typo:contains('characters is wrong')",
        },
        ...type("scan-me00-0000-o1lo"),
        {
            content: "Look-alikes are read; the points are large",
            trigger: ".o_b2b2c_scan_result.o_credited .o_b2b2c_scan_points:contains('+3 pts')",
        },
        {
            content: "The new balance",
            trigger: ".o_b2b2c_scan_balance:contains('3 pts')",
        },
        fits,
        ...type("SCANME0000000110"),
        {
            content: "The same again says so",
            trigger: ".o_b2b2c_scan_result.o_mine:contains('already')",
        },
    ],
});

const lamp = [];

/** The camera of a browser under test has no lamp: say that it has, note what it is told. */
function giveLamp() {
    const track = MediaStreamTrack.prototype;
    const getCapabilities = track.getCapabilities;
    track.getCapabilities = function () {
        return { ...getCapabilities.call(this), torch: true };
    };
    track.applyConstraints = async ({ advanced }) => lamp.push(advanced[0].torch);
}

function lampWas(...told) {
    if (lamp.join() !== told.join()) {
        throw new Error(`The lamp was told ${lamp.join()}`);
    }
}

const LIGHT = ".o_b2b2c_scan_tools button[aria-label='Light']";

tours.add("b2b2c_scan_camera", {
    steps: () => [
        { content: "A phone with a lamp", trigger: ".o_b2b2c_scan_start", run: giveLamp },
        { content: "Open the camera", trigger: ".o_b2b2c_scan_start", run: "click" },
        {
            content: "The label brought points",
            trigger: ".o_b2b2c_scan_result.o_credited .o_b2b2c_scan_points:contains('+3 pts')",
        },
        { content: "The camera is still open for the next", trigger: ".o_b2b2c_scan_video" },
        { content: "Light", trigger: LIGHT, run: "click" },
        { content: "It is on", trigger: `${LIGHT}.active`, run: () => lampWas(true) },
        { content: "No light", trigger: LIGHT, run: "click" },
        {
            content: "It is off",
            trigger: `${LIGHT}:not(.active)`,
            run: () => lampWas(true, false),
        },
        fits,
        { content: "Close it", trigger: ".o_b2b2c_scan_stop", run: "click" },
        { content: "It is closed", trigger: ".o_b2b2c_scan_start" },
    ],
});

const nothingWaits = ".o_b2b2c_scan:not(:has(.o_b2b2c_scan_waiting))";
let real;

/** From now on no request of this page reaches the server. */
function goOffline() {
    real = browser.XMLHttpRequest;
    browser.XMLHttpRequest = class extends real {
        send() {
            setTimeout(() => this.dispatchEvent(new Event("error")));
        }
    };
}

function goOnline() {
    browser.XMLHttpRequest = real;
    window.dispatchEvent(new Event("online"));
}

tours.add("b2b2c_scan_offline", {
    steps: () => [
        { content: "The network is gone", trigger: "#b2b2c_code", run: () => goOffline() },
        ...type("SCANME0000000110"),
        { content: "It waits", trigger: ".o_b2b2c_scan_waiting:contains('1 scan waits')" },
        ...type("SCANME000000029Z"),
        ...type("SCANME00000003J9"),
        { content: "All wait", trigger: ".o_b2b2c_scan_waiting:contains('3 scans wait')" },
        ...type("SCANME00000090ZH"),
        fits,
        { content: "The network is back", trigger: "#b2b2c_code", run: () => goOnline() },
        { content: "Three times three", trigger: ".o_b2b2c_scan_balance:contains('9 pts')" },
        { content: "Nothing waits", trigger: nothingWaits },
        {
            content: "Which one was refused is seen after the others, too",
            trigger: ".o_b2b2c_scan_recent li:contains('SCANME'):contains('Not accepted')",
        },
        fits,
    ],
});

tours.add("b2b2c_scan_bad_one", {
    steps: () => [
        { content: "The network is gone", trigger: "#b2b2c_code", run: () => goOffline() },
        ...type("SCANME0000000110"),
        ...type("SCANME000000029Z"),
        ...type("SCANME00000003J9"),
        { content: "The network is back", trigger: "#b2b2c_code", run: () => goOnline() },
        { content: "Two times three", trigger: ".o_b2b2c_scan_balance:contains('6 pts')" },
        { content: "One waits", trigger: ".o_b2b2c_scan_waiting:contains('1 scan waits')" },
    ],
});

tours.add("b2b2c_scan_signed_out", {
    steps: () => [
        {
            content: "Signed out elsewhere, a moment ago",
            trigger: "#b2b2c_code",
            run: () => fetch("/web/session/logout", { redirect: "manual" }),
        },
        ...type("SCANME0000000110"),
        {
            content: "It says so, and the scan is kept",
            trigger: ".o_b2b2c_scan_waiting:contains('1 scan waits'):contains('kept here')",
        },
        fits,
        {
            content: "Sign in again",
            trigger: ".o_b2b2c_scan_result:contains('signed out') .o_b2b2c_scan_sign_in",
            run: "click",
            expectUnloadPage: true,
        },
        ...signIn,
        {
            content: "It is sent at once",
            trigger: ".o_b2b2c_scan_result.o_credited .o_b2b2c_scan_points:contains('+3 pts')",
        },
        { content: "Nothing waits", trigger: ".o_b2b2c_scan:not(:has(.o_b2b2c_scan_waiting))" },
    ],
});

tours.add("b2b2c_scan_sign_in", {
    steps: () => [
        {
            content: "The code of the package was opened by the phone's own camera",
            trigger: ".o_b2b2c_sign_in",
            run: "click",
            expectUnloadPage: true,
        },
        ...signIn,
        {
            content: "It is credited without another tap",
            trigger: ".o_b2b2c_scan_result.o_credited .o_b2b2c_scan_points:contains('+3 pts')",
        },
    ],
});

tours.add("b2b2c_scan_two_pages", {
    steps: () => [
        ...type("SCANME0000000110"),
        { content: "The balance", trigger: ".o_b2b2c_scan_balance:contains('3 pts')" },
        {
            content: "Another page of this phone has an answer, too",
            trigger: "#b2b2c_code",
            run() {
                const name = Object.keys(localStorage).find((key) =>
                    key.startsWith("b2b2c_scanned_")
                );
                const news = { at: Date.now() + 1, balances: ["6 pts"], recent: [] };
                localStorage.setItem(name, JSON.stringify(news));
                window.dispatchEvent(new StorageEvent("storage", { key: name }));
            },
        },
        { content: "Both show the same", trigger: ".o_b2b2c_scan_balance:contains('6 pts')" },
    ],
});
