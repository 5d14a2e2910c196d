"""Where the start scripts listen and which host they name: cases that this machine can't show."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import socket

import pytest

from tests.setup.machine import SETUP


@pytest.fixture
def script():
    """start-jupyter-compute as a module; it holds what both start scripts share."""
    loader = importlib.machinery.SourceFileLoader("compute", str(SETUP / "start-jupyter-compute"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compute", loader))
    loader.exec_module(module)
    return module


def hosts(monkeypatch, name, table, canonical=None):
    """Pretend that this machine is called `name` and that names lead where `table` says."""

    def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
        if host not in table:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, 1, 6, canonical or "", (address, 0)) for address in table[host]]

    monkeypatch.setattr(socket, "gethostname", lambda: name)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    "name, table, canonical, full",
    [
        ("t04n28.pdc.kth.se", {}, None, "t04n28.pdc.kth.se"),
        ("t04n28", {"t04n28": ["10.0.0.1"]}, "t04n28.pdc.kth.se", "t04n28.pdc.kth.se"),
        # The canonical name is an alias of all login nodes: not this one's.
        ("t04n28", {"t04n28": ["10.0.0.1"], "t04n28.pdc.kth.se": ["10.0.0.1"]}, "tegner.pdc.kth.se",
         "t04n28.pdc.kth.se"),
        ("t04n28", {"t04n28": ["127.0.1.1"]}, "t04n28.localdomain", "t04n28"),
        ("t04n28", {}, None, "t04n28"),
    ],
)  # fmt: skip
def test_the_login_node_is_named_in_full(script, monkeypatch, name, table, canonical, full):
    hosts(monkeypatch, name, table, canonical)
    assert script.full_host_name() == full


def test_the_nodes_own_address_is_taken(script, monkeypatch):
    hosts(monkeypatch, "c1", {"c1": ["10.0.0.7"]})
    monkeypatch.setattr(script, "is_free", lambda address, port: True)
    assert script.node_address("c1", "login1") == "10.0.0.7"


def test_a_loopback_address_is_no_use_on_another_machine(script, monkeypatch):
    """Debian's 127.0.1.1 for the own name: then the way to the login node tells the address."""
    hosts(monkeypatch, "c1", {"c1": ["127.0.1.1"], "login1": ["127.0.0.1"]})
    monkeypatch.setattr(script, "is_free", lambda address, port: True)

    class Route:
        def __init__(self, *_):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def connect(self, address):
            assert address[0] == "login1"

        def getsockname(self):
            return ("10.0.0.7", 12345)

    monkeypatch.setattr(socket, "socket", Route)
    assert script.node_address("c1", "login1") == "10.0.0.7"


def test_an_address_of_another_machine_is_not_taken(script, monkeypatch):
    """An emulated node whose name happens to lead somewhere: the job runs on the login node itself."""
    hosts(monkeypatch, "login1", {"t02n01": ["192.0.2.1"]})
    assert script.node_address("t02n01", "login1") == "127.0.0.1"


@pytest.mark.parametrize("words, refused", [
    (["-A", "x"], False), (["-Ax"], False), (["--account", "x"], False), (["--account=x"], False),
    (["-A", "x", "-C", "Haswell", "--exclusive"], False), (["-A", "x", "job.sh"], True),
    (["-p", "main"], True), (["-A"], True), (["-A", "x", "-a", "1-3"], True),
])  # fmt: skip
def test_options_of_sbatch(script, words, refused):
    if refused:
        with pytest.raises(script.Refused):
            script.refuse_options(words)
    else:
        script.refuse_options(words)
