"""Debian packages unpacked into the cache: never installed, no root needed.

apt-get runs with its own lists and archives folders. Where packages come from is
taken from the machine's own sources, so nothing here names a host.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools import cache
from tools.steps import UserError, run

SOURCES = Path("/etc/apt")


def release():
    """ID and codename of the distribution, from /etc/os-release."""
    fields = {}
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, value = line.partition("=")
        fields[name] = value.strip().strip('"')
    return fields.get("ID", ""), fields.get("VERSION_CODENAME", "")


def stanzas(text):
    """The paragraphs of a deb822 sources file as dicts with lower-case keys."""
    for paragraph in re.split(r"\n\s*\n", text):
        fields, last = {}, None
        for line in paragraph.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace() and last:
                fields[last] += "\n" + line
                continue
            name, colon, value = line.partition(":")
            if colon:
                last = name.strip().lower()
                fields[last] = value.strip()
        if fields:
            yield fields


def one_line_sources(text):
    """`deb [options] uri suite component…` lines in the shape of `stanzas`."""
    pattern = re.compile(r"^deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$")
    for line in text.splitlines():
        match = pattern.match(line.strip())
        if not match:
            continue
        fields = {
            "uris": match[2],
            "suites": match[3],
            "components": match[4].split("#")[0].strip(),
        }
        for option in (match["options"] or "").split():
            name, _, value = option.partition("=")
            if name.lower() == "signed-by":
                fields["signed-by"] = value
        yield fields


def main_source(sources, codename):
    """The archive that carries the release itself, not its updates.

    :return: the stanza, or None
    """
    for fields in sources:
        enabled = fields.get("enabled", "yes").lower() != "no"
        suites = fields.get("suites", "").split()
        if enabled and codename in suites and "main" in fields.get("components", ""):
            return fields
    return None


def machine_sources():
    """Every package source this machine is configured with."""
    for path in sorted(SOURCES.glob("sources.list.d/*.sources")):
        yield from stanzas(path.read_text())
    lists = [SOURCES / "sources.list", *sorted(SOURCES.glob("sources.list.d/*.list"))]
    for path in lists:
        if path.is_file():
            yield from one_line_sources(path.read_text())


def source_text(stanza, suites):
    """A sources file with the stanza's archive and other suites."""
    lines = [
        "Types: deb",
        f"URIs: {stanza['uris']}",
        f"Suites: {' '.join(suites)}",
        "Components: main",
    ]
    if stanza.get("signed-by"):
        lines.append(f"Signed-By: {stanza['signed-by']}")
    return "\n".join(lines) + "\n"


class Apt:
    """apt-get with private state below `folder`.

    :param suites: other suites of the machine's Debian archive; None: the machine's
        own sources as they are
    """

    def __init__(self, folder, suites=None):
        if not shutil.which("apt-get"):
            raise UserError("no apt-get here: this is not a Debian-like system")
        self.folder = folder
        for name in ("lists/partial", "cache", "archives/partial", "debs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        options = {
            "Dir::State::Lists": folder / "lists",
            "Dir::Cache": folder / "cache",
            "Dir::Cache::archives": folder / "archives",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "APT::Sandbox::User": "root",
            "Debug::NoLocking": "1",
        }
        if suites:
            _distribution, codename = release()
            stanza = main_source(machine_sources(), codename)
            if not stanza:
                raise UserError(f"no Debian archive for {codename!r} is configured")
            sources = folder / "private.sources"
            sources.write_text(source_text(stanza, suites))
            options["Dir::Etc::sourcelist"] = sources
            options["Dir::Etc::sourceparts"] = "-"
        self.options = [f"-o{name}={value}" for name, value in options.items()]

    def _get(self, *arguments, failure):
        environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
        return run(
            ["apt-get", "-q", *self.options, *arguments],
            failure,
            log=cache.log_path("apt"),
            cwd=self.folder / "debs",
            env=environment,
        ).stdout

    def update(self):
        """Fetch the package lists; a half-fetched list counts as a failure."""
        self._get(
            "-oAPT::Update::Error-Mode=any",
            "update",
            failure="could not fetch package lists (is there a network?)",
        )

    def download(self, *packages):
        """Download `name` or `name/suite`; the .deb files end up in `debs`."""
        self._get("download", *packages, failure=f"could not download {packages[0]}")

    def download_closure(self, *packages):
        """Download packages with all they need that this machine does not have."""
        self._get(
            "-y",
            "--no-install-recommends",
            "--download-only",
            "install",
            *packages,
            failure=f"could not download {' '.join(packages)}",
        )

    def debs(self):
        """Everything downloaded so far."""
        return sorted(self.folder.glob("debs/*.deb")) + sorted(
            self.folder.glob("archives/*.deb")
        )


def unpack(deb, target, exclude=()):
    """Unpack a package's files below `target`, without the excluded patterns."""
    reader = subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE
    )
    filters = [f"--exclude={pattern}" for pattern in exclude]
    writer = subprocess.run(
        ["tar", "-x", "--no-same-owner", "-C", str(target), *filters],
        stdin=reader.stdout,
        stderr=subprocess.PIPE,
        text=True,
    )
    reader.stdout.close()
    if reader.wait() or writer.returncode:
        raise UserError(f"could not unpack {deb.name}: {writer.stderr.strip()[-200:]}")
