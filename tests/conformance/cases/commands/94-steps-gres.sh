# the GPUs of steps: which of the job's they get, how many at once, and what is refused
. "$(dirname "$0")/lib.sh"
D=$PWD; export D
cat > g <<'X'
echo "$* $(env | grep -E 'CUDA|GPU|ROCR|ZE_|TRES' | grep -v '^GPU_DEV' | sort | tr '\n' ' ')"
X
job() { t "sbatch -Q -W -o o $1 --wrap '$2'; sort o"; }
job '--gres=gpu:1' 'sh $D/g; srun sh $D/g; srun --gres=none sh $D/g; srun --gres=gpu:0 sh $D/g'
job '--gres=gpu:1' 'sbatch -Q -W -o p --wrap "sh $D/g inner"; cat p'
job '--gres=gpu:1' 'sbatch -Q -W --export=NONE -o p --wrap "sh $D/g inner"; cat p'
job '--gres=gpu:1' 'salloc -Q -n1 sh $D/g inner'
job '--gres=gpu:2 -p K80 -n2' 'srun --gres=gpu:1 sh $D/g a; srun --gpus-per-task=1 sh $D/g b; srun -n1 --gpus=1 sh $D/g c; srun -n1 --gpus=2 sh $D/g d; srun -n1 --gpus-per-node=1 sh $D/g e'
job '--gres=gpu:2 -p K80 -n2' 'srun -n1 --gres=gpu:3 true; srun -n1 --gpus=3 true; srun -n1 --gpus-per-node=3 true; srun -n1 --gpus-per-task=3 true; srun -n2 --gpus-per-task=2 true; srun -n1 --gpus-per-socket=1 true'
job '--gres=gpu:2 -p K80 -n2' 'srun --gres=gpu:K420:1 true; srun --gres=gpu:K80:1 true; srun --gpus=K420:1 true; srun --gpus=K80:1 true; srun --gres=nic:1 true; srun --gres=gpu true; srun --gres=gpu:x true'
job '--gres=gpu:K80:2 -p K80 -n2' 'srun --gres=gpu:K420:1 true; srun -n1 --gres=gpu:K80:1 sh $D/g a; srun -n1 --gres=gpu:1 sh $D/g b; srun -n1 --gpus=K80:2 sh $D/g c'
job '--gres=gpu:2 -p K80 -n2' 'srun -n1 --exact --gres=gpu:1 sh -c "sh $D/g first; sleep 2" & sleep 1; srun -n1 --exact --gres=gpu:1 sh $D/g second; wait'
job '--gres=gpu:2 -p K80 -n2' 'srun -Q -n1 --exact --gres=gpu:2 sh -c "sh $D/g first; sleep 2" & sleep 1; srun -Q -n1 --exact --gres=gpu:1 sh $D/g second; wait'
job '--gres=gpu:2 -p K80 -n2' 'srun -Q -n1 --overlap --gres=gpu:2 sh -c "sh $D/g first; sleep 2" & sleep 1; srun -Q -n1 --overlap --gres=gpu:1 sh $D/g second; wait'
job '--gres=gpu:2 -p K80 -n2' 'srun -Q -n1 --exact sh -c "sh $D/g first; sleep 2" & sleep 1; srun -Q -n1 --exact sh $D/g second; wait'
job '--gres=gpu:2 -p K80 -n2' 'srun -Q -n1 --exact --gres=gpu:1 sh -c "sh $D/g first; sleep 2" & sleep 1; srun -Q -n1 --exact sh $D/g second; wait'
job '--gres=gpu:2 -p K80 -n2' 'srun -n1 --gres=gpu:1 --gpu-bind=single:1 sh $D/g a; srun -l --gpus-per-task=1 sh $D/g b; srun -l --gres=gpu:2 --gpu-bind=map_gpu:1,0 sh $D/g c; srun -l --ntasks-per-gpu=1 sh $D/g d'
job '--gres=gpu:1 -N2 -n2 -p K80' 'srun --gres=gpu:1 sh $D/g a; srun --gpus=2 sh $D/g b; srun -N1 -n1 --gpus=1 sh $D/g c; srun --gpus-per-task=1 sh $D/g d; srun --gpus=1 sh $D/g e'
job '--gpus=2 -n2 -p K80' 'srun -n1 --gpus=1 sh $D/g a; srun sh $D/g b'
job '--gpus-per-task=1 -n2 -p K80' 'srun -l sh $D/g a; srun -n1 sh $D/g b'
job '--exclusive -p K80 -n1' 'srun sh $D/g a; srun --gres=gpu:1 sh $D/g b'
job '-n1' 'CUDA_VISIBLE_DEVICES=7 SLURM_STEP_GPUS=7 SLURM_JOB_GPUS=9 SLURM_GPUS_ON_NODE=4 srun sh $D/g a'
t 'J=$(sbatch --parsable -W -o o --gres=gpu:2 -p K80 -n2 --wrap "srun -n1 --gres=gpu:1 true; srun true; srun --gres=none true; srun -n1 --exact true; scontrol show step \$SLURM_JOB_ID; srun -n1 --gres=gpu:1 scontrol show step \$SLURM_JOB_ID | grep TRES"); sleep 2; sacct -nXP -j $J -o jobid,alloctres; sacct -nP -j $J -o jobid,alloctres; cat o'
scancel -u $(id -un)
