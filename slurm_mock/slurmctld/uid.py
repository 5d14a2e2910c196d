"""Users by name or number, as commands take them."""

from ..common.parse_time import is_number
from ..common.parse_time import INT_MAX
from ..common.records import SLURM_UID

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State


def user_name(controller: "State", word: str) -> "str | None":
    """The name of a user given by name or number, or None when nobody is called so.

    The caller, the owners of jobs and slurm are known even if the machine has no such user
    (simulated load, MOCK_SLURM_USER, a laptop).  Source: uid_from_string() of Slurm.
    """
    caller = controller.caller
    if word == caller.user or word == str(caller.uid):
        return caller.user
    if word == "root" or word == "0":
        return "root"
    if any("\ud800" <= letter <= "\udfff" for letter in word):
        return None                      # bytes that are no text are nobody's name
    number = int(word[:4000]) if is_number(word) else -1
    number = number if number <= INT_MAX else -1
    known = controller.store.owner(word, number)
    if known is not None:
        return known
    import pwd
    try:
        return (pwd.getpwuid(number) if number >= 0 else pwd.getpwnam(word)).pw_name
    except (KeyError, OverflowError):
        return "slurm" if word in ("slurm", str(SLURM_UID)) else None
