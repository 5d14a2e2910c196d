# srun and salloc that a signal ends while they wait for nodes: their job ends with them
. "$(dirname "$0")/lib.sh"
# whether slurmctld's own words on the job's end still come is chance
w() { timeout -s "$@" 2>&1 | grep -vE 'has been revoked|Force Terminated' | sed -E 's/[0-9]{5}/N/g'; sleep 1; squeue -h -o '%T %r'; }
export -f w
for s in TERM HUP USR1 INT; do t "w $s 2 salloc -H true"; t "w $s 2 srun --begin=now+1hour true"; done
t "w QUIT 2 salloc -N 9 -p single true"; t "w ALRM 2 srun -H true"
