/* global posmodel */
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import {Component, xml} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {run} from "@point_of_sale/../tests/generic_helpers/utils";

const CODE = "0123456789ABCDEF";
const POINTS = "Bonus points";
const ALL = "b2b2c_all_hooks_fail";
const ENTERED = "b2b2c_hooks_entered";
const SETTLED = ["done", "retry"];

const hooks = registry.category("b2b2c_till_hooks");

/** Return a module of the till: this file is loaded beside the back office as well. */
function load(name) {
    return odoo.loader.modules.get(`@point_of_sale/app/${name}`);
}

// === FAULTS === //

/** Note which hook was entered: what nobody enters is not tried. */
function fail(key) {
    const entered = JSON.parse(sessionStorage.getItem(ENTERED) || "[]");
    sessionStorage.setItem(ENTERED, JSON.stringify([...new Set([...entered, key])]));
    throw new Error("thrown by a test");
}

/** Let a hook fail; return what mends it. */
function sabotage([key, hook]) {
    const own = hook.run;
    hook.run =
        hook.kind === "shown"
            ? class extends Component {
                  static template = xml`<i />`;
                  static props = ["*"];

                  setup() {
                      fail(key);
                  }
              }
            : () => fail(key);
    return () => {
        hook.run = own;
    };
}

// Before the till starts, and what is loaded later as well
if (sessionStorage.getItem(ALL)) {
    hooks.getEntries().forEach(sabotage);
    hooks.addEventListener("UPDATE", ({detail: {key, value}}) => sabotage([key, value]));
}

// === A SALE === //

const said = []; // what a cashier read in dialogs

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
    throw new Error(`In vain: ${what}. The cashier read: ${said.join(" · ")}`);
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
        said.push(closed.textContent);
        const buttons = closed.querySelectorAll(".btn-close, .modal-footer .btn");
        (closed.querySelector(".btn-close") || buttons[buttons.length - 1]).click();
        await until(() => !closed.isConnected, "a dialog closes");
    }
}

async function pressButtons() {
    await press(".o_b2b2c_buyer_button");
    await press(".product-screen .more-btn");
    await press(".b2b2c-seller-button");
    await closeDialogs();
    await press(".pos-rightheader button:has(.fa-bars)");
    await press(".b2b2c-my-points-item");
    await closeDialogs();
}

async function ring() {
    const order = posmodel.getOrder();
    await press("article.product", "Paper");
    await until(() => order.lines.length, "a line");
    return order;
}

/** Return a line of points that the server reserved; any other is deleted again. */
async function choosePoints(order) {
    const before = [...order.payment_ids];
    const getLine = () => order.payment_ids.find((one) => !before.includes(one));
    await press(".paymentmethod", POINTS);
    await until(() => getLine() || find(".modal-dialog"), "a line of points");
    await closeDialogs();
    const line = getLine();
    if (!line) {
        return null;
    }
    if (line.payment_status === "pending") {
        await press(".send_payment_request");
    }
    await until(() => SETTLED.includes(line.payment_status), "an answer");
    await closeDialogs();
    if (line.payment_status === "done") {
        return line;
    }
    await press(".paymentline .delete-button");
    await until(() => !order.payment_ids.includes(line), "a line goes");
    return null;
}

/** Points are reserved, given back, and reserved again, as far as it goes. */
async function payInPoints(order) {
    const line = await choosePoints(order);
    if (!line) {
        return;
    }
    await line.payment_method_id.payment_terminal.sendPaymentAdjust(line.uuid);
    await closeDialogs();
    await press(".send_payment_reversal");
    await until(() => line.payment_status !== "reversing", "a reversal");
    if (line.payment_status === "reversed") {
        const {payment_terminal} = line.payment_method_id;
        await payment_terminal.sendPaymentCancel(order, line.uuid);
        await closeDialogs();
        await choosePoints(order);
    }
}

/** What a till calls on its own, at its start or after a while, or a cashier seldom. */
async function callTheRest(order, dropped) {
    const scanner = posmodel.env.services.barcode_reader;
    if (scanner.b2b2cCards) {
        scanner.b2b2cReadCards(scanner.b2b2cCards.reader, scanner.b2b2cCards.show);
    }
    posmodel.setOrder(order);
    await posmodel.b2b2cRecallBuyer(order);
    await posmodel.b2b2cPreview(order, () => false);
    posmodel.b2b2cRemoveBuyer(dropped);
    posmodel.b2b2cSay("Said by a test");
    await posmodel.activateCode?.("no such code"); // of coupons, which may not be there
}

