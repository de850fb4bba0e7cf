"""The dashboard names what exists, computes what the ledger says, and opens."""

import ast
import json
import re

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon
from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet

#: Waits for every figure; fails on an error in a cell, and returns a figure's text.
SHOWN = """
(async () => {
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const find = (node) => {
        if (node.component.loader?.getActiveDashboard) {
            return node.component.loader;
        }
        for (const child of Object.values(node.children)) {
            const found = find(child);
            if (found) {
                return found;
            }
        }
    };
    const cells = ({getters}) =>
        getters.getSheetIds().flatMap((id) => getters.getEvaluatedCells(id));
    let model, values = [];
    for (let i = 0; i < 150; i++) {
        await sleep(200);
        model = find(odoo.__WOWL_DEBUG__.root.__owl__)?.getActiveDashboard()?.model;
        values = model ? cells(model) : [];
        const waiting = values.some((cell) => /^Loading/.test(cell.value));
        const drawn = document.querySelectorAll(".o-figure canvas").length;
        if (drawn >= 6 && values.length && !waiting) {
            break;
        }
    }
    const wrong = values.filter((cell) => cell.type === "error");
    if (!values.length || wrong.length) {
        throw new Error(`${values.length} cells: ${JSON.stringify(wrong[0])}`);
    }
    if (document.querySelectorAll(".o-figure canvas").length < 6) {
        throw new Error("a figure is missing");
    }
    if (document.querySelector(".o_error_dialog, .dashboard-loading-status.error")) {
        throw new Error("the page shows an error");
    }
    if (!values.some((cell) => String(cell.value) === "%s")) {
        throw new Error("the client is not among the companies");
    }
    console.log("test successful");
})().catch((error) => console.error(String(error)));
"""


@tagged("post_install", "-at_install")
class TestDashboard(LoyaltyCommon, HttpCase):
    """5 % of an order of 1,000.00: 50 points, worth 0.10 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.point_value = 0.1
        cls.program = cls._create_program()
        cls._create_order()
        cls.env["b2b2c.event"]._process_now()
        cls.account = cls.member._get_account(cls.unit)
        cls.account._redeem(20, source_key="x/1")
        cls.dashboard = cls.env.ref("loyalty_b2b2c_spreadsheet.dashboard_rewards")
        cls.data = json.loads(cls.dashboard.spreadsheet_data)
        cls.manager = cls._create_user("manager", "loyalty_b2b2c.group_manager")
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _charts(self):
        figures = [f["data"] for sheet in self.data["sheets"] for f in sheet["figures"]]
        return [chart for chart in figures if chart["type"].startswith("odoo_")]

    def _read(self, pivot, *domain):
        """Return the rows of a pivot as the spreadsheet asks for them, as a manager."""
        rows = [
            ":".join(filter(None, (row["fieldName"], row.get("granularity"))))
            for row in pivot["rows"]
        ]
        return (
            self.env[pivot["model"]]
            .with_user(self.manager)
            .formatted_read_group(
                list(Domain(pivot["domain"]) & Domain(list(domain))),
                rows,
                [f"{m['fieldName']}:{m['aggregator']}" for m in pivot["measures"]],
            )
        )

    def test_every_model_and_field_exists(self):
        for model, names in fields_in_spreadsheet(self.data).items():
            for name in names:
                self.assertIn(name.split(":")[0], self.env[model]._fields, model)
        for source in (*self.data["pivots"].values(), *self._charts()):
            model = source.get("model") or source["metaData"]["resModel"]
            for match in source["fieldMatching"].values():
                field = self.env[model]._fields[match["chain"]]
                self.assertEqual(field.type, match["type"])
        for item in self.data["globalFilters"]:
            if item["type"] == "relation":
                self.assertIn(item["modelName"], self.env)

    def test_every_menu_exists(self):
        text = self.dashboard.spreadsheet_data
        links = set(re.findall(r"odoo://ir_menu_xml_id/([\w.]+)", text))
        self.assertEqual(len(links), 3)
        for name in links | set(self.data["chartOdooMenusReferences"].values()):
            self.assertTrue(self.env.ref(name).action, name)

    def test_every_filter_reaches_every_source(self):
        filters = {item["id"] for item in self.data["globalFilters"]}
        for pivot in self.data["pivots"].values():
            without = {"period"} if pivot["name"] == "Liability today" else set()
            self.assertEqual(pivot["fieldMatching"].keys(), filters - without)
        for chart in self._charts():
            self.assertEqual(chart["fieldMatching"].keys(), filters)

    def test_formulas_name_what_their_pivot_has(self):
        pivots, found = self.data["pivots"], 0
        for sheet in self.data["sheets"]:
            for cell in sheet["cells"].values():
                for number, rest in re.findall(
                    r"PIVOT(?:\.VALUE)?\((\d+),([^)]*)", cell
                ):
                    found += 1
                    measures = [m["fieldName"] for m in pivots[number]["measures"]]
                    if '"' in rest:
                        self.assertIn(ast.literal_eval(rest.strip()), measures)
        self.assertEqual(found, 9)

    def test_pivots_compute(self):
        """50 points issued, 20 spent; 30 are owed, worth 3.00."""
        company = ("company_id", "=", self.company.id)
        program = ("program_id", "=", self.program.id)
        pivots = {pivot["name"]: pivot for pivot in self.data["pivots"].values()}
        [row] = self._read(pivots["Programs"], company, program)
        figures = {name: row[f"{name}:sum"] for name in ("issued", "spent", "amount")}
        self.assertEqual(figures, {"issued": 50, "spent": 20, "amount": 1000})
        self.assertEqual((row["cost:sum"], row["cost_rate:avg"]), (5, 0.5))
        [row] = self._read(pivots["Liability today"], company, program)
        self.assertEqual(row["liability:sum"], 3)
        [row] = self._read(
            pivots["Top participants"], company, ("member_id", "=", self.member.id)
        )
        self.assertEqual((row["issued:sum"], row["outstanding:sum"]), (50, 30))
        [row] = self._read(
            pivots["Top companies and shops"],
            company,
            ("employer_id", "=", self.client.id),
        )
        self.assertEqual(row["issued:sum"], 50)
        for pivot in pivots.values():
            self.assertTrue(self._read(pivot), pivot["name"])

    def test_charts_compute(self):
        [chart] = self._charts()
        meta = chart["metaData"]
        rows = (
            self.env[meta["resModel"]]
            .with_user(self.manager)
            .formatted_read_group(
                [("program_id", "=", self.program.id)],
                meta["groupBy"],
                [f"{meta['measure']}:sum"],
            )
        )
        self.assertEqual(sum(row["liability:sum"] for row in rows), 3)

    def test_managers_only(self):
        self.dashboard.with_user(self.manager).check_access("read")
        with self.assertRaises(AccessError):
            self.dashboard.with_user(self.officer).check_access("read")

    def test_it_opens(self):
        self.browser_js(
            f"/odoo/dashboards?dashboard_id={self.dashboard.id}",
            SHOWN % self.client.name,
            ready="!!document.querySelector('.o_spreadsheet_dashboard_action')",
            login="manager",
            timeout=60,
        )
