#!/bin/bash -l
#SBATCH -A {{ allocation }}
#SBATCH -J jupyter
#SBATCH -p {{ partition }}
#SBATCH -t 1:00:00
#SBATCH --nodes=1
#SBATCH -o jupyter-%j.out

module load {{ module_jupyter }}
# names a folder of the login node, which is not there on a compute node
unset XDG_RUNTIME_DIR

# a port of your own: two users seldom get the same one
port=$(( 10000 + UID % 20000 ))
node=$(hostname)

echo "On your own machine, type:"
echo "  ssh -N -L 127.0.0.1:8888:$node:$port $USER@{{ login_host }}"
echo "then open https://localhost:8888/ in your browser."

jupyter-notebook --no-browser --port="$port" --ip="$node"
