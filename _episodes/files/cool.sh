#!/bin/bash -l
#SBATCH -A {{ allocation }}
#SBATCH -J cool
#SBATCH -p {{ partition }}
#SBATCH --ntasks=1
#SBATCH -t 0:05:00
#SBATCH --array=1-6%3

T=$(( 300 - 25 * SLURM_ARRAY_TASK_ID ))
mkdir -p T$T
cd T$T
echo "$T K on $(hostname)" > result.txt
sleep 15
