# srun's input variables inside of a job; and what of SLURM_* a job hands on to the jobs and steps that are started in it
. "$(dirname "$0")/lib.sh"
D=$PWD; export D
cat > vars <<'X'
env | grep -E '^(SLURM|SBATCH|SALLOC|SRUN)' | grep -vE '^SLURM_(JOB_?ID|JOB_NODELIST|NODELIST|STEP_NODELIST|LAUNCH_NODE_IPADDR|SRUN_COMM_(HOST|PORT)|STEP_LAUNCHER_PORT|TASK_PID|TOPOLOGY_ADDR|PRIO_PROCESS|STEP_RESV_PORTS|SUBMIT_HOST|CONF|JOB_USER|JOB_[GU]ID|WORKING_CLUSTER|STEP_?ID)=|SLURMD_NODENAME' | sort
X
# an odd value for each variable of Slurm's, but for those that say where the cluster and the job are
cat > odd <<'X'
for v in $(env | sed -n 's/^\(S[A-Z]*_[A-Z_0-9]*\)=.*/\1/p' | grep -E "^(SLURM|SBATCH|SALLOC|SRUN|SLURMD)_" | grep -vxE "SLURM_CONF|SLURM_JOB_?ID|${1:-none}"); do export $v=odd; done
X
r() { env "$@" timeout 5 srun -Q bash $D/vars > now; rc=$?; [ -s now ] || return $rc; sort now > sorted; diff plain sorted | grep '^[<>]' | uniq -c; return $rc; }
export -f r
cat > inside <<'X'
srun -Q bash $D/vars | sort > plain
for v in $LIST; do for x in "$(good $v)" '' zz; do t "r $v=$x"; done; done
X
export VALUES; export -f good t
export LIST="SLURM_ACCOUNT SLURM_ACCTG_FREQ SLURM_BCAST SLURM_BCAST_EXCLUDE SLURM_BURST_BUFFER SLURM_CLUSTERS SLURM_CLUSTER_CONSTRAINT SLURM_COMPRESS SLURM_CONSTRAINT SLURM_CORE_SPEC SRUN_CPUS_PER_TASK SLURM_CPU_BIND SLURM_CPU_FREQ_REQ SLURM_CPUS_PER_GPU SLURM_DELAY_BOOT SLURM_DEPENDENCY SLURM_DISABLE_STATUS SLURM_DISTRIBUTION SLURM_EPILOG SLURM_EXACT SLURM_EXCLUSIVE SLURM_EXPORT_ENV SRUN_EXPORT_ENV SLURM_GPUS SLURM_GPU_BIND SLURM_GPU_FREQ SLURM_GPUS_PER_NODE SLURM_GPUS_PER_SOCKET SLURM_GPUS_PER_TASK SLURM_GRES SLURM_GRES_FLAGS SLURM_HINT SLURM_JOB_ID SLURM_JOB_NAME SLURM_JOB_NODELIST SLURM_JOB_NUM_NODES SLURM_KILL_BAD_EXIT SLURM_LABELIO SLURM_MEM_BIND SLURM_MEM_PER_CPU SLURM_MEM_PER_GPU SLURM_MEM_PER_NODE SLURM_MPI_TYPE SLURM_NCORES_PER_SOCKET SLURM_NETWORK SLURM_NO_KILL SLURM_NPROCS SLURM_NTASKS SLURM_NSOCKETS_PER_NODE SLURM_NTASKS_PER_NODE SLURM_NTASKS_PER_GPU SLURM_NTASKS_PER_TRES SLURM_OPEN_MODE SLURM_OVERCOMMIT SLURM_OVERLAP SLURM_PARTITION SLURM_POWER SLURM_PROFILE SLURM_PROLOG SLURM_QOS SLURM_REMOTE_CWD SLURM_REQ_SWITCH SLURM_RESERVATION SLURM_RESV_PORTS SLURM_SEND_LIBS SLURM_SIGNAL SLURM_SPREAD_JOB SLURM_SRUN_MULTI SLURM_STDERRMODE SLURM_STDINMODE SLURM_STDOUTMODE SLURM_TASK_EPILOG SLURM_TASK_PROLOG SLURM_THREAD_SPEC SLURM_THREADS SLURM_THREADS_PER_CORE SLURM_TIMELIMIT SLURM_UNBUFFEREDIO SLURM_USE_MIN_NODES SLURM_WAIT SLURM_WAIT4SWITCH SLURM_WCKEY SLURM_WORKING_DIR SRUN_CONTAINER SLURM_DEBUG "
salloc -Q -n4 -N2 --mem-per-cpu=100 bash inside
# what of a job's variables the jobs and steps have that are started in it
J() { printf '%s' "sbatch -Q -W -o p $* --wrap \"bash $D/vars\""; }
export -f J
t 'sbatch -Q -W -n2 -N2 -o o --wrap "$(J)"; cat p'
t 'sbatch -Q -W -n2 -N2 -o o --mem=300 --gres=gpu:1 --wrap "$(J)"; cat p'
t 'sbatch -Q -W -n2 -c3 --ntasks-per-node=2 --hint=nomultithread -o o --wrap "$(J)"; cat p'
t 'sbatch -Q -W -a 1 -n2 -o o --wrap "$(J)"; cat p'
t 'sbatch -Q -W -n2 -N2 --export=NONE -o o --wrap "$(J)"; cat p'
t 'sbatch -Q -W -n2 -N2 -o o --wrap "$(J --export=NONE)"; cat p'
t 'salloc -Q -n2 -N2 sbatch -Q -W -o p --wrap "bash $D/vars"; cat p'
t 'salloc -Q -n2 -N2 salloc -Q -n1 bash $D/vars'
t 'salloc -Q -n2 -N2 srun -N1 -n1 srun --overlap -n1 bash $D/vars'
t 'salloc -Q -n2 -N2 srun -N1 -n1 sbatch -Q -W -o p --wrap "bash $D/vars"; cat p'
t 'salloc -Q -n2 -N2 srun -N1 -n1 salloc -Q -n1 bash $D/vars'
# ... each of them odd before
t 'sbatch -Q -W -n2 -N2 -o o --wrap ". $D/odd; $(J)"; cat o p | grep "odd$"'
t 'sbatch -Q -W -n2 -N2 -o o --wrap ". $D/odd; $(J --export=NONE)"; cat o p | grep "odd$"'
t 'sbatch -Q -W -n2 -N2 -a 1 -o o --wrap ". $D/odd; $(J)"; cat o p | grep "odd$"'
t 'salloc -Q -n2 -N2 bash -c ". $D/odd; salloc -Q -n1 bash $D/vars" | grep "odd$"'
t 'salloc -Q -n2 -N2 bash -c "set -- \"SLURM_JOB_(NUM_NODES|NODELIST)|SLURM_N(NODES|TASKS|PROCS)\"; . $D/odd; srun -n1 -N1 bash $D/vars" | grep "odd$"'
t 'sbatch -Q -W -n2 -N2 -o o --wrap "set -- \"SLURM_JOB_(NUM_NODES|NODELIST)|SLURM_N(NODES|TASKS|PROCS)|SLURM_MEM.*\"; . $D/odd; srun -n1 -N1 bash $D/vars"; grep "odd$" o'
t 'SLURM_FOO=1 SBATCH_BAR=2 sbatch -Q -W -o p --wrap "env | grep -E \"FOO|BAR\""; cat p'
t 'SLURM_FOO=1 SBATCH_BAR=2 sbatch -Q -W -o p --export=NONE --wrap "env | grep -E \"FOO|BAR\""; cat p'
t 'SLURM_FOO=1 SBATCH_BAR=2 srun --export=NONE /usr/bin/env | grep -E "FOO|BAR"'
t 'SLURM_FOO=1 SBATCH_BAR=2 salloc -Q env | grep -E "FOO|BAR"'
cat > unset.sh <<'X'
#!/bin/bash
unset SLURM_JOB_ID; srun -n1 true; echo $?; unset SLURM_JOBID SLURM_NTASKS SLURM_NPROCS; srun hostname | wc -l
X
t 'sbatch -Q -W -n3 -o o unset.sh; cat o'
scancel -u $(id -un)
