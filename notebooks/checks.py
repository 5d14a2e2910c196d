"""The checks of the challenge notebooks.

    check = challenge("01-slurm-magics")
    check("submit")        look at a step
    check.start_again()    begin the challenge anew
    wait(20001)            wait until that job is over
    progress()             all challenges: what is done, what is open

A check asks Slurm (squeue, scontrol, sacct), the file system, and the notebook's own variables
and cells; never the emulator.  So the same cell works on any cluster.  It looks at the present
state: run it as often as you like, in any order, today or tomorrow.

Beside this file lies one record for each challenge, NAME.json: what each check expects, what to
notice after success, and the hints.  It needs the standard library only.
"""

import glob
import html
import json
import os
import re
import shutil

import checks_progress
import checks_slurm as slurm
import checks_typed as typed
from checks_findings import find_probe, unreadable
from checks_progress import progress
from checks_wait import wait

HERE = os.path.dirname(os.path.abspath(__file__))

__all__ = ["Challenge", "Result", "challenge", "progress", "wait"]


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

    def __init__(self, name, record):
        self.name, self.record = name, record
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
            slurm.forget_until(checks_progress.mark(self.name))
            with slurm.one_moment():
                finding = self.find(entry)
        except slurm.NoSlurm as error:
            return Result(False, f"no Slurm answers here ({error}).", [(
                "Try", "run the notebook's first cell, which switches the emulated cluster on, or work "
                       "on a cluster's login node.")], "no-slurm")
        checks_progress.note(self.name, name, finding.ok)
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
    def find(entry):
        """The Finding of a check's probe."""
        probe = find_probe(entry["probe"])
        try:
            return probe(entry["expect"])
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            return unreadable(error)

    def start_again(self):
        """Begin the challenge anew: its jobs end, its files and answers go, the hints start from the first.

        What you have typed into the notebook stays.
        """
        leaves = self.record.get("leaves", {})
        ended = slurm.cancel_all(leaves.get("jobs", []))
        gone = remove_files(leaves.get("files", []))
        for variable in leaves.get("variables", []):
            typed.forget(variable)
        self.failed.clear()
        checks_progress.forget(self.name, slurm.newest_number())
        more = [("Jobs cancelled", ", ".join(ended))] if ended else []
        more += [("Files removed", ", ".join(gone))] if gone else []
        more.append(("Your cells", "what you have typed stays: no check can change the page that you have open. For empty cells rename this "
                     "notebook and take it out of its archive again; or type `make lab`, which then writes it anew; or, in a "
                     "browser, press *Reset this notebook* on the challenge's page."))
        return Result(True, f"{self.name} begins anew. Start with its first cell.", more)

    @staticmethod
    def filled(text, finding):
        """Put what was found, such as a job's number, into a text of the record."""
        for key, value in finding.facts.items():
            text = text.replace(f"<{key}>", str(value))
        return text


def remove_files(patterns):
    """Remove what these patterns match in this folder; the names of what went."""
    gone = []
    for pattern in patterns:
        for path in sorted(glob.glob(pattern)):
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.remove(path)
            gone.append(path)
    return gone


def challenge(name):
    """Return the checks of the challenge `name`, the notebook's name without its ending."""
    path = os.path.join(HERE, name + ".json")
    try:
        with open(path, encoding="utf-8") as f:
            return Challenge(name, json.load(f))
    except FileNotFoundError:
        known = sorted(n[:-5] for n in os.listdir(HERE) if n.endswith(".json"))
        raise SystemExit(f"no challenge called {name!r} here; there is: {', '.join(known) or 'none'}. "
                         f"Its record {path} must lie beside checks.py") from None
