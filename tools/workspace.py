"""Everything a command needs, made ready: Python, Odoo, PostgreSQL, browser."""

import ast
import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tools import axe, cache, chromium, odoo_source, postgres, recognition_data, zbar
from tools.steps import say

ROOT = Path(__file__).resolve().parent.parent
MODULES = (
    "loyalty_b2b2c",
    "loyalty_b2b2c_pos",
    "loyalty_b2b2c_portal",
    "loyalty_b2b2c_chat",
    "loyalty_b2b2c_network_client",
)
# installed by themselves beside apps that not every company has
BRIDGES = (
    "loyalty_b2b2c_coupons",
    "loyalty_b2b2c_passkey",
    "loyalty_b2b2c_referral_discount",
    "loyalty_b2b2c_referral_pos",
    "loyalty_b2b2c_referral_website",
    "loyalty_b2b2c_spreadsheet",
    "loyalty_b2b2c_survey",
    "loyalty_b2b2c_event",
    "loyalty_b2b2c_slides",
    "loyalty_b2b2c_website_sale",
    "loyalty_b2b2c_wallet",
    "loyalty_b2b2c_wallet_website",
)
# apps that change what a delivery, a price list or an invoice is, without our bridge
BESIDE = (
    "account_debit_note",
    "l10n_account_withholding_tax",
    "partnership",
    "payment_demo",
    "pos_discount",
    "pos_hr",
    "pos_restaurant",
    "pos_self_order",
    "sale_mrp",
    "stock_dropshipping",
)
# tests that want them
BESIDE_TAG = "b2b2c_beside"
# tells child processes (tests, story, benches) what this process has set up
VARIABLE = "LOYALTY_WORKSPACE"


@dataclass(frozen=True)
class Workspace:
    """A ready set-up. Plain data, so that it can be handed to child processes."""

    importable: str
    odoo_identity: str
    addons_path: tuple
    server: postgres.Server
    browser_dir: str
    libraries: dict
    axe: str = ""
    keeps_databases: bool = False

    @property
    def python(self):
        return sys.executable

    @property
    def data_dir(self):
        """Files of the databases; each server has its own.

        Servers have databases of the same names: files of one must not replace those
        of another.
        """
        server = self.server
        if server.origin == postgres.OWN:
            return cache.root() / "data"
        return cache.root() / f"data-{cache.key(server.host, server.port)[:8]}"

    @property
    def clone_key(self):
        """Tells this checkout from others that share the cache."""
        return cache.key(ROOT)[:6]

    def environment(self, **extra):
        """Variables for a child process that runs Odoo or talks to PostgreSQL."""
        settings = {**os.environ, **self.server.environment()}
        settings.pop("DATABASE_URL", None)
        settings.pop("ODOO_RC", None)
        folders = [str(postgres.bin_dir()), settings.get("PATH", "")]
        if self.browser_dir:
            # second: beside a browser in /usr/bin there may be an old pg_dump
            folders.insert(1, self.browser_dir)
        settings["PATH"] = os.pathsep.join(folders)
        settings["PYTHONPATH"] = self.importable
        if self.axe:
            settings["LOYALTY_AXE"] = self.axe
        for name, folder in self.libraries.items():
            settings[name] = os.pathsep.join(filter(None, [settings.get(name), folder]))
        settings[VARIABLE] = json.dumps(asdict(self))
        settings.update(extra)
        return settings

    def configuration(self):
        """Path of the Odoo configuration file, written anew."""
        path = cache.root() / f"odoo-{self.clone_key}.conf"
        folders = [*self.addons_path, *([str(ROOT)] if modules() else [])]
        lines = [
            "[options]",
            f"addons_path = {','.join(folders)}",
            f"data_dir = {self.data_dir}",
            "http_interface = 127.0.0.1",
            "list_db = False",
            "max_cron_threads = 0",
            "workers = 0",
            "limit_time_cpu = 600",
            "limit_time_real = 1200",
        ]
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text("\n".join(lines) + "\n")
        draft.replace(path)
        return path


def from_environment():
    """The workspace of the ./loyalty command that started this process."""
    try:
        values = json.loads(os.environ[VARIABLE])
    except KeyError:
        raise RuntimeError("start this through ./loyalty") from None
    values["server"] = postgres.Server(**values["server"])
    return Workspace(**values)


@contextlib.contextmanager
def opened(browser=False):
    """Set up what is missing and keep the database server for the block.

    :param browser: whether a browser is needed
    """
    source = odoo_source.find()
    say(f"Odoo {source.version} ({source.origin})")
    importable = odoo_source.importable_folder(source)
    odoo_source.check_starts(sys.executable, importable)
    browser_dir = str(chromium.find()) if browser else ""
    libraries = {**zbar.environment(), **recognition_data.environment()}
    with postgres.server() as server:
        yield Workspace(
            importable=str(importable),
            odoo_identity=source.identity,
            addons_path=tuple(str(path) for path in source.addons_path),
            server=server,
            browser_dir=browser_dir,
            libraries=libraries,
            axe=str(axe.script()) if browser else "",
        )


def modules():
    """The three add-ons, in dependency order, as far as this checkout has them."""
    return [name for name in MODULES if (ROOT / name / "__manifest__.py").exists()]


def bridges():
    """The add-ons for apps beside which they install themselves."""
    return [name for name in BRIDGES if (ROOT / name / "__manifest__.py").exists()]


def all_modules():
    """Every add-on of this checkout, in dependency order."""
    return modules() + bridges()


def manifest(module):
    """A module's manifest as a dict."""
    return ast.literal_eval((ROOT / module / "__manifest__.py").read_text())


def outside_dependencies(names):
    """What the named modules need that is not ours, over our own dependencies."""
    return sorted(_dependencies(names) - {*MODULES, *BRIDGES})


def own_dependencies(module):
    """What a module needs of ours, over our own dependencies."""
    return _dependencies([module]) & {*MODULES, *BRIDGES}


def _dependencies(names):
    wanted, found = list(names), set()
    while wanted:
        name = wanted.pop()
        if name in MODULES + BRIDGES:
            new = {*manifest(name).get("depends", [])} - found
            found |= new
            wanted += new
    return found
