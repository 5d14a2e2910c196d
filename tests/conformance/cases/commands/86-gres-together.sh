# GPUs per job, node, socket and task: what goes together, and what follows from it
. "$(dirname "$0")/lib.sh"
s() { local o rc; o=$(sbatch -H --parsable "$@" --wrap=true); rc=$?
  case "$o" in [0-9]*) scontrol show job "$o" | grep -E ' TRES=|TresPer|PerTres'; scancel "$o";; esac; return $rc; }
export -f s
for o in '--gpus=3 --gpus-per-node=2' '--gpus=2 --gpus-per-node=4' '--gpus-per-node=2 --gpus-per-task=1' '--gpus-per-node=3 --gpus-per-task=2' \
    '--gpus-per-socket=1 --sockets-per-node=2' '--gpus-per-socket=1' '--gpus-per-task=1' '--gpus-per-task=1 -n 3' '--gpus-per-task=2 --gpus=4' \
    '--gpus-per-task=2 --gpus=3' '--gpus-per-task=2 --gpus=4 -n 3' '--gpus=2 -N 3' '--gpus=4 -N 2' '--cpus-per-gpu=2 -c 2 --gpus=1' \
    '--cpus-per-gpu=2 --gpus=1' '--cpus-per-gpu=2' '--mem-per-gpu=2G --gpus=1' '--mem-per-gpu=2G' --mem-per-gpu=0 '--ntasks-per-gpu=2 --gpus=1' \
    '--ntasks-per-gpu=2' '--ntasks-per-gpu=2 -n 4' '--ntasks-per-gpu=2 -n 3' '--ntasks-per-gpu=2 -N 1' --gres=gpu:1,gpu:2 --gres=gpu:0 --gres=foo:0 \
    --gres=gpu::1 --gres=gpu: --gres=gpu:1:2:3 --gpus=1,2 --gpus-per-node=1,2 --gpus=1,x:1 --gpus=0 --gpus-per-task=0 --gpus=99999999999999999999 \
    --gpus-per-node=99999999999999999999 --prefer=nope '--prefer=nope|other' '--gpus=k80:1 --cpus-per-gpu=2' '--gpus-per-node=k80:1 --cpus-per-gpu=2' \
    '--gres=gpu:k80:1 --cpus-per-gpu=2' '--gpus=k80:2 --gpus-per-node=1' '--gres=gpu:k80:1 --mem-per-gpu=1G' '--gres=gpu:1 --mem-per-gpu=2G' \
    '--gpus=k80:1 --mem-per-gpu=1G --cpus-per-gpu=2' '--gpus=k80:1,1' --gres=gpu:1,gpu:k80:1; do t "s $o"; done
