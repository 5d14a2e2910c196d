# every option of sbatch with an empty value, as a script gives it that has an unset variable; then the other commands'
. "$(dirname "$0")/lib.sh"
plain() { sed -E 's/JobId=[0-9]+/JobId=N/; s/slurm-[0-9]+/slurm-N/; s/[0-9-]+T[0-9:]+/T/g'; }
# what an option makes different from a job without it
s() { local o rc; o=$(sbatch -H --parsable "$@" --wrap=true); rc=$?
  case "$o" in [0-9]*) scontrol show job "$o" | plain | diff "$BASE" - | grep '^[<>]'; scancel "$o";; esac; return $rc; }
a() { "$@" 2>&1 | grep -v 'has been revoked'; return "${PIPESTATUS[0]}"; }
export -f plain s a
export BASE=$(mktemp); chmod a+r "$BASE"; J=$(sbatch -H --parsable --wrap=true); scontrol show job $J | plain > "$BASE"; scancel $J
for o in account acctg-freq array batch bb bbf begin chdir cluster-constraint clusters comment constraint container context core-spec \
    cores-per-socket cpu-freq cpus-per-gpu cpus-per-task deadline delay-boot dependency distribution error exclude exclusive export \
    export-file extra-node-info gpu-bind gpu-freq gpus gpus-per-node gpus-per-socket gpus-per-task gres gres-flags hint input job-name \
    kill-on-invalid-dep licenses mail-type mail-user mcs-label mem mem-bind mem-per-cpu mem-per-gpu mincpus network nice nodefile nodelist \
    nodes ntasks ntasks-per-core ntasks-per-gpu ntasks-per-node ntasks-per-socket open-mode output partition power prefer priority \
    profile propagate qos reservation signal sockets-per-node switches thread-spec threads-per-core time time-min tmp wckey; do
  t "s --$o=''"
done
for o in -A -p -q -J -D -w -x -C -L; do t "s $o ''"; done
for c in salloc srun; do
  for o in account partition qos gres gpus gpus-per-task extra-node-info nodefile x11 job-name comment nodelist chdir; do t "a $c --$o='' true"; done
done
for o in cpu-bind accel-bind msg-timeout export; do t "srun --$o='' true"; done
t "squeue --states=''"; t "sinfo --states=''"; t "sshare --accounts=''"; t "sprio --jobs=''"
for o in flags group user associations units; do t "sacct --$o=''"; done
for o in jobid compress send-libs size; do t "sbcast --$o='' nothing /tmp/nothing"; done
