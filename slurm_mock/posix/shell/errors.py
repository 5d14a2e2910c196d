"""How a script leaves a loop, a function, the shell, or a command that cannot be carried out."""


class Leave(Exception):
    """break, continue, return: leaves `count` loops, or a function, whose exit code `count` is;
    failed: $? of the loops stays as it is."""

    def __init__(self, kind, count=1, failed=False):
        super().__init__(kind)
        self.kind, self.count, self.failed = kind, count, failed


class Exit(Exception):
    """The shell ends, with an exit code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Discard(Exit):
    """The rest of what is read is not run: a syntax error, or an expansion that cannot be made. A
    script ends by it; eval, source and a trap end alone."""


class Failed(Exception):
    """A command cannot be carried out: its message without the shell's name, its exit code."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.text, self.code = text, code
