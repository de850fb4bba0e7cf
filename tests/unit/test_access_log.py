"""Secrets are cut from log lines; the rest of a line is left as it is."""

import logging
from urllib.parse import quote

import access_log
import pytest
from access_log import CUT, PARAMETERS, SecretCutter, cut
from hypothesis import given
from hypothesis import strategies as st

SECRET = "7K3MQ2XH5TRW"
LINE = '192.0.2.1 - - [10/Mar/2026 09:15:00] "GET {} HTTP/1.1" 200 - 12 0.010 0.020'


@pytest.fixture(autouse=True)
def paths(monkeypatch):
    """The paths that the portal cuts."""
    monkeypatch.setattr(access_log, "_paths", [])
    access_log.cut_path("/l/", to_the_end=True)
    access_log.cut_path("/01/", None, "/21/", to_the_end=True)
    access_log.cut_path("/rewards/join/")


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize(
    "address", ["/x?{}={}", "/x?a=1&{}={}&b=2", "/x?a=1&{}={}#end", "/x?{}={}&{}={}"]
)
def test_a_parameter_is_cut(name, address):
    line = LINE.format(address.format(name, SECRET, name, SECRET))
    assert SECRET not in cut(line)
    assert cut(line) == line.replace(SECRET, CUT).replace(f"{CUT}#end", CUT)


@pytest.mark.parametrize(
    ("address", "left"),
    [
        (f"/l/{SECRET}", f"/l/{CUT}"),
        (f"/uk/l/{SECRET}", f"/uk/l/{CUT}"),
        (f"/l/MAKER/{SECRET}?x=1", f"/l/{CUT}?x=1"),
        (f"/01/04006381333931/21/{SECRET}", f"/01/04006381333931/21/{CUT}"),
        (f"/rewards/join/{SECRET}", f"/rewards/join/{CUT}"),
        (f"/rewards/join/{SECRET}/poster", f"/rewards/join/{CUT}/poster"),
        (f"/rewards/join/{SECRET}?done=1", f"/rewards/join/{CUT}?done=1"),
    ],
)
def test_a_part_of_a_path_is_cut(address, left):
    assert cut(LINE.format(address)) == LINE.format(left)


@pytest.mark.parametrize(
    "inner",
    [f"/my/rewards/scan?code={SECRET}", f"/l/{SECRET}", f"/x?a=1&token={SECRET}&b=2"],
)
@pytest.mark.parametrize("times", [1, 2])
def test_an_address_within_an_address_is_cut(inner, times):
    """Where a person goes on after signing in is encoded into the address."""
    for _time in range(times):
        inner = quote(inner, safe="")
    line = LINE.format(f"/web/login?redirect={inner}")
    assert SECRET not in cut(line)
    assert "/web/login?redirect=" in cut(line)


@pytest.mark.parametrize(
    "address",
    [
        "/my/rewards",
        "/my/rewards/12?page=2",
        "/web/assets/1/web.assets_web.min.js",
        "/html/l.html",
        "/01/2026/report",
        "/odoo/action-12?postcode=79000&barcode_mode=1",
        "/web/session/logout",
    ],
)
def test_other_lines_stay(address):
    assert cut(LINE.format(address)) == LINE.format(address)


@given(
    st.text("ABCDEFGHJKMNPQRSTUVWXYZ23456789", min_size=6, max_size=40),
    st.sampled_from(PARAMETERS),
)
def test_whatever_the_secret_is(secret, name):
    assert f"{name}={secret}" not in cut(LINE.format(f"/x?{name}={secret}&y=1"))


def test_the_filter_writes_the_line_without_the_secret():
    record = logging.LogRecord(
        "werkzeug", logging.INFO, "", 0, '"GET %s" %s', (f"/x?code={SECRET}", 200), None
    )
    assert SecretCutter().filter(record)
    assert record.getMessage() == f'"GET /x?code={CUT}" 200'
    # without the filter the secret is written
    record = logging.LogRecord(
        "werkzeug", logging.INFO, "", 0, '"GET %s" %s', (f"/x?code={SECRET}", 200), None
    )
    assert SECRET in record.getMessage()


def test_a_broken_line_is_left_to_the_handler():
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s %s", ("one",), None)
    assert SecretCutter().filter(record)


def test_handlers_are_filtered_once(monkeypatch):
    handler = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    access_log.install()
    access_log.install()
    assert [type(known) for known in handler.filters] == [SecretCutter]
