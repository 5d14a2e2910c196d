"""--cpu-freq: the words for frequencies and governors.  Source: cpu_frequency.c.
"""

from .parse_time import strtol

FREQUENCIES = ("low", "medium", "high", "highm1")
GOVERNORS = ("conservative", "ondemand", "performance", "powersave", "schedutil", "userspace")
# With which letters a word may begin, the longer ones first.
FREQUENCY_STARTS = (("lo", "low"), ("him1", "highm1"), ("highm1", "highm1"), ("hi", "high"), ("med", "medium"))
GOVERNOR_STARTS = (("co", "conservative"), ("perf", "performance"), ("pow", "powersave"), ("user", "userspace"),
                   ("onde", "ondemand"), ("sche", "schedutil"))
SHOWN = {"ondemand": "OnDemand", "powersave": "PowerSave", "userspace": "UserSpace", "schedutil": "SchedUtil"}


class BadFrequency(ValueError):
    """The option's value is none; its arguments are the lines that Slurm says of it."""


def _named(text: str, starts: "tuple[tuple[str, str], ...]") -> str:
    return next((name for start, name in starts if text.lower().startswith(start)), "")


def _frequency(text: str) -> str:
    """A frequency in full: one of FREQUENCIES, or kHz in 32 bits."""
    name = _named(text, FREQUENCY_STARTS)
    number = 0 if name else strtol(text)[0] & 0xFFFFFFFF
    if not name and not number:
        raise BadFrequency(f'unrecognized --cpu-freq argument "{text}"')
    return name or str(number)


def _rank(frequency: str) -> int:
    """As which number Slurm compares a frequency: words are above all numbers."""
    return (1 << 31) + FREQUENCIES.index(frequency) if frequency in FREQUENCIES else int(frequency)


def canonical(value: str, governors: str) -> str:
    """GOVERNOR or LOW[-HIGH[:GOVERNOR]], its words cut short or not -> the same with whole words in small letters.
    governors: those that slurm.conf allows (CpuFreqGovernors). Raises BadFrequency."""
    span, colon, asked = value.partition(":")
    low, dash, high = span.partition("-")
    governor = _named(low, GOVERNOR_STARTS)
    wrong: "list[str]" = []
    text = governor
    try:
        if governor and colon:
            governor = ""
            raise BadFrequency(f"governor cannot be specified twice {low}{{-}}:{asked} in --cpu-freq")
        if not governor:
            text = _frequency(low)
        if dash:
            most = _frequency(high)
            if governor or _rank(most) < _rank(text):
                raise BadFrequency(f"min cpu-frec ({low}) must be < max cpu-freq ({high})")
            text += f"-{most}"
        if colon:
            if not dash:
                raise BadFrequency(f"gov on cpu-frec ({asked}) illegal without max")
            governor = _named(asked, GOVERNOR_STARTS)
            if not governor:
                raise BadFrequency(f"illegal governor: {asked} on --cpu-freq")
            text += f":{governor}"
    except BadFrequency as error:
        wrong += error.args
    if governor and governor not in {_named(name.strip(), GOVERNOR_STARTS) for name in governors.split(",")}:
        wrong.append(f"governor of {value} is not allowed in slurm.conf")
    if wrong:
        raise BadFrequency(*wrong)
    return text


def frequency_text(word: str) -> str:
    """A frequency as scontrol shows it; with the highest of its 32 bits it is taken for a word that is none."""
    return "Unknown" if word not in FREQUENCIES and int(word) >= 1 << 31 else word.capitalize()


def governor_text(governor: str) -> str:
    """"ondemand" -> "OnDemand"."""
    return SHOWN.get(governor, governor.capitalize())


def freq_text(value: str) -> str:
    """--cpu-freq as scontrol shows it: "CPU_min_freq=Low CPU_max_freq=High Governor=UserSpace"."""
    span, _, governor = value.lower().partition(":")
    words = span.split("-")
    if words[0] in GOVERNORS:
        governor = words.pop()
    if not words:
        return f"Governor={governor_text(governor)}"
    names = ("CPU_max_freq",) if len(words) == 1 else ("CPU_min_freq", "CPU_max_freq")
    text = " ".join(f"{name}={frequency_text(word)}" for name, word in zip(names, words))
    return f"{text} Governor={governor_text(governor)}" if governor else text + " "
