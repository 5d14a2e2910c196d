"""On which machine a notebook's kernel runs: this computer, or one interpreter where that must be."""

import os
import sys

from . import local


def install(ipython):
    """Choose the machine for the kernel of an IPython shell, if none was chosen yet."""
    if in_one_process():
        from .browser import notebook
        notebook.install(ipython)
    local.install()


def uninstall(ipython):
    """Let the shell run its programs as it did before."""
    if in_one_process():
        from .browser import notebook
        notebook.uninstall(ipython)


def in_one_process():
    """Must all run in this interpreter? In a browser, and where MOCK_SLURM_MACHINE=inprocess says so."""
    return sys.platform == "emscripten" or os.environ.get("MOCK_SLURM_MACHINE") == "inprocess"
