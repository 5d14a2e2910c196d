"""The file of srun --multi-prog: which task runs what. Source: srun(1), MULTIPLE PROGRAM."""

from ..shared.call import Fail


def read(call, name):
    """The file's lines, as `lines` gives them. Raises Fail where it cannot be read."""
    try:
        with open(call.path(name), encoding="utf-8", errors="surrogateescape") as file:
            return lines(file.read())
    except OSError:
        raise Fail.error(f"Could not open multi_prog config file {name}") from None


def lines(text):
    """Lines "0-3,7 program args" -> [([ranks] or None for "*", [words])]. A line that cannot be
    read is no task's."""
    from ...common import job_array
    from ..shared.words import UnmatchedQuote, split_words
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        try:
            words = split_words(line)
            if len(words) > 1:
                ranks = None if words[0] == "*" else job_array.parse(words[0])[0]
                found.append((ranks, words[1:]))
        except (UnmatchedQuote, job_array.BadArray):
            continue
    return found
