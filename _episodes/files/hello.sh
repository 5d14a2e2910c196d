#!/bin/bash
#SBATCH -A {{ allocation }}
#SBATCH -J hello
#SBATCH -p {{ partition }}
#SBATCH -t 0:05:00
#SBATCH --nodes=1

echo "Hello from $(hostname)"
sleep 60
echo "Goodbye"
