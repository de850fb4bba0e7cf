"""Looks at pages as a person with a phone does: can everybody use them, and are they in
the reader's language?

All pages of a person are opened one after the other in one browser, each in a frame as
wide as a phone.  axe-core comes from the project's tools (``LOYALTY_AXE``).
"""

import json
import os
import re
from pathlib import Path

import polib

from odoo.tools.misc import file_path

#: WCAG 2.2 AA, and what is good practice besides.
RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
#: A finger needs so many pixels.
TARGET = 44
MODULES = ("loyalty_b2b2c", "loyalty_b2b2c_portal")
_PLACE = re.compile(r"%\(\w+\)s|%s|%d|%%|<[^>]+>")
_SHORTEST = 12  # characters of a text around what is filled in

#: Ours are the pages' own part, and what belongs to a page as a whole.
CRAWL = """
(async () => {
    const { axe, texts, pages, rules, target } = %s;
    const script = await (await fetch(axe)).text();
    const { known: english, parts } = await (await fetch(texts)).json();
    const OURS = ".o_b2b2c_rewards, .o_b2b2c_poster";
    const CONTROLS = [
        ".btn", "button", "select", "summary", "textarea", ".form-check-label",
        "input:not([type=hidden]):not([type=checkbox]):not([type=radio])",
    ];
    const known = new Set(english);
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const seen = (el) =>
        el.getClientRects().length &&
        !el.closest(".visually-hidden") &&
        getComputedStyle(el).clipPath === "none";
    const frame = document.createElement("iframe");
    frame.style =
        "position:fixed;inset:0;width:360px;height:844px;z-index:9999;background:#fff";
    document.body.append(frame);

    async function open(url) {
        await new Promise((resolve) => {
            frame.onload = resolve;
            frame.src = url;
        });
        for (let i = 0; i < 50; i++) {
            await sleep(100);
            const page = frame.contentDocument;
            if (i > 2 && ![...page.querySelectorAll("owl-component:empty")].length) {
                return;
            }
        }
    }

    async function check() {
        const page = frame.contentDocument;
        frame.contentWindow.eval(script);
        const result = await frame.contentWindow.axe.run(page, {
            resultTypes: ["violations"],
            runOnly: rules,
        });
        const faults = [];
        for (const { id, nodes } of result.violations) {
            for (const node of nodes) {
                const el = page.querySelector(node.target[0]);
                if (el === page.documentElement || el?.closest(OURS)) {
                    faults.push(`${id}: ${node.html.slice(0, 160)}`);
                }
            }
        }
        for (const el of page.querySelectorAll(OURS)) {
            for (const control of el.querySelectorAll(CONTROLS.join())) {
                const { width, height } = control.getBoundingClientRect();
                if (seen(control) && Math.min(width, height) < target - 0.5) {
                    const size = `${Math.round(width)} x ${Math.round(height)}`;
                    faults.push(`${size}: ${control.outerHTML.slice(0, 160)}`);
                }
            }
        }
        if (page.querySelectorAll("h1").length !== 1) {
            faults.push(`${page.querySelectorAll("h1").length} h1`);
        }
        const { scrollWidth, clientWidth } = page.documentElement;
        if (scrollWidth > clientWidth) {
            faults.push(`${scrollWidth} px wide`);
        }
        // WCAG 1.4.12; fonts of a phone may be as wide, and have signs that ours lack
        const spacing = page.createElement("style");
        spacing.textContent =
            ".o_b2b2c_rewards *:not(.fa) " +
            "{ letter-spacing: .12em; word-spacing: .16em; }";
        page.head.append(spacing);
        const spaced = page.documentElement.scrollWidth;
        if (spaced > clientWidth) {
            faults.push(`${spaced} px wide with wider letters`);
        }
        spacing.remove();
        return faults;
    }

    function read() {
        const page = frame.contentDocument;
        const texts = [page.title.split(" | ")[0]];
        for (const el of page.querySelectorAll(OURS)) {
            const walker = page.createTreeWalker(el, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                texts.push(walker.currentNode.textContent);
            }
            for (const name of ["aria-label", "placeholder", "title", "alt"]) {
                for (const one of el.querySelectorAll(`[${name}]`)) {
                    texts.push(one.getAttribute(name));
                }
            }
        }
        return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
    }

    const found = [];
    for (const url of pages) {
        await open(url);
        if (!frame.contentDocument.querySelector(OURS)) {
            found.push(`${url}: no page of ours`);
            continue;
        }
        const faults = await check(); // long words of a language are wider, too
        for (const text of known.size ? read() : []) {
            if (known.has(text) || parts.some((part) => text.includes(part))) {
                faults.push(`in English: ${text}`);
            }
        }
        found.push(...new Set(faults.map((fault) => `${url}: ${fault}`)));
    }
    if (found.length) {
        throw new Error(`\\n${found.join("\\n")}`);
    }
    console.log("test successful");
})().catch((error) => console.error(String(error)));
"""


def make_crawl(env, pages, english=((), ())):
    """Return the script that opens pages, and fails for each fault on one of them.

    What it needs is put where the browser finds it: a fault prints the script.

    :param pages: paths
    :param english: what :func:`get_english` returned, to look for that instead
    :return: ``None`` where axe-core is missing
    """
    script = os.environ.get("LOYALTY_AXE")
    if not script:
        return None
    known, parts = map(list, english)
    settings = {
        "axe": _put(env, Path(script).read_bytes()),
        "texts": _put(env, json.dumps({"known": known, "parts": parts}).encode()),
        "pages": list(pages),
        "rules": RULES,
        "target": TARGET,
    }
    return CRAWL % json.dumps(settings)


def _put(env, content):
    """Return the address of a file that everybody may read."""
    values = {"name": "crawl", "raw": content, "public": True}
    attachment = env["ir.attachment"].create({**values, "mimetype": "text/plain"})
    return f"/web/content/{attachment.id}"


def get_english(lang, except_for=()):
    """Return our texts that read otherwise in a language.

    :param str lang: as its file is called: ``"uk"``
    :param except_for: texts that are names of the test, too
    :return: the whole texts, and parts of those into which something is filled
    """
    known, parts = set(), set()
    for module in MODULES:
        for entry in polib.pofile(file_path(f"{module}/i18n/{lang}.po")):
            text = " ".join(entry.msgid.split())
            if text in except_for or " ".join(entry.msgstr.split()) == text:
                continue
            pieces = [piece.strip() for piece in _PLACE.split(text)]
            if len(pieces) == 1:
                known.add(text)
            else:
                parts |= {piece for piece in pieces if len(piece) >= _SHORTEST}
    return known, parts
