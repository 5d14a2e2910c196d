"""Steps as sacct, sstat and sattach name them: 12, 12_3, 12+1, 12.0, 12_3.batch.

Source: Slurm's answers in tests/conformance/transcripts/sacct/ids-sacct.txt and jobs/ids-looks.txt.
"""

from ...common.parse_time import atoi
from ...common.records import STEP_NAMES
from .call import Fail
from .words import unquoted


def parse(text):
    """One name -> (job id, task of its array, component of it, step), None for each that is not
    said. Raises Fail."""
    name, dot, rest = text.partition(".")
    step = task = component = None
    if dot:
        named = [key for key, word in STEP_NAMES.items() if word == rest]
        step = named[0] if named else _counted(rest, f"Bad step specified: {name}")
    name, mark, rest = name.partition("_")
    if mark:
        task = _counted(rest, f"Bad job array element specified: {name}")
    else:
        name, mark, rest = name.partition("+")
        if mark:
            component = _counted(rest, f"Bad hetjob offset specified: {name}")
    return atoi(name), task, component, step


def parse_list(text):
    """A comma list -> what `parse` says of each of its words, each once. Raises Fail."""
    found = {}
    for word in filter(None, unquoted(text, lower=False).split(",")):
        _must_be_digit(word, f"Bad job/step specified: {word}")
        found[parse(word)] = None
    return list(found)


def _must_be_digit(text, message):
    if text[:1] not in tuple("0123456789"):
        raise Fail.fatal(message)


def _counted(text, message):
    _must_be_digit(text, message)
    return atoi(text)
