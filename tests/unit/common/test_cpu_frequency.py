"""--cpu-freq as cpu_frequency.c reads and shows it."""

import pytest

from slurm_mock.common import cpu_frequency

GOVERNORS = "OnDemand,Performance,UserSpace"


@pytest.mark.parametrize("text, whole, shown", [
    ("2000000", "2000000", "CPU_max_freq=2000000 "), ("lo-hi:perf", "low-high:performance", "CPU_min_freq=Low CPU_max_freq=High Governor=Performance"),
    ("onde", "ondemand", "Governor=OnDemand"), ("medium", "medium", "CPU_max_freq=Medium "),
    ("99999999999999999999", "4294967295", "CPU_max_freq=Unknown "), ("1-highm1", "1-highm1", "CPU_min_freq=1 CPU_max_freq=Highm1 ")])
def test_read_and_shown(text, whole, shown):
    assert cpu_frequency.canonical(text, GOVERNORS) == whole
    assert cpu_frequency.freq_text(whole) == shown


@pytest.mark.parametrize("text, lines", [
    ("nope", ['unrecognized --cpu-freq argument "nope"']), ("-1", ['unrecognized --cpu-freq argument ""']),
    ("4294967296", ['unrecognized --cpu-freq argument "4294967296"']),
    ("high-low", ["min cpu-frec (high) must be < max cpu-freq (low)"]), ("1:perf", ["gov on cpu-frec (perf) illegal without max"]),
    ("ondemand-high", ["min cpu-frec (ondemand) must be < max cpu-freq (high)"]), ("1-2:x", ["illegal governor: x on --cpu-freq"]), ("perf:onde", ["governor cannot be specified twice perf{-}:onde in --cpu-freq"]),
    ("conservative", ["governor of conservative is not allowed in slurm.conf"])])
def test_refused(text, lines):
    with pytest.raises(cpu_frequency.BadFrequency) as wrong:
        cpu_frequency.canonical(text, GOVERNORS)
    assert list(wrong.value.args) == lines
