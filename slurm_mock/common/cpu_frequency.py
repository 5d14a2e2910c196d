"""--cpu-freq: the words for frequencies and governors.  Source: cpu_frequency.c.
"""

FREQUENCIES = ("low", "medium", "high", "highm1")
GOVERNORS = ("conservative", "ondemand", "performance", "powersave", "schedutil", "userspace")


def freq_text(value: str) -> str:
    """--cpu-freq as scontrol shows it: "CPU_min_freq=Low CPU_max_freq=High Governor=UserSpace"."""
    span, _, governor = value.lower().partition(":")
    words = span.split("-")
    if words[0] in GOVERNORS:
        governor = words.pop()
    names = ("CPU_max_freq",) if len(words) == 1 else ("CPU_min_freq", "CPU_max_freq")
    text = " ".join(f"{name}={word.capitalize()}" for name, word in zip(names, words))
    shown = {"ondemand": "OnDemand", "powersave": "PowerSave", "userspace": "UserSpace",
             "schedutil": "SchedUtil"}
    return f"{text} Governor={shown.get(governor, governor.capitalize())}" if governor else text + " "
