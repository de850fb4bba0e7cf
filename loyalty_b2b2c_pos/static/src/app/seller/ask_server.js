import {ConnectionLostError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";

/**
 * Ask the server of this till. Nothing that goes wrong here stops a sale.
 *
 * @param {Object} pos
 * @param {String} method of `pos.config`
 * @param {Array} args
 * @param {String} offline what is said without a connection
 * @returns {Promise<{answer: Object|null, problem: String}>}
 */
export async function askServer(pos, method, args, offline) {
    try {
        const answer = await pos.data.call("pos.config", method, [[pos.config.id], ...args]);
        return {answer, problem: ""};
    } catch (error) {
        if (error instanceof ConnectionLostError || pos.data.network.offline) {
            return {answer: null, problem: offline};
        }
        const said = error?.data?.message;
        return {answer: null, problem: said || _t("The server did not answer.")};
    }
}
