import { registry } from "@web/core/registry";

const fitsPhone = {
    content: "Nothing makes a phone scroll sideways, and fingers find every button",
    trigger: ".o_b2b2c_tasks",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`${scrollWidth}px on a ${clientWidth}px screen`);
        }
        for (const el of this.anchor.querySelectorAll(".btn, summary")) {
            if (el.getBoundingClientRect().height < 44) {
                throw new Error(`too small for a finger: ${el.textContent.trim()}`);
            }
        }
    },
};

registry.category("web_tour.tours").add("b2b2c_portal_task_on", {
    steps: () => [
        {
            content: "The rewards page says that there is something to take on",
            trigger: ".o_b2b2c_tasks_link:contains('To take on: 1')",
            run: "click",
            expectUnloadPage: true,
        },
        fitsPhone,
        {
            content: "Take it on",
            trigger: ".o_b2b2c_task_join",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It counts from now on",
            trigger: ".o_b2b2c_task_next:contains('5 units more for 30 pts')",
        },
        fitsPhone,
        {
            content: "It can be given up",
            trigger: ".o_b2b2c_task_leave summary",
        },
    ],
});

registry.category("web_tour.tours").add("b2b2c_portal_task_reached", {
    steps: () => [
        {
            content: "The first step is reached, and confetti falls",
            trigger: "body:has(.o_b2b2c_confetti) .o_b2b2c_task_reached:contains('30 pts')",
        },
        {
            content: "The next one is near",
            trigger: ".o_b2b2c_task_next:contains('5 units more for 50 pts')",
        },
        fitsPhone,
    ],
});
