"""The checks of the challenge notebooks.

    check = challenge("01-slurm-magics")
    check("submit")

A check asks Slurm (squeue, scontrol, sacct), the file system, and the notebook's own variables
and cells; never the emulator.  So the same cell works on any cluster.  It looks at the present
state: run it as often as you like, in any order, today or tomorrow.

Beside this file lies one record for each challenge, NAME.json: what each check expects, what to
notice after success, and the hints.  It needs the standard library only.
"""

import html
import json
import os
import re

import checks_probes as probes
from checks_slurm import NoSlurm

HERE = os.path.dirname(os.path.abspath(__file__))


class Result:
    """What a check found.

    ok: is the step done?  mistake: the name of the mistake that was recognised, or None.
    found: one sentence; more: pairs of (what it is, text), such as ("Notice", "...").
    """

    def __init__(self, ok, found, more=(), mistake=None):
        self.ok, self.found, self.more, self.mistake = ok, found, list(more), mistake

    def __bool__(self):
        return self.ok

    @property
    def head(self):
        return "✓ Right" if self.ok else "✗ Not yet"

    def __repr__(self):
        return "\n".join([f"{self.head}: {self.found}"] + [f"  {what}: {text}" for what, text in self.more])

    def _repr_html_(self):
        def shown(text):
            return re.sub("`(.+?)`", r"<code>\1</code>", html.escape(text)).replace("\n", "<br>")

        colour = "#2e7d32" if self.ok else "#b26a00"
        lines = [f"<strong>{self.head}:</strong> {shown(self.found)}"]
        lines += [f"<strong>{html.escape(what)}:</strong> {shown(text)}" for what, text in self.more]
        inside = "".join(f'<p style="margin: .2em 0">{line}</p>' for line in lines)
        return f'<div style="border-left: .4em solid {colour}; padding: .1em 1em">{inside}</div>'


class Challenge:
    """The checks of one challenge; call it with the name of a check."""

    def __init__(self, record):
        self.record = record
        self.failed = {}  # check -> how often in a row: the hints come one after the other

    def __call__(self, name):
        """Look at the step `name` and return a Result.

        Each call that finds the step undone gives the next hint: a question, a direction, the
        command.
        """
        try:
            entry = self.record["checks"][name]
        except KeyError:
            known = ", ".join(self.record["checks"])
            return Result(False, f"there is no check called {name!r} in this challenge, only: {known}")
        try:
            finding = probes.PROBES[entry["probe"]](entry["expect"])
        except NoSlurm as error:
            return Result(False, f"no Slurm answers here ({error}).", [(
                "Try", "run the notebook's first cell, which switches the emulated cluster on, or work "
                       "on a cluster's login node.")], "no-slurm")
        if finding.ok:
            self.failed.pop(name, None)
            more = [(what.capitalize(), self.filled(entry[what], finding))
                    for what in ("why", "notice") if entry.get(what)]
            return Result(True, finding.text, more)
        tries = self.failed[name] = self.failed.get(name, 0) + 1
        hints = entry["hints"]
        number = min(tries, len(hints))
        more = [("Try", finding.advice)] if finding.advice else []
        more.append((f"Hint {number} of {len(hints)}", hints[number - 1]))
        if number < len(hints):
            more.append(("More", "run this cell again for the next hint."))
        return Result(False, finding.text, more, finding.mistake)

    @staticmethod
    def filled(text, finding):
        """Put what was found, such as a job's number, into a text of the record."""
        for key, value in finding.facts.items():
            text = text.replace(f"<{key}>", str(value))
        return text


def challenge(name):
    """Return the checks of the challenge `name`, the notebook's name without its ending."""
    path = os.path.join(HERE, name + ".json")
    try:
        with open(path, encoding="utf-8") as f:
            return Challenge(json.load(f))
    except FileNotFoundError:
        known = sorted(n[:-5] for n in os.listdir(HERE) if n.endswith(".json"))
        raise SystemExit(f"no challenge called {name!r} here; there is: {', '.join(known) or 'none'}. "
                         f"Its record {path} must lie beside checks.py") from None
