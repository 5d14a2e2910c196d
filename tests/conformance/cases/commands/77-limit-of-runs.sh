# A variant of 11: what the accounts call the limit of jobs that run or have run and asked for none
. "$(dirname "$0")/lib.sh"
F=JobID,Timelimit,TimelimitRaw,State; export F
for o in '-p main' '-p single' '-p K80' '-p main -t UNLIMITED' '-p single --array=1-2' '-p single,K80' '-p single --exclusive'; do
  export J=$($Q $o --wrap 'sleep 8'); runs $J; t "sacct -nXP -j \$J -o \$F; squeue -h -j \$J -o %l # $o, runs"
  ended $J; acct $J; t "sacct -nXP -j \$J -o \$F; squeue -h -j \$J -t all -o %l"
done
