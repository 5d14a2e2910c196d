"""date: on the cluster's clock."""

import time

import pytest

from slurm_mock import api
from tests.clusters.reading import NOW, Tiny


@pytest.mark.parametrize("argv, form", [([], "%a %b %e %H:%M:%S %Z %Y"), (["+%H:%M"], "%H:%M"), (["+%F %T"], "%F %T")])
def test_the_clusters_time(tmp_path, argv, form):
    one = Tiny(tmp_path / "s")
    done = one.run("date", *argv)
    assert done.out.rstrip("\n") == time.strftime(form, time.localtime(NOW))


def test_seconds_and_universal_time(tmp_path):
    one = Tiny(tmp_path / "s")
    assert one.run("date", "+%s").out == f"{NOW}\n"
    assert one.run("date", "-u", "+%H").out == time.strftime("%H\n", time.gmtime(NOW))


def test_more_than_that_is_the_machines_own(tmp_path):
    done = api.run("date", ["-d", "1970-01-02", "+%j"], env={"PATH": "/usr/bin:/bin", "TZ": "UTC"}, state=str(tmp_path))
    assert done.out == b"002\n"
