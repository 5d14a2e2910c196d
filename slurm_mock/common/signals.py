"""Signal names and numbers as Slurm's options take them."""

from .parse_time import as_int, strtol

NAMES = {"HUP": 1, "INT": 2, "QUIT": 3, "ABRT": 6, "KILL": 9, "USR1": 10, "SEGV": 11, "USR2": 12,
         "PIPE": 13, "ALRM": 14, "TERM": 15, "CHLD": 17, "CONT": 18, "STOP": 19, "TSTP": 20,
         "TTIN": 21, "TTOU": 22, "URG": 23, "XCPU": 24}

# What srun and salloc say of a task that a signal ended (strsignal(3)).
TEXTS = {1: "Hangup", 2: "Interrupt", 3: "Quit", 4: "Illegal instruction", 6: "Aborted",
         7: "Bus error", 8: "Floating point exception", 9: "Killed",
         10: "User defined signal 1", 11: "Segmentation fault", 12: "User defined signal 2",
         13: "Broken pipe", 14: "Alarm clock", 15: "Terminated", 24: "CPU time limit exceeded"}


def local(signum: int) -> int:
    """Slurm's number (Linux) -> this machine's: they differ on macOS. One without a name stays."""
    import _signal
    for name, n in NAMES.items():
        if n == signum:
            return int(getattr(_signal, "SIG" + name, signum))
    return signum


def any_number(text: str) -> int:
    """As sig_name2num: the number of a name, or a number of whatever size in 32 bits; 0 if there is none."""
    signum, rest = strtol(text)
    if rest != text:
        return 0 if rest.strip(" \t\n\v\f\r") else as_int(signum)
    word = text.strip(" \t\n\v\f\r").upper()
    return NAMES.get(word[3:] if word.startswith("SIG") else word, 0)


def parse_warning(text: str, batch: bool = True) -> "tuple[str, int, int] | None":
    """--signal "[{R|B}][:]NAME[@SECONDS]" -> (flags: some of "BR", number, seconds before the end,
    60 where it does not say); None if malformed. batch: may it ask for the batch shell (B)?"""
    flags = ""
    for flag in "RBR" if batch else "R":
        if text[:1].upper() == flag:
            flags, text = flags + flag, text[1:]
    name, at, seconds = text.removeprefix(":").partition("@")
    signum = any_number(name) & 0xFFFF
    before, rest = strtol(seconds)
    if not signum or (at and (rest or not 0 <= before <= 0xFFFF)):
        return None
    return flags, signum, before if at else 60
