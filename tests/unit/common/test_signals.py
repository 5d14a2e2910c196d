"""Signals as options name them (signal(7), scancel(1), sbatch(1) --signal)."""

import signal

import pytest

from slurm_mock.common import signals


@pytest.mark.parametrize("text, parsed", [
    ("USR1", ("", 10, 60)), ("USR1@30", ("", 10, 30)), ("B:TERM@0", ("B", 15, 0)),
    ("r:10", ("R", 10, 60)), ("BR:USR2@5", ("BR", 12, 5)), ("RB:USR1", ("RB", 10, 60)),
    ("65", ("", 65, 60)), ("-1", ("", 65535, 60)), ("BUSR1@1", ("B", 10, 1)), ("USR1@", ("", 10, 0)), (":USR1", ("", 10, 60)),
    ("X:USR1", None), ("NOPE@5", None), ("R:B:USR1", None), ("USR1@x", None), ("USR1@-5", None), ("USR1@65536", None), ("0", None), ("65536", None)])
def test_warning(text, parsed):
    """--signal=[{R|B}:]<sig_num>[@sig_time], 60 seconds where no time is said."""
    assert signals.parse_warning(text) == parsed


def test_only_a_batch_job_has_a_batch_shell():
    assert signals.parse_warning("B:USR1", batch=False) is None


def test_this_machines_numbers():
    assert signals.local(10) == signal.SIGUSR1 and signals.local(18) == signal.SIGCONT
    assert signals.local(63) == 63


def test_names_are_linuxs():
    assert signals.NAMES["CHLD"] == 17 and signals.NAMES["CONT"] == 18 and signals.NAMES["TSTP"] == 20
    assert signals.TEXTS[9] == "Killed" and signals.TEXTS[15] == "Terminated"
