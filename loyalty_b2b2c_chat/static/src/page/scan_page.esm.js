import { MessengerBridge } from "./messenger_bridge.esm.js";

/** Names of the messenger's colours, and ours. */
const COLOURS = {
    text_color: "--tg-text",
    bg_color: "--tg-ground",
    button_color: "--tg-button",
    button_text_color: "--tg-on-button",
    hint_color: "--tg-hint",
};
/** Milliseconds in which the same code is the same look at it. */
const SAME = 4000;

const bridge = new MessengerBridge(window);
const find = (id) => document.getElementById(id);
const form = find("typed");
let last = { code: "", at: 0 };

for (const [theirs, ours] of Object.entries(COLOURS)) {
    const colour = bridge.theme[theirs];
    if (/^#[0-9a-f]{6}$/i.test(colour || "")) {
        document.documentElement.style.setProperty(ours, colour);
    }
}
find("scan").hidden = !bridge.canScan;
find("no_scanner").hidden = bridge.canScan;

find("scan").addEventListener("click", () => {
    const text = find("scanner_text").textContent.trim();
    bridge.send("web_app_open_scan_qr_popup", { text });
});
bridge.on("qr_text_received", ({ data }) => {
    const now = Date.now();
    if (!data || (data === last.code && now - last.at < SAME)) {
        return; // the camera still looks at it
    }
    last = { code: data, at: now };
    bridge.send("web_app_close_scan_qr_popup");
    take(data);
});
form.addEventListener("submit", (ev) => {
    ev.preventDefault();
    const code = form.elements.code.value.trim();
    if (code) {
        take(code, form.elements.pin.value.trim());
    }
});
bridge.send("web_app_ready");
bridge.send("web_app_expand");

/** Hands a code in and shows what became of it. */
async function take(code, pin = "") {
    const key = [...crypto.getRandomValues(new Uint8Array(16))]
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("");
    const params = { told: bridge.told, codes: [code], key, pin };
    setBusy(true);
    try {
        const response = await fetch(document.body.dataset.take, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
        });
        const { result } = await response.json();
        show(code, result || {});
    } catch {
        find("offline").hidden = false;
    }
    setBusy(false);
}

function setBusy(isBusy) {
    find("offline").hidden = true;
    for (const button of document.querySelectorAll("button")) {
        button.disabled = isBusy;
    }
}

/** Shows what became of a code, the newest first. */
function show(code, { answers = [], error = "" }) {
    const told = error ? [{ status: "refused", message: error }] : answers;
    for (const answer of told) {
        const row = document.createElement("li");
        row.className = answer.status;
        const words = document.createElement("b");
        words.textContent = answer.message;
        const more = [answer.product, answer.points].filter(Boolean).join(" · ");
        row.append(words, more);
        find("answers").prepend(row);
        if (answer.balances?.length) {
            find("balance").textContent = answer.balances.join(" + ");
        }
    }
    askPin(code, told);
    const isTaken = ["credited", "pending", "review"].includes(told[0]?.status);
    bridge.send("web_app_trigger_haptic_feedback", {
        type: "notification",
        notification_type: isTaken ? "success" : "warning",
    });
}

/** Lets the PIN be typed, where the code has one. */
function askPin(code, told) {
    const { code: field, pin } = form.elements;
    const isAsked = told[0]?.status === "pin";
    pin.hidden = !isAsked;
    pin.value = "";
    field.value = isAsked ? code : "";
    if (isAsked) {
        pin.focus();
    }
}
