"""A coverage-guided fuzzer, in little: texts that reach new lines are kept and changed further.

Coverage is told by sys.settrace (lines, and from which line they were reached), counted only
in the package under test. The same seed tries the same texts in every run.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable

# Texts that parsers know: parts of them are put into others.
WORDS = ["0", "1", "9" * 5000, "-1", "4294967296", "[", "]", "[1-3]", "n[1-", "-", "--", ",", ",,", ":",
         "::", "=", "+", "%", "%.18i", "%%", "@", "#", "!", "?", ";", "*", "\\", "'", '"', " ", "\t", "\n",
         "\\\n", "\0", "é", "\udcff", "²", "٣", "infinite", "now", "now+1", "days", "12:00", "AM", "2026-02-30",
         "afterok", "after:1+1", "singleton", "K", "GB", "USR1@60", "B:", "NodeName=n1", "Include x",
         "#SBATCH ", "Nodes=", "State=UP", "CPUs=", "Gres=gpu:k80:2", "/", "..", "a" * 300]


class Coverage:
    """The steps from line to line that a call makes in files below `folder`."""

    def __init__(self, folder: str):
        self.folder = folder
        self.seen: set = set()
        self.fresh = False

    def run(self, function: Callable[[str], object], text: str) -> bool:
        """Call function(text); did it go where no text has led before? Its errors come through."""
        self.fresh = False
        sys.settrace(self._call)
        try:
            function(text)
        finally:
            sys.settrace(None)
        return self.fresh

    def _call(self, frame, event, _):
        if not frame.f_code.co_filename.startswith(self.folder):
            return None
        code, last = frame.f_code, 0

        def line(frame, event, _):
            nonlocal last
            if event == "line":
                step = (code, last, frame.f_lineno)
                last = frame.f_lineno
                if step not in self.seen:
                    self.seen.add(step)
                    self.fresh = True
            return line
        return line


def changed(text: str, corpus: list[str], chance: random.Random) -> str:
    """Another text, made of this one."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = chance.randint(0, len(text))
        end = min(len(text), place + chance.choice((0, 1, 1, 4, 16)))
        match chance.randrange(5):
            case 0:
                text = text[:place] + text[end:]
            case 1:
                text = text[:place] + chance.choice(WORDS) + text[end:]
            case 2:
                text = text[:place] + chr(chance.randrange(32, 127)) + text[end:]
            case 3:
                other = chance.choice(corpus)
                text = text[:place] + other[chance.randint(0, len(other)):]
            case _:
                text = text[:end] + text[place:end] * chance.choice((1, 2, 50)) + text[end:]
    return text[:20_000]


def fuzz(function: Callable[[str], object], allowed: tuple, seeds: list[str], folder: str,
         turns: int, chance: random.Random) -> tuple[int, int]:
    """Call function with `turns` texts that grow from the seeds; other errors than the allowed
    ones come through as AssertionError with the text. (texts kept, steps seen)."""
    coverage, corpus = Coverage(folder), list(seeds)
    for turn in range(turns):
        text = seeds[turn] if turn < len(seeds) else changed(chance.choice(corpus), corpus, chance)
        try:
            fresh = coverage.run(function, text)
        except allowed:
            fresh = coverage.fresh
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error} for {text[:300]!r}"
                                 f" ({len(text)} characters)") from error
        if fresh and turn >= len(seeds):
            corpus.append(text)
    return len(corpus), len(coverage.seen)


PACKAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
                       "slurm_mock")
