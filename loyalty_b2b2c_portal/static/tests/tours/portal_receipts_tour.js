import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const LIST = ".o_b2b2c_receipts_list";

registry.category("web_tour.tours").add("b2b2c_receipts_waiting", {
    steps: () => [
        {
            content: "One is being read; a photo of the next one is chosen",
            trigger: `${LIST}:contains('Being read')`,
            run() {
                const chosen = new DataTransfer();
                chosen.items.add(new File(["x"], "next.jpg", { type: "image/jpeg" }));
                const input = document.querySelector("#b2b2c_photo");
                input.files = chosen.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
                // what the server will say
                const html = document.querySelector(LIST).outerHTML;
                const page = html.replace("Being read", "12 pts").replace("data-reading", "data-done");
                browser.fetch = async () => new Response(page);
            },
        },
        { content: "The photo that was chosen is shown", trigger: ".o_b2b2c_chosen > *" },
        {
            content: "What it brought appears by itself, and the photo is still chosen",
            trigger: `${LIST}:contains('12 pts')`,
            run() {
                if (document.querySelector("#b2b2c_photo").files.length !== 1) {
                    throw new Error("the chosen photo is lost");
                }
                if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
                    throw new Error("a phone scrolls sideways");
                }
            },
        },
        {
            content: "On a bad network it says that it sends",
            trigger: ".o_b2b2c_receipts form",
            run() {
                const form = document.querySelector(".o_b2b2c_receipts form");
                form.addEventListener("submit", (ev) => ev.preventDefault());
                form.requestSubmit();
            },
        },
        { content: "It does", trigger: ".o_b2b2c_receipts_send:disabled:contains('Sending')" },
    ],
});
