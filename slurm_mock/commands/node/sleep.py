"""sleep: on the cluster's clock, so that a job's hour may take a second.

Durations as sleep(1) of the GNU coreutils takes them.
"""

from ... import machine
from ..shared.call import Fail

TRY_HELP = "Try 'sleep --help' for more information."
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def main(call):
    """Sleep for the sum of the durations given (seconds, or with a unit s m h d) on the cluster's
    clock, a generator. Raises Fail for what is no duration."""
    if not call.argv:
        raise Fail.info(f"missing operand\n{TRY_HELP}")
    total, bad = 0.0, []
    for text in call.argv:
        unit = UNITS.get(text[-1:], None)
        try:
            seconds = float(text[:-1] if unit else text) * (unit or 1)
        except ValueError:
            seconds = -1.0
        if not seconds >= 0:
            bad.append(text)
        total += max(0.0, seconds)
    if bad:
        for text in bad:
            call.log(f"invalid time interval '{text}'")
        raise Fail.bare(TRY_HELP)
    yield from machine.here.sleep(call.controller, min(total, 1e10))
    return 0
