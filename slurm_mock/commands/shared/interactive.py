"""sacctmgr, sreport and scontrol without a command on their command line: they ask for one after
the other.  Source: the loops in sacctmgr.c, sreport.c and scontrol.c, which read by readline.
"""

from .words import split


def typed(session, echo=False, again=False, comments=False):
    """The words of each line of standard input that has some, behind a prompt each; until the
    input ends or session.ended is true.

    session: has `call` and `ended`; echo: print what was read where no terminal shows it, as
    readline does; again: does "!!" stand for the line before? comments: pass over lines with #.
    """
    call, last = session.call, ""
    echo = echo and not (call.stdin is not None and call.stdin.isatty())
    while not session.ended:
        call.print(f"{call.name}: ", end="")
        call.out.flush()
        line = call.stdin.readline() if call.stdin else b""
        if not line:
            call.print()
            return
        text = line.decode("utf-8", "surrogateescape").rstrip("\n")
        if echo:
            call.print(text)
        if comments and text.startswith("#"):
            continue
        if again and text == "!!":
            text = last
        last = text
        words = split(text)
        if words:
            yield words
