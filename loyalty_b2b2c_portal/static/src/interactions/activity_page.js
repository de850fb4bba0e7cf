import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { sprintf } from "@web/core/utils/strings";

const AGAIN = 3000; // ms between tries without a network

/** Photos are sent as soon as they are taken, one by one; nothing that was entered is lost. */
export class ActivityPage extends Interaction {
    static selector = ".o_b2b2c_activity";
    // the photos are exchanged while they are sent, so their buttons are heard here
    dynamicContent = {
        _root: { "t-on-change": this.onChange, "t-on-click": this.onClick },
        ".o_b2b2c_locate": { "t-on-click": this.onLocate },
        ".o_b2b2c_activity_form": { "t-on-submit": this.onSubmit },
    };

    setup() {
        this.isSending = false;
    }

    start() {
        const button = this.el.querySelector(".o_b2b2c_locate");
        if (button && browser.navigator.geolocation) {
            button.classList.remove("d-none");
            this.showPosition();
        }
    }

    onSubmit(ev) {
        if (this.isSending) {
            ev.preventDefault(); // the photos first
        }
    }

    // === PHOTOS === //

    onChange(ev) {
        if (ev.target.id === "b2b2c_photos") {
            this.sendPhotos([...ev.target.files]);
        }
    }

    onClick(ev) {
        const button = ev.target.closest(".o_b2b2c_remove");
        if (button) {
            ev.preventDefault();
            this.waitFor(this.send({ do: button.value }));
        }
    }

    async sendPhotos(files) {
        this.isSending = true;
        for (const [index, file] of files.entries()) {
            this.say(sprintf(_t("Sending photo %s of %s…"), index + 1, files.length));
            const error = await this.waitFor(this.send({ do: "add", photo: file }));
            if (error) {
                this.say(error, true);
                break;
            }
        }
        this.isSending = false;
    }

    /**
     * Post to this page, as long as it takes, and show the photos that are there now.
     *
     * @returns {Promise<string>} why it was refused
     */
    async send(fields) {
        const body = new FormData();
        body.append("csrf_token", this.el.querySelector("input[name=csrf_token]").value);
        body.append("member", this.el.dataset.member);
        for (const [name, value] of Object.entries(fields)) {
            body.append(name, value);
        }
        for (;;) {
            try {
                const response = await browser.fetch(this.el.dataset.address, {
                    method: "POST",
                    body,
                });
                return this.show(await response.text());
            } catch {
                this.say(_t("No network. It goes on by itself…"));
                await new Promise((resolve) => browser.setTimeout(resolve, AGAIN));
            }
        }
    }

    /** Put the photos of an answer in the place of those on the page. */
    show(html) {
        const page = new DOMParser().parseFromString(html, "text/html");
        const news = page.querySelector(".o_b2b2c_gallery");
        const old = this.el.querySelector(".o_b2b2c_gallery");
        if (!news) {
            return _t("Please open the page again.");
        }
        old.replaceChildren(...news.childNodes);
        return page.querySelector(".o_b2b2c_error")?.textContent.trim() || "";
    }

    say(text, isError = false) {
        const line = this.el.querySelector(".o_b2b2c_sending");
        line.textContent = text;
        line.classList.toggle("text-danger", isError);
        line.classList.toggle("text-muted", !isError);
    }

    // === WHERE === //

    onLocate() {
        const fields = this.getPosition();
        if (fields.latitude.value) {
            for (const field of Object.values(fields)) {
                field.value = "";
            }
            this.showPosition();
            return;
        }
        browser.navigator.geolocation.getCurrentPosition(
            ({ coords }) => {
                for (const [name, field] of Object.entries(fields)) {
                    field.value = coords[name];
                }
                this.showPosition();
            },
            () => this.showPosition(_t("The phone does not tell where it is.")),
            { enableHighAccuracy: true, timeout: 20000 }
        );
    }

    getPosition() {
        const found = (name) => this.el.querySelector(`input[name=${name}]`);
        return {
            latitude: found("latitude"),
            longitude: found("longitude"),
            accuracy: found("accuracy"),
        };
    }

    showPosition(text) {
        const { latitude, longitude, accuracy } = this.getPosition();
        const words = latitude.value
            ? sprintf(
                  _t("%s, %s (± %s m) – press to remove it"),
                  Number(latitude.value).toFixed(4),
                  Number(longitude.value).toFixed(4),
                  Math.round(accuracy.value)
              )
            : text || _t("Add my position");
        this.el.querySelector(".o_b2b2c_locate span").textContent = words;
    }
}

registry.category("public.interactions").add("loyalty_b2b2c_portal.activity_page", ActivityPage);
