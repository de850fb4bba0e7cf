import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import {
    ConnectionAbortedError,
    ConnectionLostError,
    RPCError,
    rpc,
} from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

import { askToKeep, rememberPerson } from "../app/phone";
import { readAttend } from "./attend_code";
import { readCode } from "./product_code";
import { ScanCamera, isCameraSupported } from "./scan_camera";
import { ScanQueue, newKey } from "./scan_queue";

const AGAIN = 10000; // ms until a lost connection is tried again
const SAME_CODE = 4000; // ms in which the camera sees one code, not two
const LATER = 600000; // ms until a scan the server did not want now is sent again
const RECENT = 8;
const TOGETHER = 10; // scans in a request
const STATES = {
    credited: "accepted",
    pending: "accepted",
    review: "review",
    refused: "refused",
    typo: "refused",
};
const PROBLEMS = {
    empty: _t("Scan or type a code first."),
    foreign: _t("This is another kind of code."),
    short: _t("Some characters are missing: a code has 16."),
    long: _t("These are too many characters: a code has 16."),
    typo: _t("One of the characters is wrong. Compare them with the package."),
};

/** Scan, see what it brought, scan the next one; without network, too. */
export class ScanPage extends Component {
    static template = "loyalty_b2b2c_portal.ScanPage";
    static components = { ScanCamera };
    static props = {
        code: String,
        take: Boolean,
        user: Number,
        members: Array,
        balances: Array,
        recent: Array,
        outside: Boolean,
        place: Boolean,
        initials: String,
        company: String,
        lang: String,
        // the page the phone keeps: nobody of the server was asked
        at: { type: String, optional: true },
        onSent: { type: Function, optional: true },
    };

    setup() {
        this.input = useRef("input");
        this.pinInput = useRef("pin");
        this.queue = new ScanQueue(this.props.user);
        this.memberName = `b2b2c_member_${this.props.user}`;
        this.sending = false;
        this.seen = { code: "", at: 0 };
        this.place = null;
        this.drawnAt = performance.timeOrigin; // the server drew the page after that
        const kept = Number(browser.localStorage.getItem(this.memberName));
        const known = this.props.members.some((member) => member.id === kept);
        if (!this.isKept) {
            rememberPerson(this.props);
        }
        this.state = useState({
            camera: false,
            cameraError: "",
            lamp: null,
            lampOn: false,
            photo: "",
            text: this.props.code,
            pin: "",
            pinFor: "",
            result: null,
            waiting: this.queue.get(),
            offline: false,
            member: known ? kept : this.props.members[0].id,
            balances: this.props.balances,
            recent: this.props.recent,
        });
        const send = () => this.send();
        const catchUp = () => this.catchUp();
        onMounted(() => {
            browser.addEventListener("online", send);
            // another page of this phone sent something, or this one was left and is back
            browser.addEventListener("storage", catchUp);
            browser.addEventListener("pageshow", catchUp);
            this.timer = browser.setInterval(send, AGAIN);
            this.findPlace();
            this.queue.hurry();
            this.catchUp();
            if (this.props.take) {
                this.take(this.props.code);
            } else {
                send();
            }
        });
        onWillUnmount(() => {
            browser.removeEventListener("online", send);
            browser.removeEventListener("storage", catchUp);
            browser.removeEventListener("pageshow", catchUp);
            browser.clearInterval(this.timer);
        });
    }

    /** Shows what became of scans that another page of this phone sent. */
    catchUp() {
        const news = this.queue.getNews(this.drawnAt);
        if (news) {
            this.drawnAt = news.at;
            this.state.balances = news.balances;
            this.state.recent = news.recent;
        }
        this.state.waiting = this.queue.get();
    }

    /** Whether the phone drew this page without a network. */
    get isKept() {
        return this.props.at !== undefined;
    }

    /** Whether the points of the answer came by this scan, not by an earlier one. */
    get isNew() {
        return ["credited", "pending"].includes(this.state.result.status);
    }

    get canUseCamera() {
        return isCameraSupported();
    }

    /** Whether nothing is being sent: the server wants all of it later. */
    get isPaused() {
        return this.state.waiting.every((scan) => scan.later > Date.now());
    }

    // === CAMERA === //

    toggleCamera() {
        Object.assign(this.state, {
            camera: !this.state.camera,
            cameraError: "",
            lamp: null,
            lampOn: false,
            result: null,
        });
    }

    onLamp(set) {
        this.state.lamp = { set };
    }

    toggleLamp() {
        this.state.lampOn = !this.state.lampOn;
        this.state.lamp.set(this.state.lampOn);
    }

    onCameraError(error) {
        this.state.camera = false;
        this.state.cameraError = error.message;
    }

    onCode(text) {
        const now = Date.now();
        if (this.state.pinFor || (text === this.seen.code && now - this.seen.at < SAME_CODE)) {
            this.seen.at = now;
            return;
        }
        this.seen = { code: text, at: now };
        browser.navigator.vibrate?.(60);
        const attend = readAttend(text, browser.location.origin);
        if (attend) {
            browser.location.assign(attend); // the screen of a presentation
            return;
        }
        this.take(text);
    }

    /** Takes all codes on a photo, of a pallet for instance, as if each was scanned. */
    async onPhoto(ev) {
        const [photo] = ev.target.files;
        if (!photo) {
            return;
        }
        this.state.photo = "reading";
        const body = new FormData();
        body.append("photo", photo);
        body.append("csrf_token", odoo.csrf_token);
        ev.target.value = "";
        let found;
        try {
            const answer = await browser.fetch("/my/rewards/scan/photo", { method: "POST", body });
            found = await answer.json();
        } catch {
            found = { error: _t("The photo could not be sent. Try again.") };
        }
        const codes = found.codes || [];
        this.state.photo = found.error || this.describePhoto(codes.length, found.printed);
        codes.forEach((code) => this.take(code));
    }

