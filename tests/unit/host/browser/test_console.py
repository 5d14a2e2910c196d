"""slurm_mock/host/browser/console.py: what somebody types, line after line."""

import sys

import pytest

from slurm_mock.host import browser
from slurm_mock.host.browser import console

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")

HELLO = "#!/bin/bash\n#SBATCH -J hello -t 5 -o out\necho hello from $(hostname)\nsleep 60\necho end\n"
FACTS = "lesson:\n  cluster: small\n  clusters:\n    small:\n      allocation: theirs\n"


@pytest.fixture
def shell(tmp_path):
    """shell(*lines) -> what was shown; .console is the Console."""
    shown = []
    home = tmp_path / "home" / "anna"
    one = console.log_in("small", "anna", str(home), {"hello.sh": [HELLO, 0o755]}, FACTS,
                         lambda stream, text: shown.append(text), str(tmp_path), load=False)

    def run(*lines, pause=0.0):
        shown.clear()
        for line in lines:
            one.run(line, pause)
        return "".join(shown)

    run.console = one
    yield run
    browser.uninstall()


def test_a_job_from_its_submission_to_its_end(shell):
    assert shell("sbatch hello.sh").startswith("Submitted batch job ")
    assert shell("squeue -h -u $USER -o '%j %T %u'") == "hello RUNNING anna\n"
    assert shell("sleep 61; cat out").split("\n")[1:] == ["end", ""]
    assert shell("sacct -X -n -o account%10,state").split() == ["theirs", "COMPLETED"]


def test_pipes_and_loops(shell):
    assert shell("for i in 3 1 2; do echo $i; done | sort | head -n 2") == "1\n2\n"


def test_one_shell_for_all_lines(shell):
    assert shell("x=3; f() { echo f $1; }", "mkdir -p sub/er; cd sub", "f $x; pwd") == (
        f"f 3\n{shell.console.home}/sub\n")
    assert shell.console.prompt == "~/sub $ "
    assert shell("cd /tmp", "false", "echo $?") == "1\n"
    assert shell.console.prompt == "/tmp $ "


@pytest.mark.parametrize("lines, printed", [
    (["for i in 1 2", "do echo $i", "done"], "1\n2\n"), (["cat <<E", "one", "E"], "one\n"),
    (["echo 'one", "two'"], "one\ntwo\n"), (["echo one \\", "two"], "one two\n"),
    (["true &&", "echo both"], "both\n"), (["echo \"$(", "echo inner)\""], "inner\n"),
    (["echo a |", "cat"], "a\n"), (["f() {", "echo called", "}", "f"], "called\n")])
def test_a_command_of_several_lines(shell, lines, printed):
    assert not shell.console.enter(lines[0])
    assert shell.console.prompt == "> "
    assert shell(*lines[1:]) == printed
    assert shell.console.prompt == "~ $ "


def test_mistakes_do_not_end_the_shell(shell):
    assert shell("nonsense") == "bash: nonsense: command not found\n"
    assert shell("echo $?") == "127\n"
    assert shell("done") == "bash: syntax error near unexpected token `done'\n"
    assert shell("echo $?") == "2\n"
    assert shell("x=1", "echo ${y:?is missing}", "echo $x $?") == "bash: y: is missing\n1 1\n"
    assert shell("break", "return", "set -e; false", "echo $x") .endswith("1\n")


def test_exit_begins_a_new_shell_at_home(shell):
    assert shell("x=1; cd /tmp; trap 'echo bye' EXIT", "exit", "echo \"<$x>\"; pwd") == (
        f"bye\n<>\n{shell.console.home}\n")


def test_an_interrupt_ends_what_runs_and_nothing_else(shell):
    shell("sbatch hello.sh")
    shell("cd /tmp; kept=1")
    assert shell.console.enter("while true; do sleep 1; done")
    assert not shell.console.go_on(0.05)
    assert not shell.console.interrupt()
    assert shell.console.go_on(0.05)
    assert shell("echo $? $kept; pwd") == "130 1\n/tmp\n"
    assert shell("sleep 61; tail -n 1 $HOME/out") == "end\n"


def test_an_interrupt_forgets_a_command_that_is_not_complete(shell):
    assert not shell.console.enter("for i in 1 2")
    assert shell.console.interrupt() and shell.console.prompt == "~ $ "
    assert shell("echo $?") == "130\n"


def test_the_clock_goes_on_while_nobody_types(shell):
    shell("sbatch hello.sh")
    assert shell("squeue -h -o %M", pause=30) == "0:30\n"
    assert shell("cat out", pause=31).endswith("end\n")
    shell("sbatch -p batch -t 100 --wrap 'sleep 20000'")
    assert shell("squeue -h -o %M", pause=1e6) == "1:00:00\n" and console.LONGEST_PAUSE == 3600


def test_a_command_in_the_background(shell):
    assert shell("sleep 5 && echo late &", "echo now", "wait") == "now\nlate\n"


def test_what_waits_for_what_never_comes_says_so(shell):
    shell("sbatch --hold hello.sh")
    assert "never comes by itself" in shell("sbatch -W --hold hello.sh")
    assert shell("echo fine") == "fine\n"
