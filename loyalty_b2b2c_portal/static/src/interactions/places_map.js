import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const EARTH = 6371; // km
const SIZE = 1000; // of the drawing, in its own units
const MARGIN = 60;
const SVG = "http://www.w3.org/2000/svg";

/**
 * Draws the shops as points, and sorts them by distance when somebody asks for it.
 *
 * No server of maps is asked, and where somebody is stays in the browser.
 */
export class PlacesMap extends Interaction {
    static selector = ".o_b2b2c_places";
    dynamicContent = {
        ".o_b2b2c_places_near": { "t-on-click": this.onNear },
        ".o_b2b2c_place": { "t-on-click": (ev) => this.show(ev.currentTarget) },
    };

    start() {
        this.position = null;
        this.draw();
    }

    get placed() {
        return [...this.el.querySelectorAll(".o_b2b2c_place[data-latitude]")];
    }

    /** @param {HTMLElement} el a shop in the list */
    read(el) {
        return {
            latitude: parseFloat(el.dataset.latitude),
            longitude: parseFloat(el.dataset.longitude),
        };
    }

    /** Draw what lies where: north is up, and distances are true in the middle. */
    draw() {
        const svg = this.el.querySelector("svg.o_b2b2c_places_map");
        const shops = this.placed;
        if (!svg || !shops.length) {
            return;
        }
        const points = shops.map((el) => ({ el, ...this.read(el) }));
        const all = this.position ? [...points, this.position] : points;
        const latitudes = all.map((point) => point.latitude);
        const longitudes = all.map((point) => point.longitude);
        const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
        const squeeze = Math.cos((middle * Math.PI) / 180);
        const west = Math.min(...longitudes);
        const north = Math.max(...latitudes);
        const width = (Math.max(...longitudes) - west) * squeeze;
        const height = north - Math.min(...latitudes);
        const span = Math.max(width, height, 0.005);
        const scale = (SIZE - 2 * MARGIN) / span;
        const place = ({ latitude, longitude }) => [
            MARGIN + ((longitude - west) * squeeze + (span - width) / 2) * scale,
            MARGIN + (north - latitude + (span - height) / 2) * scale,
        ];
        svg.replaceChildren();
        this.drawGrid(svg);
        for (const point of points) {
            const [x, y] = place(point);
            const dot = this.add(svg, "circle", { cx: x, cy: y, r: 16 });
            dot.classList.add("o_b2b2c_places_dot");
            dot.classList.toggle("o_b2b2c_places_spend", "spend" in point.el.dataset);
            dot.dataset.place = point.el.id;
            this.add(dot, "title", {}).textContent = point.el.dataset.name;
            this.addListener(dot, "click", () => this.jump(point.el));
        }
        if (this.position) {
            const [x, y] = place(this.position);
            const dot = this.add(svg, "circle", { cx: x, cy: y, r: 12 });
            dot.classList.add("o_b2b2c_places_me");
            this.add(dot, "title", {}).textContent = _t("You are here");
        }
        this.drawScale(svg, span);
    }

    drawGrid(svg) {
        for (let step = 0; step <= SIZE; step += SIZE / 5) {
            this.add(svg, "path", {
                d: `M${step} 0V${SIZE}M0 ${step}H${SIZE}`,
                class: "o_b2b2c_places_grid",
            });
        }
        const north = this.add(svg, "text", { x: SIZE - 40, y: 50 });
        north.textContent = _t("N");
    }

    /** Draw a line that says how long a kilometre is. */
    drawScale(svg, span) {
        const across = ((span * Math.PI) / 180) * EARTH; // km
        const lengths = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
        const length = lengths.filter((one) => one <= across / 3).pop() || lengths[0];
        const units = ((SIZE - 2 * MARGIN) * length) / across;
        this.add(svg, "path", {
            d: `M40 ${SIZE - 30}h${units}`,
            class: "o_b2b2c_places_scale",
        });
        const text = this.add(svg, "text", { x: 40, y: SIZE - 45 });
        text.textContent = length < 1 ? `${length * 1000} m` : `${length} km`;
    }

    add(parent, name, attributes) {
        const el = document.createElementNS(SVG, name);
        for (const [key, value] of Object.entries(attributes)) {
            el.setAttribute(key, value);
        }
        parent.append(el);
        return el;
    }

    /** Mark a shop on the map. */
    show(el) {
        for (const dot of this.el.querySelectorAll(".o_b2b2c_places_dot")) {
            dot.classList.toggle("o_b2b2c_places_chosen", dot.dataset.place === el.id);
        }
    }

    jump(el) {
        this.show(el);
        el.scrollIntoView({ behavior: "smooth", block: "center" });
    }

    onNear() {
        const note = this.el.querySelector(".o_b2b2c_places_note");
        if (!navigator.geolocation) {
            note.textContent = _t("This browser does not know where you are.");
            return;
        }
        note.textContent = _t("One moment…");
        navigator.geolocation.getCurrentPosition(
            this.protectSyncAfterAsync(({ coords }) => {
                this.position = {
                    latitude: coords.latitude,
                    longitude: coords.longitude,
                };
                note.textContent = _t("Nearest first. Where you are is sent nowhere.");
                this.sort();
                this.draw();
            }),
            this.protectSyncAfterAsync(() => {
                note.textContent = _t(
                    "Your position is not known: search by town instead."
                );
            }),
            { maximumAge: 60000, timeout: 15000 }
        );
    }

    /** Put the nearest shops first, and say how far they are. */
    sort() {
        const list = this.el.querySelector(".o_b2b2c_places_list");
        const shops = this.placed.map((el) => [this.measure(this.read(el)), el]);
        shops.sort((a, b) => a[0] - b[0]);
        for (const [distance, el] of shops) {
            const text =
                distance < 1
                    ? `${Math.round(distance * 100) * 10} m`
                    : `${distance.toFixed(distance < 10 ? 1 : 0)} km`;
            el.querySelector(".o_b2b2c_places_distance").textContent = text;
        }
        list.prepend(...shops.map(([, el]) => el));
    }

    /** @returns {number} kilometres as the crow flies */
    measure({ latitude, longitude }) {
        const rad = Math.PI / 180;
        const dLat = (latitude - this.position.latitude) * rad;
        const dLon = (longitude - this.position.longitude) * rad;
        const half =
            Math.sin(dLat / 2) ** 2 +
            Math.cos(latitude * rad) *
                Math.cos(this.position.latitude * rad) *
                Math.sin(dLon / 2) ** 2;
        return 2 * EARTH * Math.asin(Math.sqrt(half));
    }
}

registry
    .category("public.interactions")
    .add("loyalty_b2b2c_portal.places_map", PlacesMap);
