"""What a probe gives back.  A probe gets what the challenge's record expects and returns a Finding.

A record names a probe by module and function: `probe: jobs.job_ended` is job_ended of checks_jobs.py.
What differs between challenges stands in their records.
"""

import importlib


class Finding:
    """ok: done?  text: what was found, a sentence.  advice: what to try, or "".
    mistake: name of the mistake, or None.  facts: {name: value} for the record's texts."""

    def __init__(self, ok, text, advice="", mistake=None, facts=None):
        self.ok, self.text, self.advice, self.mistake, self.facts = ok, text, advice, mistake, facts or {}


def right(text, **facts):
    return Finding(True, text, facts=facts)


def open_task(text):
    """Nothing wrong has been done; the step is still to be done."""
    return Finding(False, text)


def wrong(name, found, advice):
    return Finding(False, found, advice, name)


def unreadable(error):
    """For an answer of a kind that no probe has thought of; error: what the probe stumbled over."""
    return wrong("unreadable-answer", f"the check cannot make sense of one of your variables ({type(error).__name__}: "
                 f"{str(error)[:80]}).", "a single value, as the step asks for it; not a whole table, a column or a function.")


def blamed(mistake):
    return wrong(mistake.name, mistake.found, mistake.advice)


def probe(function):
    """Mark a function as one that records may name."""
    function.is_probe = True
    return function


def find_probe(name):
    """The probe of a record's "module.function"; LookupError when there is none."""
    module, _, function = name.partition(".")
    found = getattr(importlib.import_module("checks_" + module), function, None)
    if not getattr(found, "is_probe", False):
        raise LookupError(f"checks_{module}.py has no probe {function!r}")
    return found
