"""The real cluster of the conformance tests, as a site whose learners do the challenges."""

from __future__ import annotations

import os
from pathlib import Path

# What such a site would write into its lesson block.
CONFIG = """lesson:
  cluster: conf
  clusters:
    conf:
      cluster_name: Conf
      centre: your centre
      login_host: login.conf.example
      user: <username>
      allocation: root            # the one account that a fresh database has
      reservation: none
      home: /home/<username>
      private: /home/<username>/private
      scratch: /scratch/<username>
      module_jupyter: jupyter
      module_compiler: gcc
      module_mpi: openmpi
      launcher: srun
      partition: main
      cores_per_node: 8
      compute_node: c1
      many_nodes: 6
      jupyter_on: compute
"""

# Ten nodes that are one machine have one name; here each tells its own, as ten machines would.
HOSTNAME = """#!/bin/sh
[ $# -eq 0 ] && [ -n "$SLURMD_NODENAME" ] && exec echo "$SLURMD_NODENAME"
exec /bin/hostname "$@"
"""

# Environment modules, as far as a job script of the lesson can tell.
PROFILE = """export PATH="$HOME/bin:$PATH"
module() {
  case "$1 $2" in
    "load gcc"|"load openmpi"|"load jupyter") ;;
    *) echo "ERROR: Unable to locate a modulefile for '$2'" >&2; return 1 ;;
  esac
}
export -f module
"""


def make(folder: Path, slurm_conf: Path) -> tuple[Path, dict[str, str]]:
    """Write the site's files; (path of its configuration, environment of its login node).

    Jobs run as whoever runs the tests, which is root: the notebooks' Python lies in a folder of root's.
    """
    programs = folder / "home" / "bin"
    programs.mkdir(parents=True)
    (programs / "hostname").write_text(HOSTNAME)
    (programs / "hostname").chmod(0o755)
    (folder / "home" / ".bash_profile").write_text(PROFILE)
    config = folder / "site.yml"
    config.write_text(CONFIG)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "MOCK_SLURM"))}
    return config, environ | {"HOME": str(folder / "home"), "USER": "root", "LOGNAME": "root", "SHELL": "/bin/bash",
                              "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "SLURM_CONF": str(slurm_conf)}
