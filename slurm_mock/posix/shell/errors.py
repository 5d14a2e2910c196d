"""How a script leaves a loop, a function, the shell, or a command that cannot be carried out."""


class Leave(Exception):
    """break, continue, return: leaves `count` loops, or a function, whose exit code `count` is."""

    def __init__(self, kind, count=1):
        super().__init__(kind)
        self.kind, self.count = kind, count


class Exit(Exception):
    """The shell ends, with an exit code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Failed(Exception):
    """A command cannot be carried out: its message without the shell's name, its exit code."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.text, self.code = text, code
