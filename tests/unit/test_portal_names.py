"""Names that pages may not use: core's breadcrumbs read them on every portal page.

They are drawn after the page itself, and see what it has set: `order` of a loop over
sortings was taken for a purchase order where Odoo's *Purchase* is installed.
"""

import re

import pytest

from tools.workspace import ROOT

#: What breadcrumbs of Odoo's own apps ask for by name.
READ = {
    "order", "sale_order", "invoice", "task", "project", "production", "group", "lead",
    "opportunity", "timesheets", "subtasks",
}  # fmt: skip
_SET = re.compile(r't-(?:as|set)="(\w+)"')
TEMPLATES = sorted(ROOT.glob("loyalty_b2b2c*/views/*portal*.xml"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_sets_what_breadcrumbs_read(path):
    assert not READ & set(_SET.findall(path.read_text()))


def test_control():
    assert TEMPLATES
    assert _SET.findall('<t t-foreach="orders" t-as="order"/>') == ["order"]
