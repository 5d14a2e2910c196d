"""The bundled clusters: a folder each, with slurm.conf, gres.conf and load.conf."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))


def names():
    """Names of the bundled clusters, sorted."""
    return sorted(name for name in os.listdir(HERE) if os.path.exists(_file(name)))


def path(name):
    """A bundled cluster's slurm.conf (load.conf lies beside it).
    Raises KeyError for a name that is not bundled."""
    if name not in names():
        raise KeyError(name)
    return _file(name)


def _file(name):
    return os.path.join(HERE, name, "slurm.conf")
