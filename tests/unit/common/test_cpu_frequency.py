"""--cpu-freq as `scontrol show job` tells it (cpu_freq_to_string in cpu_frequency.c)."""

import pytest

from slurm_mock.common.cpu_frequency import freq_text


@pytest.mark.parametrize("value, text", [
    # recorded in transcripts/options/env-options.txt: one frequency is the highest
    ("high", "CPU_max_freq=High "),
    ("low-medium", "CPU_min_freq=Low CPU_max_freq=Medium "),
    ("LOW-highm1:performance", "CPU_min_freq=Low CPU_max_freq=Highm1 Governor=Performance"),
    ("2400000", "CPU_max_freq=2400000 "),
])
def test_frequencies(value, text):
    assert freq_text(value) == text


@pytest.mark.parametrize("name, shown", [
    ("ondemand", "OnDemand"), ("powersave", "PowerSave"), ("userspace", "UserSpace"),
    ("schedutil", "SchedUtil"), ("conservative", "Conservative")])
def test_a_governor_alone_or_behind_a_colon(name, shown):
    assert freq_text(name).endswith(f"Governor={shown}")
    assert freq_text(f"low-high:{name}") == f"CPU_min_freq=Low CPU_max_freq=High Governor={shown}"
