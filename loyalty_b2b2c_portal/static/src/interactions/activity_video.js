import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { sprintf } from "@web/core/utils/strings";
import { findFile, forgetFile, keepFile } from "./video_files";

const FIRST_PAUSE = 1000; // ms without a network; it doubles
const LONGEST_PAUSE = 30000;
const LOST = "lost";

/**
 * Sends a video in pieces: what has arrived stays, so a lost network and a page that is
 * loaded again cost no more than a piece.
 */
export class ActivityVideo extends Interaction {
    static selector = ".o_b2b2c_activity .o_b2b2c_video";
    dynamicContent = {
        "#b2b2c_video": { "t-on-change.withTarget": this.onChoose },
        _window: { "t-on-online": this.wakeUp },
    };

    setup() {
        const page = this.el.closest(".o_b2b2c_activity");
        this.address = page.dataset.address;
        this.member = page.dataset.member;
        this.key = `${this.address}/${this.member}`;
        this.csrf = page.querySelector("input[name=csrf_token]").value;
        this.run = 0; // the file that is being sent
    }

    start() {
        if (this.el.dataset.waiting) {
            this.goOn();
        }
    }

    destroy() {
        this.run = -1;
    }

    async onChoose(ev, input) {
        const [file] = input.files;
        if (file) {
            await keepFile(this.key, file);
            this.waitFor(this.sendFile(file));
        }
    }

    /** After the page was loaded again. */
    async goOn() {
        const file = await this.waitFor(findFile(this.key));
        if (file && file.name === this.el.dataset.name) {
            this.waitFor(this.sendFile(file));
        }
    }

    async sendFile(file) {
        const run = ++this.run;
        this.el.querySelector(".o_b2b2c_video_waiting")?.remove();
        this.el.querySelector(".o_b2b2c_video_state").classList.remove("d-none");
        this.say(_t("The video is being sent. You can go on below."));
        const begin = {
            token: await digest(`${file.name}|${file.size}|${file.lastModified}`),
            name: file.name,
            size: file.size,
            member: this.member,
        };
        let pause = FIRST_PAUSE;
        while (run === this.run) {
            const video = await this.ask(`${this.address}/video`, begin);
            if (video?.error) {
                await forgetFile(this.key);
                return this.refuse(video.error);
            }
            const done = video ? await this.sendPieces(file, video, run) : LOST;
            if (done !== LOST) {
                return done;
            }
            this.say(_t("No network. It goes on by itself as soon as there is one."));
            await this.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    /** Send what is missing, then have it joined. */
    async sendPieces(file, video, run) {
        const count = Math.ceil(video.size / video.piece);
        let arrived = count - video.missing.length;
        for (const number of video.missing) {
            this.progress(arrived, count);
            const body = file.slice(number * video.piece, (number + 1) * video.piece);
            const answer = await this.sendPiece(video.id, number, body);
            if (run !== this.run) {
                return null; // another file was chosen
            }
            if (answer.error && answer.code !== "piece_damaged") {
                await forgetFile(this.key);
                return this.refuse(answer.error);
            }
            if (answer === LOST || answer.error) {
                return LOST;
            }
            arrived += 1;
        }
        this.progress(count, count);
        const done = await this.ask(`/my/rewards/tasks/video/${video.id}/finish`, {});
        if (done?.error) {
            await forgetFile(this.key);
            return this.refuse(done.error);
        }
        if (done?.state !== "ready") {
            return LOST;
        }
        await forgetFile(this.key);
        return this.arrive(video.id);
    }

    async sendPiece(id, number, body) {
        try {
            const headers = { "Content-Type": "application/octet-stream" };
            const sum = await digest(await body.arrayBuffer());
            if (sum) {
                headers["X-Piece-Sha256"] = sum;
            }
            const response = await browser.fetch(
                `/my/rewards/tasks/video/${id}/${number}?csrf_token=${this.csrf}`,
                { method: "POST", headers, body }
            );
            // anything but our own words is a network or a proxy in trouble
            return response.ok || response.status === 422 ? await response.json() : LOST;
        } catch {
            return LOST;
        }
    }

    async ask(url, params) {
        try {
            return await rpc(url, params, { silent: true });
        } catch {
            return undefined;
        }
    }

    wakeUp() {
        this.awake?.();
    }

    /** Wait until there may be a network again. */
    async sleep(pause) {
        await new Promise((resolve) => {
            this.awake = resolve;
            browser.setTimeout(resolve, pause);
        });
    }

    // === WHAT IS SHOWN === //

    progress(arrived, count) {
        const percent = Math.floor((100 * arrived) / count);
        this.el.querySelector(".progress-bar").style.width = `${percent}%`;
        this.say(
            percent === 100
                ? _t("Putting the video together…")
                : sprintf(_t("%s %% have arrived. You can go on below."), percent)
        );
    }

    arrive(id) {
        this.say(_t("The video has arrived."));
        this.el.querySelector("video")?.remove();
        const video = document.createElement("video");
        Object.assign(video, { controls: true, preload: "metadata", playsInline: true });
        video.className = "w-100 rounded mb-2";
        video.src = `/my/rewards/tasks/video/${id}`;
        this.el.querySelector("h2").after(video);
        return id;
    }

    refuse(text) {
        this.say(text, true);
        this.el.querySelector("#b2b2c_video").value = "";
        return null;
    }

    say(text, isError = false) {
        const line = this.el.querySelector(".o_b2b2c_video_text");
        line.textContent = text;
        line.classList.toggle("text-danger", isError);
    }
}

/** SHA-256 in hexadecimal digits, "" where the browser has none (pages without https). */
async function digest(data) {
    const subtle = window.crypto?.subtle;
    if (!subtle) {
        return typeof data === "string" ? data.replace(/[^\w.-]/g, "-").slice(-60) : "";
    }
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const sum = new Uint8Array(await subtle.digest("SHA-256", bytes));
    return [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

registry.category("public.interactions").add("loyalty_b2b2c_portal.activity_video", ActivityVideo);
