# A variant of 11: what the accounts call the limit of jobs that asked for none, before, while and after they run
. "$(dirname "$0")/lib.sh"
F=JobID,Timelimit,TimelimitRaw,State; export F
for o in '-p single' '-p 1TB --array=1-3' '-p main -b now+1hour' '-p single,K80' '-p K80,main' '-p single --time-min=5' '-p main -t 0:30' '-p main -w t02n06 -N1'; do
  export J=$($Q -H $o --wrap true); known $J; t "sacct -nXP -j \$J -o \$F; squeue -h -j \$J -o '%i %l' # $o, held"
done
t 'scontrol update job=$J timelimit=7; sleep 1; sacct -nXP -j $J -o $F; scontrol update job=$J timelimit=UNLIMITED; sleep 1; sacct -nXP -j $J -o $F'
t 'scontrol update job=$J partition=K80; sleep 1; sacct -nXP -j $J -o $F; squeue -h -j $J -o %l'
scancel -u $(id -un)
export K=$($Q -N10 --exclusive -p main -t 30 --wrap 'sleep 60'); runs $K
t 'sacct -nXP -j $K -o $F # running'
for o in '-p main' "-p main -d afterany:$K"; do
  export J=$($Q $o --wrap 'sleep 30'); known $J; sleep 7; t "sacct -nXP -j \$J -o \$F; squeue -h -j \$J -o '%l %r' # waits"
done
t 'scontrol requeuehold $K; sleep 6; sacct -nXDP -j $K -o $F; squeue -h -j $K -o "%l %T"'
scancel $K; ended $K; t 'sacct -nXDP -j $K -o $F'
scancel -u $(id -un)