/** Sell a ream of paper in every way there is, and be paid in the end. */
async function sell() {
    await until(() => find(".product-screen"), "products");
    const other = await ring();
    posmodel.addNewOrder();
    const dropped = await ring();
    await posmodel.mergeOrders(other, dropped);
    const drafts = posmodel.models["pos.order"].filter((one) => !one.finalized);
    if (!(await posmodel.deleteOrders(drafts))) {
        throw new Error("Orders cannot be deleted");
    }
    posmodel.addNewOrder();
    await posmodel.env.services.barcode_reader.scan(`M:${CODE}`);
    const order = await ring();
    await callTheRest(order, dropped);
    await press(".product-screen .pay-order-button");
    await press(".paymentmethod", "Cash");
    await press(".paymentline .delete-button");
    await until(() => !order.payment_ids.length, "a line goes");
    await payInPoints(order);
    if (order.remainingDue > 0) {
        await press(".paymentmethod", "Cash");
    }
    const screen = {pos: posmodel, validateOrder: () => undefined};
    const money = order.payment_ids.find((one) => one.payment_method_id.name === "Cash");
    if (money) {
        const {PaymentScreen} = load("screens/payment_screen/payment_screen");
        await PaymentScreen.prototype.sendForceDone.call(screen, money);
    }
    await press(".validation-button.highlight");
    await until(() => find(".receipt-screen .pos-receipt"), "a receipt");
    await posmodel.printReceipt({order});
    await press(".receipt-screen .button.next.highlight");
    if (order.state !== "paid" || typeof order.id !== "number") {
        throw new Error("An order was not sent as paid");
    }
    return order.payment_ids.map((one) => [one.payment_method_id.name, one.amount]);
}

function start() {
    return [
        {...Chrome.startPoS()[0], timeout: 60000},
        run(() => {
            posmodel.printer.print = async () => ({successful: true});
        }, "there is no printer"),
    ];
}

function play(content, action) {
    return {content, trigger: "body", timeout: 60000, run: action};
}

registry.category("web_tour.tours").add("b2b2c_till_faults", {
    steps: () =>
        [
            start(),
            play("nothing fails: all is paid in points", async () => {
                const paid = JSON.stringify(await sell());
                if (paid !== JSON.stringify([[POINTS, 100]])) {
                    throw new Error(`Paid with ${paid}. The cashier read: ${said.join(" · ")}`);
                }
            }),
            ...hooks.getEntries().map((entry) =>
                play(`${entry[0]} fails`, async () => {
                    const mend = sabotage(entry);
                    try {
                        if (/clickB2b2c|openB2b2c|SellerName/.test(entry[0])) {
                            await pressButtons();
                        }
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
            run(() => {
                posmodel.printer.print = async () => ({successful: true});
            }, "there is no printer"),
            play("all fail", sell),
            play("each was tried", () => {
                const entered = JSON.parse(sessionStorage.getItem(ENTERED));
                const left = hooks.getEntries().filter(([key]) => !entered.includes(key));
                if (left.length) {
                    throw new Error(`Never entered: ${left.map(([key]) => key)}`);
                }
                sessionStorage.removeItem(ALL);
                console.log(`b2b2c: ${entered.length} hooks failed, and all was sold`);
            }),
        ].flat(Infinity),
});

/** A patch that is not known as a hook, and fails, stops a sale: that is noticed. */
registry.category("web_tour.tours").add("b2b2c_till_unguarded", {
    steps: () =>
        [
            start(),
            play("a bare patch fails", async () => {
                const validation = load("utils/order_payment_validation");
                patch(validation[Symbol.for("default")].prototype, {
                    async askBeforeValidation() {
                        throw new Error("thrown by a test");
                    },
                });
                const order = await ring();
                await press(".product-screen .pay-order-button");
                await press(".paymentmethod", "Cash");
                const {error} = console; // what stands there fails a tour
                console.error = () => undefined;
                await press(".validation-button.highlight");
                await until(() => find(".o_error_dialog"), "a fault nobody catches");
                console.error = error;
                if (order.state === "paid") {
                    throw new Error("It was sold all the same");
                }
            }),
        ].flat(Infinity),
});
