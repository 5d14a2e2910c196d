"""Command lines that must give the same bytes in-process as on the desktop's stepping clock.

They are typed one after the other into one shell's folder, on the bundled cluster named by the
section, other people's jobs included where it says `load`.
"""

SCRIPT = """\
#!/bin/bash -l
#SBATCH --job-name=hello --time=5 --ntasks=2
#SBATCH -o hello-%j.out
echo "start on $(hostname)"
module load gcc
srun -l hostname | sort
sleep 100
echo "end $SLURM_JOB_ID $SLURM_NTASKS"
"""

SMALL = r'''
sinfo
sinfo -N -l
sinfo -s
sinfo -o "%P %a %D %T"
sinfo --nosuch
sinfo -p nosuch
sinfo -n n1 -O nodelist,statelong
squeue
squeue -h
squeue --nosuch
squeue -u nobodyatall
squeue -j 999
scontrol show partition debug
scontrol show node n1 | grep -v -e Time= -e OS= -e Version
scontrol show job 999
scontrol show nothing
scontrol ping
scontrol --help | head -3
sbatch
sbatch nosuch.sh
sbatch hello.sh
squeue -o "%i %j %t %M %l %D %R"
squeue -l | tail -1
squeue --start
scontrol show job 101 | grep -e JobState -e RunTime -e TimeLimit -e NumCPUs
sacct -X -n -o jobid,jobname,state
sleep 50; squeue -o "%i %T %M"
cat hello-101.out
sstat -j 101
sleep 60; squeue -h
cat hello-101.out
sacct -n -o jobid,jobname,state,exitcode,elapsed
sbatch --parsable --wrap hostname
sbatch -t 1:2:3:4 --wrap hostname
sbatch -p nosuch --wrap hostname
sbatch -N 100 --wrap hostname
sbatch -n 2 -t 1 --wrap 'sleep 600'; squeue -h -o "%i %t"
sleep 100; sacct -X -n -j 104 -o state,exitcode,elapsed
cat slurm-104.out
sbatch --wrap 'exit 3'; sleep 1; sacct -n -j 105 -o state,exitcode
sbatch -a 1-4%2 -o arr-%a.out --wrap 'echo $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_COUNT; sleep 30'
squeue -h -o "%i %t %r"
sleep 40; squeue -h -o "%i %t"; cat arr-1.out arr-2.out
sleep 60; squeue -h; cat arr-*.out
sbatch --hold --wrap hostname; squeue -h -o "%i %t %r"
scontrol release 110; sleep 1; squeue -h -o "%i %t"
sbatch --begin=now+60 --wrap hostname; squeue -h -o "%i %t %r"
sleep 70; sacct -X -n -j 111 -o state
sbatch -J first --wrap 'sleep 20'; sbatch -d afterok:112 -J second --wrap 'date +%H:%M'; squeue -h -o "%j %t %r" | sort
sleep 30; squeue -h; cat slurm-113.out
sbatch --wrap 'sleep 500'; scancel 114; sleep 1; sacct -X -n -j 114 -o state%20; cat slurm-114.out
sbatch --wrap 'trap "echo caught; exit 0" TERM; sleep 500 & wait'; sleep 5; scancel 115; sleep 2; cat slurm-115.out
scancel 99999
scancel -u nobodyatall
scancel --nosuch
srun hostname
srun -n 3 -l hostname | sort
srun -n 2 bash -c 'echo $SLURM_PROCID/$SLURM_NTASKS $SLURM_LOCALID $SLURM_NODEID' | sort
srun -N 2 -n 2 hostname | sort; srun -n 0 hostname
srun false; echo $?
srun bash -c 'exit 7'; echo $?
srun nosuchprogram; echo $?
srun sleep 5; srun date +%H:%M:%S
salloc -n 1 hostname
salloc -n 1 srun hostname
salloc -n 1 bash -c 'exit 4'; echo $?
salloc -p nosuch hostname
sbatch --wait --wrap 'sleep 5; exit 2'; echo $?
sbatch --test-only --wrap hostname
sbatch --wrap 'srun -n1 sleep 5; srun -n1 -J other sleep 7'; sleep 20; sacct -n -j 130 -o jobid%20,jobname,state,elapsed
sbatch -n 2 --wrap 'srun -n1 --exact sleep 9 & srun -n1 --exact sleep 9 & wait; date +%S > secs'; sleep 15; cat secs; sacct -n -j 131 -o jobid%20,elapsed
sbatch -n 2 --wrap 'mpirun -n 2 printenv OMPI_COMM_WORLD_SIZE'; sleep 1; cat slurm-132.out
sbatch --export=NONE,A=7 --wrap 'echo $A $SLURM_JOB_ID ${HOME:+home}'; sleep 1; cat slurm-133.out
sbatch --wrap 'env | grep ^SLURM_ | grep -v -e PID -e CONF -e UID -e GID -e USER -e HOST -e SUBMIT_DIR | sort'; sleep 1; cat slurm-134.out
sbatch <<< $'#!/bin/bash\nnosuchcommand; echo $?'; sleep 1; sed 's/^.*slurm_script/S/' slurm-135.out
sbatch <<< $'#!/bin/bash\nmodule load nosuch; module load gcc; module list'; sleep 1; cat slurm-136.out
sbatch -o nosuchfolder/out --wrap hostname; sleep 1; sacct -n -X -j 137 -o state,exitcode
sbatch -e err.txt -o out.txt --wrap 'echo o; echo e >&2'; sleep 1; cat err.txt out.txt
scontrol hold 999; scontrol requeue 999; scontrol update jobid=999 timelimit=5
sbatch --wrap 'sleep 100'; scontrol update jobid=139 timelimit=1; scontrol show job 139 | grep -o "TimeLimit=[^ ]*"; scontrol requeue 139; squeue -h -o "%i %t %r"; scancel 139
sbatch -t 2 --signal=B:USR1@60 --wrap 'trap "echo warned; exit 0" USR1; sleep 300 & wait'; sleep 90; cat slurm-140.out; sacct -X -n -j 140 -o state
srun date; srun date +%F; hostname > h; test -s h && echo named
sleep 1 2; srun date +%s; sleep x; echo $?
for i in 1 2 3; do sbatch --parsable --wrap "sleep $i"; done | tail -1; squeue -h | wc -l; sleep 5; squeue -h | wc -l
sacct -n -X -S 2026-03-02 -E 2026-03-03 -o jobid,state | wc -l
sacct --nosuch; sacct -n -j 99999; sacct -X -P -o jobid,state | head -3
squeue -o "%nosuch" ; squeue -S nosuch -h
sinfo -h -o %all; sinfo -t down; sinfo -R
squeue --help | head -2; sbatch --version; srun -V
scontrol show config | grep -e ClusterName -e SchedulerType
'''.strip().split("\n")

TEGNER = r'''
sinfo
squeue -h | wc -l
squeue -h -o "%i %u %P %t %D %C" | head -20
squeue -h -t PD -o "%i %r %Q" | head
sinfo -o "%P %F"
sbatch -A edu20.dd2443 -n 24 -t 10 --wrap 'sleep 60; hostname'; squeue -u $(whoami) -h -o "%t %r"
sleep 3600; squeue -h | wc -l; squeue -u $(whoami) -h
sacct -X -n -o state,elapsed
sbatch -A nosuch -t 1 --wrap hostname
sbatch -A edu20.dd2443 -N 200 -t 1 --wrap hostname
srun -A edu20.dd2443 -t 1 -n 2 hostname | sort -u | wc -l
squeue --start -h | wc -l; sinfo -R; scontrol show reservation | head -2
'''.strip().split("\n")
