"""Words of a line typed into a command that reads commands (scontrol, sacctmgr)."""


def split(line):
    """Split at blanks outside of quotes; the quotes stay, as in Slurm's own reader."""
    words, word, quote = [], "", ""
    for char in line:
        if quote:
            word += char
            quote = "" if char == quote else quote
        elif char.isspace():
            if word:
                words.append(word)
            word = ""
        else:
            word += char
            if word != char and char in "\"'":
                quote = char
    return [*words, word] if word else words
