"""Words that are typed: lines of scontrol and sacctmgr, #SBATCH lines, users."""

from .call import Fail


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


def users(call, text):
    """User names and ids -> names; unknown ones are reported and left out (squeue, sprio)."""
    from ...slurmctld.uid import user_name
    found = []
    for word in filter(None, text.split(",")):
        name = user_name(call.controller, word)
        if name is None:
            call.error(f"Invalid user: {word}\n")
        else:
            found.append(name)
    return found


def unquoted(text, lower=True):
    """strip_quotes(): without the quotes around it; in small letters, unless `lower` is false."""
    if text[:1] in ("'", '"'):
        text = text[1:].split(text[0])[0]
    return text.lower() if lower else text


def names(text, lower=True):
    """A comma list -> names, each once."""
    text = unquoted(text, lower)
    return list(dict.fromkeys(n for n in text.split(",") if n))


def script_options(script, name):
    """The words of the script's #SBATCH lines, down to the first command. script: bytes; name: the
    file's, for the message. Raises Fail."""
    words = []
    for number, line in enumerate(script.decode("utf-8", "surrogateescape").split("\n")[1:], 2):
        if line.startswith("#SBATCH"):
            try:
                words += split_words(line[7:])
            except UnmatchedQuote as error:
                raise Fail.fatal(f"{name}: line {number}: Unmatched `{error.quote}` in "
                                 f"[{error.word}]") from None
        elif line.strip() and not line.lstrip().startswith("#"):
            break
    return words


class UnmatchedQuote(ValueError):
    """A quote does not close: `quote`, and the `word` it stands in, as written."""

    def __init__(self, quote, word):
        super().__init__(word)
        self.quote, self.word = quote, word


def split_words(text):
    """Split at blanks as sbatch does: quotes group, a # ends the line, a backslash
    escapes what is no blank.
    Raises UnmatchedQuote."""
    words, word, quote, i, begun = [], None, "", 0, 0
    while i < len(text):
        ch = text[i]
        if ch == "\\" and i + 1 < len(text) and (quote or not text[i + 1].isspace()):
            word, i = (word or "") + text[i + 1], i + 1
        elif ch == "\\" and not quote:
            word = word or ""                # it does not protect a blank, and is gone
        elif quote:
            if ch == quote:
                quote = ""
            else:
                word += ch
        elif ch in "\"'":
            begun = i - len(word or "")
            quote, word = ch, word or ""
        elif ch.isspace():
            if word is not None:
                words.append(word)
            word = None
        elif ch == "#":
            break
        else:
            word = (word or "") + ch
        i += 1
    if quote:
        raise UnmatchedQuote(quote, text[begun:])
    if word is not None:
        words.append(word)
    return words
