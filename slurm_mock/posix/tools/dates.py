"""date: on the world's clock for who lives apart, else on the machine's."""

import re
import time

from .arguments import Misused, misused

FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d", "%H:%M:%S",
         "%H:%M", "%Y/%m/%d", "%d %b %Y", "%b %d %Y")
UNITS = {"sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86400,
         "week": 7 * 86400, "fortnight": 14 * 86400}


async def date(process, argv):
    """date [-u] [-d TEXT] [-I[seconds]] [-R] [+FORMAT]: exit code 1 for what is not known here.
    Raises Misused. date(1)."""
    words, utc, moment, form = list(argv[1:]), False, None, None
    now = process.world.now if process.world.apart(process) else time.time()
    while words:
        word = words.pop(0)
        if word in ("-u", "--utc", "--universal"):
            utc = True
        elif word in ("-d", "--date") or word.startswith(("--date=", "-d")):
            text = word.partition("=")[2] if "=" in word and word.startswith("--") else (
                word[2:] if len(word) > 2 and not word.startswith("--") else words.pop(0) if words else None)
            if text is None:
                raise misused(["date"], "option requires an argument -- 'd'")
            moment = parse(text, now, utc)
            if moment is None:
                await process.write(f"date: invalid date ‘{text}’\n", 2)
                return 1
        elif word in ("-I", "-Idate", "--iso-8601"):
            form = "%Y-%m-%d"
        elif word in ("-Iseconds", "--iso-8601=seconds", "-Is"):
            form = "%Y-%m-%dT%H:%M:%S%:z"
        elif word in ("-R", "--rfc-email", "--rfc-2822"):
            form = "%a, %d %b %Y %H:%M:%S %z"
        elif word.startswith("+"):
            form = word[1:]
        else:
            await process.write(f"date: {word}: this option or operand does not work in the browser "
                                "lab\n", 2)
            return 1
    moment = now if moment is None else moment
    try:
        local = time.gmtime(moment) if utc else time.localtime(moment)
    except (ValueError, OverflowError, OSError):
        raise Misused(f"time ‘{moment:.0f}’ is out of range") from None
    form = "%a %b %e %H:%M:%S %Z %Y" if form is None else form
    zone = "+0000" if utc else time.strftime("%z", local)
    form = form.replace("%s", str(int(moment))).replace("%N", f"{int(moment % 1 * 1e9):09d}").replace(
        "%3N", f"{int(moment % 1 * 1e3):03d}").replace("%:z", zone[:3] + ":" + zone[3:])
    form = re.sub(r"%-([a-zA-Z])", lambda m: time.strftime("%" + m.group(1), local).lstrip("0 ") or "0",
                  form)
    if time.strftime("%Z", local).startswith("UTC"):
        form = form.replace("%Z", "UTC")     # a browser says UTC-0000
    if utc:
        form = form.replace("%Z", "UTC").replace("%z", "+0000")
    await process.write(time.strftime(form, local) + "\n")
    return 0


def stamp(text, now):
    """touch -t's [[CC]YY]MMDDhhmm[.ss], in local time -> seconds since the epoch; None for what is
    none."""
    found = re.fullmatch(r"(\d\d)?(\d\d)?(\d{8})(?:\.(\d\d))?", text)
    if not found:
        return None
    first, second, rest, seconds = found.groups()
    year = (first + second if second else ("20" if first < "69" else "19") + first if first
            else time.strftime("%Y", time.localtime(now)))
    try:
        return time.mktime(time.strptime(year + rest + (seconds or "00"), "%Y%m%d%H%M%S")[:6] + (0, 0, -1))
    except (ValueError, OverflowError):
        return None


def parse(text, now, utc):
    """A date as people write it -> seconds since the epoch; None when it cannot be read. now:
    seconds since the epoch from which it counts; utc: it is no local time."""
    text = text.strip()
    if text.startswith("@") and re.fullmatch(r"@-?\d+(\.\d+)?", text):
        return float(text[1:])
    offset = 0.0
    for found in re.finditer(r"([+-]?\s*\d+)\s*(sec|second|min|minute|hour|day|week|fortnight)s?(\s+ago)?\b",
                             text):
        offset += int(found.group(1).replace(" ", "")) * UNITS[found.group(2)] * (-1 if found.group(3) else 1)
    rest = re.sub(r"([+-]?\s*\d+)\s*(sec|second|min|minute|hour|day|week|fortnight)s?(\s+ago)?\b", "",
                  text).strip()
    words = {"now": 0, "today": 0, "": 0, "tomorrow": 86400, "yesterday": -86400}
    if rest.lower() in words:
        return now + words[rest.lower()] + offset
    zone = utc
    if rest.endswith((" UTC", "Z")):
        rest, zone = rest.removesuffix("Z").removesuffix(" UTC"), True
    for form in FORMS:
        try:
            found = time.strptime(rest, form)
        except ValueError:
            continue
        if form.startswith("%H"):
            day = time.gmtime(now) if zone else time.localtime(now)
            found = time.struct_time((day[0], day[1], day[2], *found[3:6], 0, 0, -1))
        import calendar
        return (calendar.timegm(found) if zone else time.mktime((*found[:6], 0, 0, -1))) + offset
    return None
