"""date: on the cluster's clock, where that is not the machine's."""

import time

from ... import machine


def main(call):
    """`date` and `date +FORMAT`; anything else is the machine's own date's business."""
    argv = [a for a in call.argv if a not in ("-u", "--utc", "--universal")]
    if len(argv) > 1 or (argv and not argv[0].startswith("+")):
        return machine.here.become(call, "date")
    now = call.controller.clock.now()
    local = time.gmtime(now) if len(argv) < len(call.argv) else time.localtime(now)
    form = argv[0][1:] if argv else "%a %b %e %H:%M:%S %Z %Y"
    form = form.replace("%s", str(int(now))).replace("%N", f"{int(now % 1 * 1e9):09d}")
    call.print(time.strftime(form, local))
    return 0
