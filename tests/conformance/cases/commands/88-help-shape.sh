# the shape of --help and --usage: the line of its name, the groups, the options' order, the exit code; the words are our own
. "$(dirname "$0")/lib.sh"
# an option's letter and long name, in the order in which they are listed
shape() { "$1" --help 2>&1 | grep -oE '^Usage: +[a-z]+|^[A-Z][A-Za-z ]+:$|^ {1,10}(-[A-Za-z],? *)?--[a-zA-Z0-9-]+|^ {1,8}-[A-Za-z](,| )' | tr -d ' ,'; return "${PIPESTATUS[0]}"; }
usage() { "$1" --usage 2>&1 | head -1 | grep -oE '^Usage: +[a-z]+' | tr -s ' '; return "${PIPESTATUS[0]}"; }
export -f shape usage
for c in sbatch srun salloc squeue sinfo scancel sacct sstat sprio sshare sattach sbcast sdiag; do t "shape $c"; t "usage $c"; done
