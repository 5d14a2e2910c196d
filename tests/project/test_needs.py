"""What tests need from outside is installed, or the test is skipped, or CI fails: never in silence."""

import os
import subprocess

import pytest

from tests import needs

NOTHING = needs.Need(("no-such-program-anywhere",), ("no-such-package-anywhere",))


@pytest.fixture
def machine(monkeypatch):
    """Pretend to be on another kind of machine; apt-get is recorded and does nothing."""
    calls = []

    def be(root, release, ci):
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(needs, "_os_release", lambda: release)
        monkeypatch.setenv("CI", "true" if ci else "")
        monkeypatch.setitem(needs.NEEDS, "nothing", NOTHING)
        monkeypatch.setattr(needs, "_apt_install", lambda packages: calls.append(packages) or "no")
        monkeypatch.setattr(
            needs.shutil, "which", lambda name, path=None: name == "apt-get" or None
        )
        needs._provide.cache_clear()
        return calls

    yield be
    needs._provide.cache_clear()


def test_what_is_there_is_found():
    assert needs.find(needs.Need(("no-such-program-anywhere", "sh"), ())).name == "sh"


def test_an_ordinary_user_skips_and_learns_what_to_install(machine):
    calls = machine(root=False, release=("debian", "12"), ci=True)
    with pytest.raises(pytest.skip.Exception, match="apt install no-such-package-anywhere"):
        needs.need("nothing")
    assert calls == []


def test_root_tries_to_install_and_skips_with_the_reason(machine):
    calls = machine(root=True, release=("debian", "13"), ci=True)
    with pytest.raises(
        pytest.skip.Exception, match="apt-get install no-such-package-anywhere failed"
    ):
        needs.need("nothing")
    assert calls == [NOTHING.packages]


def test_root_on_debian_12_in_ci_may_not_skip(machine):
    machine(root=True, release=("debian", "12"), ci=True)
    with pytest.raises(pytest.fail.Exception, match="a skip is a failure"):
        needs.need("nothing")


def test_root_on_debian_12_at_home_may_skip(machine):
    machine(root=True, release=("debian", "12"), ci=False)
    with pytest.raises(pytest.skip.Exception):
        needs.need("nothing")


def test_one_attempt_serves_all_tests(machine):
    calls = machine(root=True, release=("debian", "12"), ci=False)
    for _ in range(3):
        with pytest.raises(pytest.skip.Exception):
            needs.need("nothing")
    assert len(calls) == 1


@pytest.mark.parametrize("name", needs.NEEDS)
def test_every_need_names_programs_and_packages(name):
    wanted = needs.NEEDS[name]
    assert bool(wanted.programs) != bool(wanted.files) and wanted.packages


def test_packages_without_programs_are_told_by_all_their_files(tmp_path):
    below = str(tmp_path.relative_to("/"))
    wanted = needs.Need((), ("some",), (f"{below}/a.*", f"{below}/b.pm"))
    (tmp_path / "a.pm").touch()
    assert needs.find(wanted) is None
    (tmp_path / "b.pm").touch()
    assert needs.find(wanted) == tmp_path / "a.pm"


def test_daemons_are_kept_from_starting_while_apt_works(tmp_path, monkeypatch):
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(needs, "POLICY", policy)
    with needs._no_daemons():
        assert subprocess.run([policy]).returncode == 101
    assert not policy.exists()


def test_an_administrators_own_policy_stays(tmp_path, monkeypatch):
    policy = tmp_path / "policy-rc.d"
    policy.write_text("mine")
    monkeypatch.setattr(needs, "POLICY", policy)
    with needs._no_daemons():
        assert policy.read_text() == "mine"
    assert policy.read_text() == "mine"


@pytest.mark.parametrize("codes, asked, said", [
    ({"install": [0]}, ["install"], ""),
    ({"install": [100, 0], "update": [0]}, ["install", "update", "install"], ""),
    ({"install": [100, 100], "update": [100]}, ["install", "update", "install"], "E: install")])
def test_what_packages_there_are_is_asked_only_where_it_must_be(tmp_path, monkeypatch, codes, asked, said):
    """A fresh machine has no lists of packages, an old one's are of yesterday."""
    called = []

    def apt(words, **_how):
        verb = words[words.index("--no-install-recommends") + 1]
        called.append(verb)
        return subprocess.CompletedProcess(words, codes[verb].pop(0), "", f"E: {verb}")
    monkeypatch.setattr(needs, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(needs.subprocess, "run", apt)
    assert (needs._apt_install(("one",)), called) == (said, asked)
