import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

/** Tells that a person looked at a recommendation; robots of messengers run no scripts. */
export class RecommendedPage extends Interaction {
    static selector = ".o_b2b2c_recommended";

    async willStart() {
        const {code, way} = this.el.dataset;
        // Nobody waits for it, and nobody is told when it fails
        rpc(`/rewards/r/${encodeURIComponent(code)}/opened`, {way}, {silent: true}).catch(
            () => {}
        );
    }
}

registry
    .category("public.interactions")
    .add("loyalty_b2b2c_portal.recommended_page", RecommendedPage);
