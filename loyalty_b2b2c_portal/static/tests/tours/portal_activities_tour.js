import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const PHOTOS = "#b2b2c_photos";
const VIDEO = "#b2b2c_video";
const MEBIBYTE = 1024 * 1024;

/** A photo from the phone's camera. */
async function takePhoto(color) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = canvas.getContext("2d");
    context.fillStyle = color;
    context.fillRect(0, 0, 640, 480);
    context.fillStyle = "white";
    for (let x = 0; x < 600; x += 60) {
        context.fillRect(x, (x * 7) % 400, 40, 60);
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
    return new File([blob], `${color}.jpg`, { type: "image/jpeg" });
}

function choose(selector, files) {
    const chosen = new DataTransfer();
    files.forEach((file) => chosen.items.add(file));
    const input = document.querySelector(selector);
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

function checkWidth() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
        throw new Error("a phone scrolls sideways");
    }
}

const handIn = [
    {
        content: "It is handed in",
        trigger: ".o_b2b2c_hand_in",
        run: "click",
        expectUnloadPage: true,
    },
    { content: "Somebody looks at it", trigger: ".o_b2b2c_status:contains('Handed in')" },
];

registry.category("web_tour.tours").add("b2b2c_activity_hand_in", {
    steps: () => [
        {
            content: "Something is written before photos are taken",
            trigger: "#b2b2c_note",
            run: "edit The new poster hangs",
        },
        {
            content: "Two photos, on a network that is gone for a moment",
            trigger: ".o_b2b2c_add",
            async run() {
                const fetch = browser.fetch;
                browser.fetch = async (...args) => {
                    browser.fetch = fetch;
                    throw new TypeError("no network");
                };
                choose(PHOTOS, [await takePhoto("navy"), await takePhoto("teal")]);
            },
        },
        { content: "It says so", trigger: ".o_b2b2c_sending:contains('No network')" },
        {
            content: "Both are there, and what was written is",
            trigger: ".o_b2b2c_thumbs > div:nth-child(2) img",
            run() {
                checkWidth();
                if (document.querySelector("#b2b2c_note").value !== "The new poster hangs") {
                    throw new Error("what was written is lost");
                }
            },
        },
        { content: "The checklist", trigger: ".form-check-input", run: "click" },
        ...handIn,
    ],
});

registry.category("web_tour.tours").add("b2b2c_activity_again", {
    steps: () => [
        {
            content: "It was sent back, and why",
            trigger: ".o_b2b2c_why:contains('Nearer, please')",
        },
        {
            content: "A photo goes",
            trigger: ".o_b2b2c_thumbs > div:nth-child(2) .o_b2b2c_remove",
            run: "click",
        },
        {
            content: "One is left; a better one is taken",
            trigger: ".o_b2b2c_thumbs:not(:has(> div:nth-child(2)))",
            async run() {
                choose(PHOTOS, [await takePhoto("maroon")]);
            },
        },
        { content: "It is there", trigger: ".o_b2b2c_thumbs > div:nth-child(2) img" },
        ...handIn,
    ],
});

registry.category("web_tour.tours").add("b2b2c_activity_video", {
    steps: () => [
        {
            content: "A video of five pieces; the network goes after the second",
            trigger: ".o_b2b2c_choose_video",
            run() {
                const bytes = new Uint8Array(9 * MEBIBYTE);
                bytes.set([0, 0, 0, 24], 0);
                bytes.set(new TextEncoder().encode("ftypisom"), 4);
                const fetch = browser.fetch;
                let pieces = 0;
                browser.fetch = async (url, ...args) => {
                    if (String(url).includes("/tasks/video/") && ++pieces > 2) {
                        throw new TypeError("no network");
                    }
                    return fetch(url, ...args);
                };
                choose(VIDEO, [new File([bytes], "shelf.mp4", { type: "video/mp4" })]);
            },
        },
        {
            content: "It says that it goes on by itself",
            trigger: ".o_b2b2c_video_text:contains('No network')",
            run() {
                checkWidth();
                browser.location.reload();
            },
            expectUnloadPage: true,
        },
        {
            content: "It does, in a page that was loaded again",
            trigger: ".o_b2b2c_video_text:contains('has arrived')",
            timeout: 60000, // machines that are slow are not wrong
        },
        { content: "It can be played", trigger: ".o_b2b2c_video video[src*='/tasks/video/']" },
        ...handIn,
    ],
});
