"""Environment modules on the mock's nodes: `module load gcc/7.2.0` for bash.

A job script loads modules before it runs; here a module only has to be known, and to
be listed.  The messages are those of the C version of Environment Modules, which
Tegner had.  The file that defines `module` also keeps the mock's commands first on
PATH: bash reads it (BASH_ENV) after a login shell's profile has set PATH anew.
"""

import os

# What a bundled cluster has, besides the modules the lesson names.
BUNDLED = {
    "tegner": ("anaconda/py27/5.0.1", "anaconda/py36/5.0.1", "cuda/8.0", "cuda/9.1", "gcc/6.2.0",
               "gcc/7.2.0", "gromacs/2018.3", "i-compilers/18.0.0", "intelmpi/18.0.0",
               "openmpi/2.1-gcc-6.2", "openmpi/3.0-gcc-7.2", "python/3.6.1"),
    "dardel": ("Anaconda3/2021.05", "PDC/21.11", "PDC/23.12", "PrgEnv-cray", "PrgEnv-gnu",
               "anaconda3/2021.05", "cpeGNU/21.11", "gromacs/2023", "rocm/5.3.3"),
    "small": ("gcc/12.2", "jupyter/7", "openmpi/4.1", "python/3.11"),
}


def write(state, bundled, facts):
    """Write the list of modules. A cluster of the user's own has none listed: all load."""
    names = set(BUNDLED.get(bundled, ()))
    for key, value in facts.items():
        if bundled and key.startswith("module_") and facts.get("cluster") == bundled:
            names.update(value.split())
    path = os.path.join(state, "etc", "modules")
    text = "".join(f"{name}\n" for name in sorted(names))
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return
    except OSError:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(fd, "w", encoding="utf-8") as f:
        f.write(text)


BASHENV = r'''# Read by bash for scripts (BASH_ENV) while slurm_mock is on.
_mock_state=@STATE@
case ":$PATH:" in
  ":$_mock_state/bin:"*) ;;
  *) PATH=$_mock_state/bin:$PATH ;;
esac
if [ -n "${MOCK_SLURM_DRIVEN:-}" ]; then
  case ":$PATH:" in
    *":$_mock_state/node:"*) ;;
    *) PATH=$_mock_state/bin:$_mock_state/node:${PATH#"$_mock_state/bin:"} ;;
  esac
fi
export PATH
if [ -n "${MOCK_SLURM_BASH_ENV:-}" ] && [ -r "$MOCK_SLURM_BASH_ENV" ]; then
  . "$MOCK_SLURM_BASH_ENV"
fi

# A module without its version is the last one of that name.
_mock_module_find() {
  local list=@STATE@/etc/modules found
  [ -s "$list" ] || { echo "$1"; return; }
  found=$(grep -x -F -- "$1" "$list") ||
    found=$(awk -v name="$1/" 'index($0, name) == 1 { last = $0 } END { print last }' "$list")
  [ -n "$found" ] && echo "$found"
}

module() {
  local command=${1:-help} name found code=0
  [ $# -gt 0 ] && shift
  case $command in
    load|add)
      for name in "$@"; do
        if found=$(_mock_module_find "$name"); then
          case ":${LOADEDMODULES:-}:" in
            *":$found:"*) ;;
            *) export LOADEDMODULES=${LOADEDMODULES:+$LOADEDMODULES:}$found ;;
          esac
        else
          echo "ModuleCmd_Load.c(213):ERROR:105: Unable to locate a modulefile for '$name'" >&2
          code=1
        fi
      done ;;
    unload|rm|remove)
      for name in "$@"; do
        found=$(_mock_module_find "$name") || found=$name
        LOADEDMODULES=:${LOADEDMODULES:-}:
        LOADEDMODULES=${LOADEDMODULES//":$found:"/:}
        LOADEDMODULES=${LOADEDMODULES#:}
        export LOADEDMODULES=${LOADEDMODULES%:}
      done ;;
    purge) export LOADEDMODULES= ;;
    list)
      if [ -z "${LOADEDMODULES:-}" ]; then
        echo "No Modulefiles Currently Loaded." >&2
      else
        echo "Currently Loaded Modulefiles:" >&2
        echo "$LOADEDMODULES" | tr ':' '\n' | awk '{ printf "  %d) %s\n", NR, $0 }' >&2
      fi ;;
    avail|av) grep -F -- "${1:-}" @STATE@/etc/modules >&2 || true ;;
    switch|swap) module unload "$1"; module load "$2" ;;
    use|unuse|show|display|help|whatis|initadd|initlist) ;;
    *)
      echo "ModuleCmd.c(159):ERROR:26: Command '$command' not recognized" >&2
      code=1 ;;
  esac
  return $code
}
ml() { if [ $# -eq 0 ]; then module list; else module load "$@"; fi; }
export -f module ml _mock_module_find
'''


def bashenv(state):
    """The text of the file that BASH_ENV names."""
    import shlex
    return BASHENV.replace("@STATE@", shlex.quote(state))
