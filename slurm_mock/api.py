"""Run a command inside of a program: tests, notebooks.
"""

from .commands import find
from .common.release import CURRENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Result:
    """What a command left: exit code, and stdout and stderr as bytes."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code, self.out, self.err = code, out, err


def run(name: str, argv: "Iterable[str]" = (), stdin: bytes = b"",
        env: "Mapping[str, str] | None" = None, cwd: "str | None" = None,
        state: "str | None" = None, release: int = CURRENT) -> Result:
    """Run a command inside this process.

    argv is without the command's name; stdin is bytes; env is the environment
    (os.environ by default); cwd an absolute path; state the cluster's state
    directory (MOCK_SLURM_STATE of env by default); release the cluster's release of
    Slurm. Returns a Result. Raises KeyError where no state is said, ModuleNotFoundError
    where there is no such command; what a command itself refuses is in the Result.
    """
    import io
    import os

    from .commands.shared.call import Call
    from .commands.shared.call import run as run_call
    from .host import local
    local.install()
    env = dict(os.environ if env is None else env)
    out, err = io.BytesIO(), io.BytesIO()
    call = Call(name, list(argv), env, cwd or os.getcwd(), io.BytesIO(stdin), out, err,
                state or env["MOCK_SLURM_STATE"], release)
    try:
        code = run_call(find(name), call)
    finally:
        call.close()
    return Result(code, out.getvalue(), err.getvalue())
