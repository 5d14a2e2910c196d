"""For the tests of options: a Request without a cluster, and what it makes of words."""

import io
from types import SimpleNamespace

from slurm_mock.commands.shared.call import Call
from slurm_mock.commands.slurm_opt.request import Request
from slurm_mock.commands.slurm_opt.table import LETTERS, table

NOW = 1_772_438_400


def request(*words, name="sbatch", env=(), admin=False):
    """The Request of a command line. Raises Fail."""
    call = Call(name, list(words), dict(env), "/home/ada", None, io.BytesIO(), io.BytesIO(), "")
    call._controller = SimpleNamespace(config={"ClusterName": "conf"}, caller=SimpleNamespace(admin=admin), now=NOW)
    made = Request(call, NOW)
    made.environment()
    made.apply(call.getopt(table(LETTERS[name]))[0])
    return made
