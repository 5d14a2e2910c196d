"""What a program waits for, and how a signal ends it."""


class Signalled(BaseException):
    """Raised inside a process that a signal ends."""

    def __init__(self, signum):
        super().__init__(signum)
        self.signum = signum


class Wait:
    """What a process waits for: done() to be true, or the world's clock to reach `until`
    (seconds on it).

    With `breath` it waits for nothing: it only lets the others have their turn.
    """

    __slots__ = ("done", "until", "breath")

    def __init__(self, done=None, until=None, breath=False):
        self.done, self.until, self.breath = done, until, breath

    def __await__(self):
        yield self
