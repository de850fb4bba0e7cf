/* global posmodel */
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import { registry } from "@web/core/registry";

const POINTS = "Points";
const ALL = "b2b2c_all_network_hooks_fail";
const ENTERED = "b2b2c_network_hooks_entered";

const hooks = registry.category("b2b2c_network_hooks");

/** Let a hook fail, and note that it was entered; return what mends it. */
function sabotage([key, hook]) {
    const own = hook.run;
    hook.run = () => {
        const entered = JSON.parse(sessionStorage.getItem(ENTERED) || "[]");
        sessionStorage.setItem(ENTERED, JSON.stringify([...new Set([...entered, key])]));
        throw new Error("thrown by a test");
    };
    return () => {
        hook.run = own;
    };
}

// Before the till starts, and what is loaded later as well
if (sessionStorage.getItem(ALL)) {
    hooks.getEntries().forEach(sabotage);
    hooks.addEventListener("UPDATE", ({ detail: { key, value } }) => sabotage([key, value]));
}

function find(selector, text = "") {
    const found = [...document.querySelectorAll(selector)];
    return found.find((one) => one.checkVisibility() && one.textContent.includes(text));
}

async function until(check, what) {
    for (let tries = 0; tries < 1000; tries++) {
        const found = check();
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`In vain: ${what}`);
}

async function press(selector, text) {
    const thing = await until(() => find(selector, text), `${selector} ${text || ""}`);
    thing.click();
    await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Close what is open; a fault is told in no dialog of Odoo's. */
async function closeDialogs() {
    // What was said just now is drawn with the next frames
    await new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(resolve))
    );
    for (let open = find(".modal-dialog"); open; open = find(".modal-dialog")) {
        if (open.querySelector(".o_error_dialog") || open.matches(".o_error_dialog")) {
            throw new Error(`A cashier reads: ${open.textContent}`);
        }
        const closed = open;
        const buttons = closed.querySelectorAll(".btn-close, .modal-footer .btn");
        (closed.querySelector(".btn-close") || buttons[buttons.length - 1]).click();
        await until(() => !closed.isConnected, "a dialog closes");
    }
}

async function ring() {
    const order = posmodel.getOrder();
    await press("article.product", "Ring");
    await until(() => order.lines.length, "a line");
    return order;
}

/** Points are sent, and reserved or not; what was reserved is reversed or deleted. */
async function tryPoints(order) {
    await press(".paymentmethod", POINTS);
    const line = await until(() => order.payment_ids[0], "a line of points");
    const terminal = line.payment_method_id.payment_terminal;
    if (line.payment_status === "pending") {
        line.setAmount(10);
        await press(".send_payment_request");
    }
    await until(() => ["done", "retry"].includes(line.payment_status), "an answer");
    await closeDialogs();
    if (line.payment_status === "done") {
        await press(".send_payment_reversal");
        await until(() => line.payment_status !== "reversing", "a reversal");
    }
    await terminal.sendPaymentCancel(order, line.uuid);
    if (line.payment_status === "retry") {
        await press(".paymentline .delete-button");
        await until(() => !order.payment_ids.includes(line), "a line goes");
    }
}

/** Sell a ring to who shows a card, and be paid in the end. */
async function sell() {
    await until(() => find(".product-screen"), "products");
    if (!(await posmodel.deleteOrders([await ring()]))) {
        throw new Error("An order cannot be deleted");
    }
    posmodel.addNewOrder();
    const order = await ring();
    await press(".product-screen .more-btn");
    const button = await until(
        () => find(".o_b2b2c_network_card") || find(".modal-dialog"),
        "what else there is"
    );
    if (button.matches(".o_b2b2c_network_card")) {
        button.click();
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    await closeDialogs();
    order.b2b2c_network_code = "IRYNA";
    await press(".product-screen .pay-order-button");
    await tryPoints(order);
    if (order.remainingDue > 0) {
        await press(".paymentmethod", "Card");
    }
    await press(".validation-button.highlight");
    await until(() => find(".receipt-screen .pos-receipt"), "a receipt");
    await press(".receipt-screen .button.next.highlight");
    if (order.state !== "paid" || typeof order.id !== "number") {
        throw new Error("An order was not sent as paid");
    }
    return order.payment_ids.map((one) => [one.payment_method_id.name, one.amount]);
}

function play(content, run) {
    return { content, trigger: "body", timeout: 60000, run };
}

registry.category("web_tour.tours").add("b2b2c_network_faults", {
    steps: () =>
        [
            {...Chrome.startPoS()[0], timeout: 60000},
            play("nothing fails", sell),
            ...hooks.getEntries().map((entry) =>
                play(`${entry[0]} fails`, async () => {
                    const mend = sabotage(entry);
                    try {
                        await sell();
                    } finally {
                        mend();
                    }
                })
            ),
            {
                content: "all fail, from the start of the till on",
                trigger: ".pos",
                expectUnloadPage: true,
                run() {
                    sessionStorage.setItem(ALL, "1");
                    window.location.reload();
                },
            },
            play("all fail", sell),
            play("each was tried", () => {
                sessionStorage.removeItem(ALL);
                const entered = JSON.parse(sessionStorage.getItem(ENTERED));
                const left = hooks.getEntries().filter(([key]) => !entered.includes(key));
                if (left.length) {
                    throw new Error(`Never entered: ${left.map(([key]) => key)}`);
                }
            }),
        ].flat(Infinity),
});
