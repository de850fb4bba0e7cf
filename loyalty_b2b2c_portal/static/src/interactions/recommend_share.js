import {Interaction} from "@web/public/interaction";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

/** Opens the phone's own list of apps to share with, where the browser has one. */
export class RecommendShare extends Interaction {
    static selector = ".o_b2b2c_kit_share, .o_b2b2c_share";
    dynamicContent = {
        _root: {
            "t-on-click": this.onClick,
            "t-att-class": () => ({"d-none": !browser.navigator.share}),
        },
    };

    async onClick() {
        const {title, text, url} = this.el.dataset;
        try {
            await browser.navigator.share({title, text, url});
        } catch {
            // The person closed the list: nothing was shared
        }
    }
}

registry
    .category("public.interactions")
    .add("loyalty_b2b2c_portal.recommend_share", RecommendShare);
