"""slurm_mock: Slurm's commands without a cluster.

`slurm-mock run -- COMMAND` switches it on for a command, `%load_ext slurm_mock`
for a notebook.  Nothing is imported here: the commands' start-up time counts.
"""

__version__ = "0.1.0"


def load_ipython_extension(ipython):
    """`%load_ext slurm_mock`: see slurm_mock.notebook."""
    from .notebook import load
    load(ipython)


def unload_ipython_extension(ipython):
    """`%unload_ext slurm_mock`: the environment is as it was."""
    from .notebook import unload
    unload(ipython)
