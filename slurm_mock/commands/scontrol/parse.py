"""What scontrol says of words of create and update that it cannot take."""

NO_CHANGES = "No changes specified"
INVALID_INPUT = "Invalid input: {word}  Request aborted"
NOT_SUPPORTED = "Update of this parameter is not supported: {word}\nRequest aborted"


class Bad(Exception):
    """An argument that ends the update. text: the message; log: as a line of Slurm's log."""

    def __init__(self, text, log=True):
        super().__init__(text)
        self.text, self.log = text, log
