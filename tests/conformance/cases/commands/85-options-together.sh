# options that forbid each other, typed and by their variables
. "$(dirname "$0")/lib.sh"
s() { local o rc; o=$(sbatch -H --parsable "$@" --wrap=true); rc=$?
  case "$o" in [0-9]*) scontrol show job "$o" | grep -E 'MinMemory|NumTasks|MemPerTres|NtasksPerTRES'; scancel "$o";; esac; return $rc; }
export -f s
for o in '--mem=1G --mem-per-cpu=1G' '--mem=1G --mem-per-gpu=1G' '--core-spec=1 --thread-spec=1' --core-spec=1 --thread-spec=1 \
    '--ntasks-per-tres=2 --ntasks-per-gpu=2 --gpus=1' '--ntasks-per-tres=2 --ntasks-per-gpu=3' '--ntasks-per-gpu=2 --gpus-per-task=1' \
    '--ntasks-per-gpu=2 --gpus-per-socket=1' '--ntasks-per-gpu=2 --ntasks-per-node=1' --ntasks-per-tres=x; do t "s $o"; done
t "SBATCH_MEM_PER_CPU=1G s"; t "SBATCH_MEM_PER_CPU=1G s --mem=2G"; t "SBATCH_MEM_PER_CPU=1G SBATCH_MEM_PER_NODE=1G s"
t "SBATCH_CORE_SPEC=1 SBATCH_THREAD_SPEC=1 s"; t "SBATCH_CORE_SPEC=1 s --thread-spec=1"
t "timeout 20 srun --mem=1G --mem-per-cpu=1G true"; t "SLURM_MEM_PER_CPU=1G timeout 20 srun --mem=1G true"
t "timeout 20 salloc --core-spec=1 true 2>&1 | grep -v -i allocation"
for n in 1 2 12 13 24 25 101; do
  for o in ntasks-per-core ntasks-per-socket cpus-per-gpu; do t "timeout 20 srun --$o=$n true"; done
done
