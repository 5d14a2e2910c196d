"""The release: what came later is not there yet, what went is gone."""

import pytest

from slurm_mock.common import release


@pytest.mark.parametrize("since, until, then, there", [
    (2205, None, 2205, True), (2411, None, 2205, False), (2411, None, 2605, True),
    (2205, 2411, 2205, True), (2205, 2411, 2411, False), (2205, 2411, 2605, False)])
def test_there(since, until, then, there):
    assert release.there(since, until, then) is there


def test_the_release_that_speaks_is_22_05():
    assert release.there() and not release.there(since=2411)
    assert (release.version(), release.package_version()) == ("22.05.8", "slurm-wlm 22.05.8")
    assert release.parts() == {"major": 22, "micro": 8, "minor": 5}
    # SLURM_22_05_PROTOCOL_VERSION, slurm_protocol_common.h: (38 << 8) | 0
    assert release.protocol() == 38 << 8


def test_each_that_can_speak_has_its_facts():
    assert set(release.NUMBERS) == set(release.PROTOCOLS) <= set(release.RELEASES)
    assert release.CURRENT in release.NUMBERS and list(release.RELEASES) == sorted(release.RELEASES)
