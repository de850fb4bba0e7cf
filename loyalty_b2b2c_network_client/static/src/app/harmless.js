import {Component, onError, useState, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

/*
 * What of ours runs at a till does no harm: where it fails, Odoo's own goes on. So
 * nothing here patches Odoo in another way. Each hook is known by the registry: a test
 * makes them fail, one after the other and all at once.
 */
const hooks = registry.category("b2b2c_network_hooks");

function know(kind, target, name, run) {
    const owner = target.constructor === Function ? target.name : target.constructor.name;
    const hook = {kind, name: `${owner}.${name}`, run};
    hooks.add(`${hook.name} ${hooks.getEntries().length}`, hook);
    return hook;
}

// An error on the console would stop the tests of Odoo; nobody else reads one at a till
function report(hook, fault) {
    console.warn(`Loyalty: ${hook.name} failed, and the till goes on.`, fault);
}

/**
 * What Odoo does, as a function for ours: without arguments, with those it was called by.
 */
function remember(call, given) {
    const odoo = (...args) => {
        odoo.isCalled = true;
        try {
            odoo.result = call(args.length ? args : given);
        } catch (fault) {
            odoo.failure = {fault};
            throw fault;
        }
        odoo.result?.catch?.((fault) => {
            odoo.failure = {fault};
        });
        return odoo.result;
    };
    return odoo;
}

/** Return what Odoo returned; what it had not done yet is done now. */
function goOn(hook, fault, odoo) {
    if (odoo.failure) {
        throw odoo.failure.fault; // A fault of Odoo's is none of ours
    }
    report(hook, fault);
    return odoo.isCalled ? odoo.result : odoo();
}

function attempt(hook, odoo, run) {
    try {
        const result = run();
        return result instanceof Promise
            ? result.catch((fault) => goOn(hook, fault, odoo))
            : result;
    } catch (fault) {
        return goOn(hook, fault, odoo);
    }
}

/**
 * Extend methods of Odoo. Ours take what Odoo does first: `setOrder(odoo, order)`.
 *
 * @param {Object} target a prototype
 * @param {Object} methods
 */
export function extend(target, methods) {
    for (const [name, {value, get}] of Object.entries(
        Object.getOwnPropertyDescriptors(methods)
    )) {
        const hook = know("extended", target, name, value || get);
        const layer = get
            ? {
                  get [name]() {
                      const odoo = remember(() => super[name], []);
                      return attempt(hook, odoo, () => hook.run.call(this));
                  },
              }
            : {
                  [name](...args) {
                      const odoo = remember((given) => super[name]?.(...given), args);
                      return attempt(hook, odoo, () => hook.run.call(this, odoo, ...args));
                  },
              };
        patch(target, layer);
    }
}

function say(thing) {
    if (thing instanceof Component) {
        thing.env.services.notification?.add(
            _t("This did not work. The sale goes on without."),
            {type: "warning"}
        );
    }
}

function guard(hook) {
    return function (...args) {
        const nothing = remember(() => say(this), []);
        return attempt(hook, nothing, () => hook.run.call(this, ...args));
    };
}

/**
 * Give a class of Odoo members that it does not have. What fails returns nothing; of a
 * button of a component, whoever pressed it is told.
 *
 * @param {Object} target a prototype
 * @param {Object} members methods, getters and setters
 */
export function add(target, members) {
    for (const [name, {value, get, set}] of Object.entries(
        Object.getOwnPropertyDescriptors(members)
    )) {
        const layer = {configurable: true, enumerable: true};
        if (value) {
            layer.value = guard(know("added", target, name, value));
            layer.writable = true;
        }
        if (get) {
            const hook = know("read", target, name, get);
            layer.get = function () {
                return attempt(hook, remember(() => undefined, []), () =>
                    hook.run.call(this)
                );
            };
        }
        if (set) {
            layer.set = guard(know("written", target, name, set));
        }
        patch(target, Object.defineProperty({}, name, layer));
    }
}

/**
 * Let a component of Odoo show one of ours, which goes when it fails.
 *
 * @param {Object} target a component, whose template names ours
 * @param {Object} components
 */
export function show(target, components) {
    for (const [name, component] of Object.entries(components)) {
        const hook = know("shown", target, name, component);
        class Harmless extends Component {
            static template = xml`
                <t t-if="!state.hasFailed" t-component="shown" t-props="props" />
            `;
            static props = ["*"];

            setup() {
                this.shown = hook.run;
                this.state = useState({hasFailed: false});
                onError((fault) => {
                    report(hook, fault);
                    this.state.hasFailed = true;
                });
            }
        }
        patch(target, {components: {...target.components, [name]: Harmless}});
    }
}
