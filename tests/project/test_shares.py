"""Long tests that take turns: each has its turn, and a log names those that had not."""

import re
import subprocess
import sys

import pytest

TESTS = '''
import pytest

@pytest.mark.share(3)
@pytest.mark.parametrize("name", ["a", "b", "c", "d", "e"])
def test_many(name):
    pass

def test_one():
    pass
'''


@pytest.fixture
def run(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "from tests.shares import pytest_addoption, pytest_collection_modifyitems, pytest_terminal_summary\n")
    (tmp_path / "test_long.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = share(n)\n")

    def started(*options):
        done = subprocess.run([sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *options], cwd=tmp_path,
                              env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin",
                                   "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, capture_output=True,
                              text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return set(re.findall(r"(test_\w+(?:\[\w\])?) PASSED", done.stdout)), done.stdout
    return started


ALL = {"test_one", *(f"test_many[{name}]" for name in "abcde")}


def test_without_share_all_are_run(run):
    ran, log = run()
    assert ran == ALL and "take turns" not in log


def test_each_has_one_turn_and_the_log_names_the_others(run):
    turns = [run("--share", f"--turn={turn}") for turn in (9, 10, 11)]
    many = [ran - {"test_one"} for ran, _ in turns]
    assert all("test_one" in ran for ran, _ in turns)
    assert set().union(*many) == ALL - {"test_one"} and sum(map(len, many)) == 5
    for ran, log in turns:
        (names,) = re.findall(r"NOT run of \S+::test_many:\s+(.*)", log)
        assert {f"test_many[{name}]" for name in names.split("; ")} == ALL - ran


