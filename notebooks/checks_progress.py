"""What is done and what is open, in a file beside this one.  Nothing of it leaves the machine.

`progress(share=True)` prints a code that a learner may give to the instructor; `make class-view`
makes a page of a class's codes.
"""

import base64
import binascii
import getpass
import html
import json
import os
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = ".progress.json"
VERSION = 1


def note(challenge, check, ok):
    """Remember what a check has found."""
    data = _read()
    entry = data.setdefault(challenge, {}).setdefault("checks", {}).setdefault(check, {"done": False, "tries": 0})
    entry["tries"] += 1
    entry["done"] = entry["done"] or ok
    entry["last"] = int(time.time())
    _write(data)


def forget(challenge, mark):
    """Begin a challenge anew; jobs up to the number `mark` belong to the time before."""
    data = _read()
    data[challenge] = {"mark": mark}
    _write(data)


def mark(challenge):
    """The number that `forget` was given last, 0 for none."""
    return _read().get(challenge, {}).get("mark", 0)


def progress(share=False):
    """Show all challenges, done and open.  share: also a code of it for your instructor;
    a text is taken as the name that stands in the code."""
    data = _read()
    rows = []
    for name, record in records():
        known = data.get(name, {}).get("checks", {})
        rows.append(Row(name, record, {check: known.get(check, {}) for check in record["checks"]}))
    code = encode(share if isinstance(share, str) else getpass.getuser(), rows) if share else ""
    return Progress(rows, code)


class Row:
    """A challenge's progress.  checks: {check: {"done", "tries", "last"} or {}} in order."""

    def __init__(self, name, record, checks):
        self.name, self.title, self.minutes, self.checks = name, record["title"], record["minutes"], checks

    @property
    def done(self):
        return [check for check, known in self.checks.items() if known.get("done")]

    @property
    def stopped_at(self):
        """The check that was tried last and is not done, or None."""
        tried = [(known["last"], check) for check, known in self.checks.items() if known and not known["done"]]
        return max(tried)[1] if tried else None

    @property
    def state(self):
        return "done" if len(self.done) == len(self.checks) else "begun" if any(self.checks.values()) else "open"


class Progress:
    """The table; text in a terminal, HTML in a notebook."""

    def __init__(self, rows, code):
        self.rows, self.code = rows, code

    def lines(self):
        for row in self.rows:
            left = [check for check in row.checks if check not in row.done]
            rest = f"still open: {', '.join(left)}" if left and row.state == "begun" else f"{row.minutes} min"
            yield {"done": "✓", "begun": "…", "open": "·"}[row.state], row, f"{len(row.done)} of {len(row.checks)}", rest

    def __repr__(self):
        width = max((len(row.title) for row in self.rows), default=0)
        lines = [f"{sign} {row.name[:2]} {row.title:<{width}}  {row.state:<5}  {count}  {rest}"
                 for sign, row, count, rest in self.lines()]
        return "\n".join(lines + ([f"Your code: {self.code}"] if self.code else []))

    def _repr_html_(self):
        cells = "".join(
            f'<tr><td>{sign}</td><td style="text-align: left">{html.escape(row.name[:2])} {html.escape(row.title)}</td>'
            f'<td>{row.state}</td><td>{count}</td><td style="text-align: left">{html.escape(rest)}</td></tr>'
            for sign, row, count, rest in self.lines())
        code = f"<p>Your code: <code>{self.code}</code></p>" if self.code else ""
        return (f"<table><tr><th></th><th>challenge</th><th>state</th><th>checks</th><th></th></tr>{cells}</table>{code}")


def records():
    """(name, record) of each challenge whose record lies here, in order."""
    found = []
    for name in sorted(os.listdir(HERE)):
        if name.endswith(".json") and name[:2].isdigit():
            with open(os.path.join(HERE, name), encoding="utf-8") as f:
                found.append((name[:-5], json.load(f)))
    return found


# ---- the code --------------------------------------------------------------------------------


def encode(who, rows):
    """A short code: version, length of the name, name; for each challenge begun its number, which
    checks are done (bits), which one stops its learner and after how many tries; a check sum."""
    name = who.encode()[:20]
    data = bytes([VERSION, len(name)]) + name
    for row in rows:
        if row.state == "open":
            continue
        checks = list(row.checks)
        bits = sum(1 << i for i, check in enumerate(checks) if check in row.done)
        stop = row.stopped_at
        tries = min(15, row.checks[stop]["tries"]) if stop else 0
        place = checks.index(stop) + 1 if stop else 0
        data += bytes([int(row.name[:2]), bits & 255, bits >> 8, place << 4 | tries])
    data += binascii.crc_hqx(data, 0).to_bytes(2, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(code):
    """(name, {challenge's number: (places of the done checks, place that stops or None, tries)}).

    Raises ValueError for what is no code, or was mistyped.
    """
    try:
        data = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (binascii.Error, ValueError):
        raise ValueError(f"{code!r} is no code of progress(share=True)") from None
    if len(data) < 4 or binascii.crc_hqx(data[:-2], 0).to_bytes(2, "big") != data[-2:]:
        raise ValueError(f"{code!r}: something is missing or mistyped")
    if data[0] != VERSION:
        raise ValueError(f"{code!r} comes from another version of the lesson")
    end = 2 + data[1]
    found = {}
    for number, low, high, stop in zip(*[iter(data[end:-2])] * 4):
        bits = low | high << 8
        found[number] = ([i for i in range(15) if bits >> i & 1], (stop >> 4) - 1 if stop >> 4 else None, stop & 15)
    return data[2:end].decode(errors="replace"), found


# ---- the file --------------------------------------------------------------------------------


def _read():
    try:
        with open(os.path.join(HERE, FILE), encoding="utf-8") as f:
            data = json.load(f)
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(data):
    """Write the file aside, then put it in its place; a folder that can't be written is no obstacle."""
    path = os.path.join(HERE, FILE)
    aside = f"{path}.{os.getpid()}"
    try:
        with open(aside, "w", encoding="utf-8") as f:
            json.dump(data, f)
        os.replace(aside, path)
    except OSError:
        pass
