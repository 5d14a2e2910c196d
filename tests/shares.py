"""Long tests that take turns: in one run of CI a share of them, in `make nightly` all.

    @pytest.mark.share(3)
    @pytest.mark.parametrize(...)

With --share a third of the function's tests is run, those that stand together; the next third on the
next day (--turn=N: on day N); a run's log names those that were left out.  Without --share nothing is left out.
"""

from __future__ import annotations

import datetime
import textwrap
from collections import defaultdict

import pytest

LEFT_OUT = pytest.StashKey[list]()


def today() -> int:
    """The number of this run's turn: a day has one."""
    return datetime.date.today().toordinal()


def pytest_addoption(parser):
    parser.addoption("--share", action="store_true",
                     help="of the tests that take turns (mark share) only those whose turn it is")
    parser.addoption("--turn", type=int, default=today(), metavar="N", help="number of this run's turn (the day's)")


@pytest.hookimpl(trylast=True)   
def pytest_collection_modifyitems(config, items):
    if not config.getoption("--share"):
        return
    functions = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("share"):
            functions[item.nodeid.partition("[")[0], mark.args[0]].append(item)
    turn = config.getoption("--turn")
    left = [item for (_, shares), them in functions.items()
            for number, item in enumerate(them) if number * shares // len(them) != turn % shares]
    config.stash[LEFT_OUT] = [item.nodeid for item in left]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter, config):
    if not config.getoption("--share"):
        return
    left = config.stash.get(LEFT_OUT, [])
    terminalreporter.section(f"tests that take turns: turn {config.getoption('--turn')}")
    by_function = defaultdict(list)
    for node in left:
        function, _, parameters = node.partition("[")
        by_function[function].append(parameters.rstrip("]").replace("\n", " "))
    for function, parameters in sorted(by_function.items()):
        for line in textwrap.wrap(f"{len(parameters)} NOT run of {function}: {'; '.join(parameters)}", 100,
                                  subsequent_indent="    ", break_on_hyphens=False):
            terminalreporter.write_line(line)
    if not left:
        terminalreporter.write_line("none was left out")
