import { Component, onMounted, status, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";

/** Bars by time, beside each other, with Odoo's own library of charts. */
export class Bars extends Component {
    static template = "loyalty_b2b2c.Bars";
    static props = { labels: Array, series: Array };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ isReady: false });
        // the figures beside it do not wait for the library
        onMounted(async () => {
            await loadBundle("web.chartjs_lib");
            if (status(this) === "mounted") {
                this.state.isReady = true;
            }
        });
        useEffect(
            (isReady) => {
                const chart = isReady && this.draw();
                return () => chart && chart.destroy();
            },
            () => [this.state.isReady, this.props.labels, this.props.series]
        );
    }

    get text() {
        return this.props.series
            .map((one) => `${one.label}: ${one.values.join(", ")}`)
            .join("; ");
    }

    draw() {
        const scheme = cookie.get("color_scheme");
        const ink = scheme === "dark" ? "#e4e4e4" : "#374151";
        const grid = scheme === "dark" ? "#3c3e4b" : "#e5e7eb";
        const scale = {
            border: { display: false },
            ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 },
        };
        return new window.Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: this.props.labels,
                datasets: this.props.series.map((one, index) => ({
                    label: one.label,
                    data: one.values,
                    backgroundColor: getColor(index, scheme, 4),
                    borderRadius: 3,
                    maxBarThickness: 28,
                })),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: {
                        align: "end",
                        labels: { color: ink, boxWidth: 12, boxHeight: 12 },
                    },
                },
                scales: {
                    x: { ...scale, grid: { display: false } },
                    y: { ...scale, beginAtZero: true, grid: { color: grid } },
                },
            },
        });
    }
}