    describePhoto(count, printed) {
        if (!count) {
            return _t("No code was found. Take the photo from nearer, in good light.");
        }
        return printed
            ? _t("%(count)s codes found, %(printed)s of them by the printed characters.", {
                  count,
                  printed,
              })
            : _t("%s codes found.", count);
    }

    findPlace() {
        if (this.props.place && browser.navigator.geolocation) {
            browser.navigator.geolocation.getCurrentPosition(
                ({ coords }) => (this.place = [coords.latitude, coords.longitude]),
                () => {}
            );
        }
    }

    // === TAKING A CODE === //

    onSubmit() {
        this.take(this.state.pinFor || this.state.text, this.state.pin);
    }

    onMember(ev) {
        this.state.member = Number(ev.target.value);
        browser.localStorage.setItem(this.memberName, this.state.member);
    }

    cancelPin() {
        Object.assign(this.state, { pinFor: "", pin: "", result: null });
    }

    /**
     * @param {string} text as scanned or typed
     * @param {string} [pin]
     */
    take(text, pin = "") {
        const { problem, wantsPin } = readCode(text);
        if (problem && (problem === "empty" || !this.props.outside)) {
            this.state.result = { status: "typo", message: PROBLEMS[problem] };
            return;
        }
        if (wantsPin && !pin.trim()) {
            this.askPin(text);
            return;
        }
        this.queue.add({
            key: newKey(),
            code: text.trim().slice(0, 300),
            pin,
            at: Date.now(),
            member: this.state.member,
            place: this.place,
        });
        if (this.input.el) {
            this.input.el.value = ""; // pasted and sent within one frame: nothing changed
        }
        Object.assign(this.state, {
            text: "",
            pin: "",
            pinFor: "",
            result: null,
            waiting: this.queue.get(),
        });
        this.send();
    }

    askPin(text) {
        Object.assign(this.state, { pinFor: text, pin: "", result: null });
        browser.setTimeout(() => this.pinInput.el?.focus());
    }

    sendNow() {
        this.queue.hurry();
        this.state.waiting = this.queue.get();
        this.send();
    }

    /** Sends what waits, oldest first; stops where the connection does. */
    async send() {
        if (this.sending) {
            return;
        }
        this.sending = true;
        try {
            let scans;
            do {
                scans = this.getDue().slice(0, TOGETHER);
            } while (scans.length && (await this.sendAll(scans)));
        } finally {
            this.sending = false;
            this.state.waiting = this.queue.get();
        }
    }

    /** @returns {Object[]} what is to be sent now, oldest first */
    getDue() {
        return this.queue.get().filter((scan) => (scan.later || 0) <= Date.now());
    }

    /**
     * @param {Object[]} scans sent together: a slow network is waited for once
     * @returns {Promise<boolean>} whether to go on
     */
    async sendAll(scans) {
        try {
            const params = {
                scans: scans.map(({ later: _later, ...scan }) => scan),
                user: this.props.user, // somebody else may have signed in meanwhile
            };
            const answers = await rpc("/my/rewards/scan/take", params, { silent: true });
            this.state.offline = false;
            this.props.onSent?.();
            scans.forEach((scan, index) => this.show(scan, answers[index], scans.length > 1));
            return true;
        } catch (error) {
            if (error instanceof ConnectionLostError || error instanceof ConnectionAbortedError) {
                this.state.offline = true;
                askToKeep();
                return false;
            }
            if (!(error instanceof RPCError)) {
                throw error;
            }
            const signedOut = error.exceptionName?.includes("SessionExpired");
            if (scans.length > 1 && !signedOut) {
                return this.sendApart(scans);
            }
            (signedOut ? this.queue.get() : scans).forEach((scan) => this.postpone(scan));
            this.state.result = {
                status: "refused",
                signedOut,
                message: signedOut
                    ? _t("You were signed out. Sign in again, your scans are kept.")
                    : error.data?.message || error.message,
            };
            return !signedOut;
        }
    }

    /** Sends one by one, so that a scan that fails does not keep the others. */
    async sendApart(scans) {
        for (const scan of scans) {
            if (!(await this.sendAll([scan]))) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param {Object} scan
     * @param {Object} answer of the server
     * @param {boolean} isOneOfMany sent together with others: a refusal, which the next
     *  result would cover at once, stays in the list
     */
    show(scan, answer, isOneOfMany) {
        if (answer.status === "wait") {
            this.postpone(scan);
        } else {
            this.queue.remove(scan.key);
        }
        if (answer.status === "pin") {
            this.askPin(scan.code);
            return;
        }
        this.state.result = { ...answer, key: scan.key };
        const state = STATES[answer.status];
        if (state && (state !== "refused" || isOneOfMany)) {
            const row = {
                id: scan.key,
                product: answer.product || scan.code,
                when: _t("Now"),
                points: answer.points,
                state,
            };
            // sent by two pages it is one scan
            const others = this.state.recent.filter((one) => one.id !== row.id);
            this.state.recent = [row, ...others].slice(0, RECENT);
        }
        if (answer.balances?.length) {
            this.state.balances = answer.balances;
            this.queue.setNews({ balances: answer.balances, recent: this.state.recent });
            this.drawnAt = Date.now();
        }
    }

    postpone(scan) {
        const later = Date.now() + LATER;
        this.queue.set(
            this.queue.get().map((one) => (one.key === scan.key ? { ...one, later } : one))
        );
    }
}

registry.category("public_components").add("loyalty_b2b2c_portal.scan", ScanPage);
