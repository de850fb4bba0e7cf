import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import * as passkeys from "@auth_passkey/../lib/simplewebauthn";

/** Lets the device sign, then sends what it signed with the form of the page. */
export class PayoutPasskey extends Interaction {
    static selector = ".o_b2b2c_payout_passkey";
    dynamicContent = {
        _root: { "t-on-submit.prevent": this.onSubmit },
        ".o_b2b2c_payout_passkey_failed": {
            "t-att-class": () => ({ "d-none": !this.hasFailed }),
        },
        button: { "t-att-disabled": () => this.isAsking },
    };

    setup() {
        this.hasFailed = false;
        this.isAsking = false;
    }

    async onSubmit() {
        this.isAsking = true;
        this.hasFailed = false;
        this.updateContent();
        const answer = await this.waitFor(this.ask());
        this.isAsking = false;
        this.hasFailed = !answer;
        this.updateContent();
        if (answer) {
            this.el.querySelector("input[name='answer']").value = JSON.stringify(answer);
            this.el.submit();
        }
    }

    /** What the device signed; nothing when it, or the person, did not want to. */
    async ask() {
        try {
            const options = await rpc("/auth/passkey/start-auth");
            return await passkeys.startAuthentication(options);
        } catch {
            return null;
        }
    }
}

registry.category("public.interactions").add("loyalty_b2b2c_passkey.payout", PayoutPasskey);
