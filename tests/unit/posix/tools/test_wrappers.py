"""Programs that run others: env, nohup, nice, stdbuf, timeout, xargs."""

import sys

import pytest

from slurm_mock.host import browser
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.fixture
def sh(tmp_path, in_process):
    return lambda line: browser.run(line, ENV, str(tmp_path), shell=True)


def test_environments(sh):
    assert sh("env -i A=1 printenv") == (0, b"A=1\n", b"")
    assert sh("A=1 env B=2 sh -c 'echo $A $B'; printenv NOSUCH; echo $?") == (0, b"1 2\n1\n", b"")


def test_arguments_from_standard_input(sh):
    assert sh("printf 'a b\\nc\\n' | xargs echo x") == (0, b"x a b c\n", b"")
    assert sh("printf '1\\n2\\n3\\n' | xargs -n 2 echo") == (0, b"1 2\n3\n", b"")
    assert sh("printf 'a\\nb\\n' | xargs -I{} echo '<{}>'") == (0, b"<a>\n<b>\n", b"")


def test_a_time_limit_for_a_command(sh):
    assert sh("timeout 5 sleep 100; echo $?") == (0, b"124\n", b"")
    assert sh("timeout 5 echo done; echo $?") == (0, b"done\n0\n", b"")


@pytest.mark.parametrize("words, code", [
    ("-k 1 2 bash -c 'trap \"\" TERM; sleep 30; sleep 30'", 137), ("-k 1 2 sleep 30", 124), ("-s KILL 1 sleep 5", 137),
    ("-sKILL 1 sleep 5", 137), ("-k5s 1 sleep 3", 124), ("--kill-after=1m 1 sleep 3", 124), ("--preserve-status 1 sleep 4", 143),
    ("-k x 1 true", 125), ("-s FOO 1 true", 125), ("-k", 125), ("-z 1 true", 125), ("1", 125), ("-- 1 true", 0), ("inf true", 0)])
def test_how_a_time_limit_ends(sh, words, code):
    assert sh(f"timeout {words} 2> /dev/null; echo $?")[1] == f"{code}\n".encode()


def test_programs_that_run_others_read_their_own_options(sh):
    assert sh("stdbuf -oL -eL echo a; nice -n5 echo b; nice -5 echo c; env -uHOME printenv HOME; echo $?; nice") == (0, b"a\nb\nc\n1\n0\n", b"")
    for line, why in (("stdbuf -oX true", "invalid mode ‘X’"), ("stdbuf true", "must specify"), ("nohup", "missing operand"), ("nice -n x true", "invalid adjustment ‘x’"),
                      ("env -u", "requires an argument"), ("env -z", "invalid option -- 'z'")):
        code, out, err = sh(line)
        assert (code, out) == (125, b"") and why in err.decode(), line
