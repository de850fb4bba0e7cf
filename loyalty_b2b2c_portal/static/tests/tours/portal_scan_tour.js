import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function type(code) {
    return [
        { content: `Type ${code}`, trigger: "#b2b2c_code", run: `edit ${code}` },
        { content: "Send it", trigger: ".o_b2b2c_scan_ok", run: "click" },
    ];
}

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

tours.add("b2b2c_scan_camera", {
    steps: () => [
        { content: "Open the camera", trigger: ".o_b2b2c_scan_start", run: "click" },
        {
            content: "The label brought points",
            trigger: ".o_b2b2c_scan_result.o_credited .o_b2b2c_scan_points:contains('+3 pts')",
        },
        { content: "The camera is still open for the next", trigger: ".o_b2b2c_scan_video" },
        fits,
        { content: "Close it", trigger: ".o_b2b2c_scan_stop", run: "click" },
        { content: "It is closed", trigger: ".o_b2b2c_scan_start" },
    ],
});

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
        fits,
        { content: "The network is back", trigger: "#b2b2c_code", run: () => goOnline() },
        { content: "Three times three", trigger: ".o_b2b2c_scan_balance:contains('9 pts')" },
        { content: "Nothing waits", trigger: ".o_b2b2c_scan:not(:has(.o_b2b2c_scan_waiting))" },
    ],
});
