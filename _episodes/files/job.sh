#!/bin/bash -l
#SBATCH -A {{ allocation }}
#SBATCH -J hello
#SBATCH -p {{ partition }}
#SBATCH -t 0:02:00
#SBATCH --nodes=1
#SBATCH --ntasks-per-node={{ cores_per_node }}
#SBATCH -e job.err
#SBATCH -o job.out

module load {{ module_compiler }}
module load {{ module_mpi }}

{{ launcher }} -n {{ cores_per_node }} ./hello_mpi
srun -n 1 hostname
sleep 60
