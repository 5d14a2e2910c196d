"""Generated command lines (wide.py), with the answers that real Slurm gave when they were recorded: a share of them on the
mock, all in `make nightly`.  A line that the mock answers otherwise stands in wide-open.txt, with its reason."""

from __future__ import annotations

import json
import lzma
import sys

import pytest

from tests.conformance import any_site, wide

pytestmark = pytest.mark.slow
PARTS = 12               # of all lines; a run of CI plays one of them
OPEN = wide.RECORDED.with_name("wide-open.txt")


def recorded():
    return [(wide.Line(*row[:4]), row[4]) for row in json.loads(lzma.decompress(wide.RECORDED.read_bytes()))]


def known_to_differ():
    """The lines of wide-open.txt: behind each heading, a reason, those that differ for it."""
    return {line for line in OPEN.read_text().splitlines() if line and line[0] != "#"}


@pytest.fixture(scope="module")
def mock_site(base):
    if not sys.platform.startswith("linux"):
        pytest.skip("recorded with Linux's sed and timeout")
    own = base / "wide"              # the cases have a mock of their own in `base`
    own.mkdir()
    own.chmod(0o755)
    with any_site.opened("mock", own) as side:
        side.delay = "0"
        yield side


@pytest.mark.share(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_mock_answers_as_real_slurm_did(part, mock_site, base):
    rows = recorded()[part::PARTS]
    folders = {mock_site.name: mock_site.folder(base, f"wide-{part}")}
    wrong, known = [], known_to_differ()
    for submits in (False, True):
        some = [(line, answer) for line, answer in rows if (line.command in wide.SUBMITS) == submits]
        for _ in range(3):                   # what races may be played again
            wide.begin(wide.CASE, "" if submits else wide.JOBS, folders, [mock_site])
            told = wide.answers(mock_site, folders[mock_site.name], [line for line, _ in some])
            some = [(line, answer) for (line, answer), mine in zip(some, told) if mine != answer and line.text not in known]
            if not some:
                break
        wrong += [line.text for line, _ in some]
    assert wrong == []


def test_what_is_open_is_recorded_and_has_a_reason():
    texts = {line.text for line, _ in recorded()}
    assert known_to_differ() <= texts
    assert OPEN.read_text().startswith("# ") and wide.RECORDED.stat().st_size < 2_000_000
