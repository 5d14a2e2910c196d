"""The file of srun --multi-prog: which task runs what. Source: srun(1), MULTIPLE PROGRAM."""


def lines(text):
    """Lines "0-3,7 program args" -> [([ranks] or None for "*", [words])]."""
    from . import arrays
    from .commands.sbatch import split_words
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        words = split_words(line)
        if words:
            ranks = None if words[0] == "*" else arrays.parse(words[0])[0]
            found.append((ranks, words[1:]))
    return found
