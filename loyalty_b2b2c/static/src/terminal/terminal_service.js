import { _t } from "@web/core/l10n/translation";
import { ConnectionAbortedError, ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

/**
 * The server's side of the counter.
 *
 * A refusal and a lost connection are ordinary answers at a counter, so they are
 * returned, not thrown: `{result}` or `{error, offline}`.
 *
 * @returns {(method: string, ...args: any[]) => Promise<{result?: any, error?: string, offline?: boolean}>}
 */
export function useTerminalServer() {
    const orm = useService("orm");
    return async (method, ...args) => {
        try {
            return { result: await orm.silent.call("b2b2c.terminal", method, args) };
        } catch (error) {
            if (error instanceof ConnectionLostError || error instanceof ConnectionAbortedError) {
                return {
                    offline: true,
                    error: _t("No connection. What you entered is kept."),
                };
            }
            if (error instanceof RPCError) {
                return { error: error.data?.message || error.message };
            }
            throw error;
        }
    };
}
