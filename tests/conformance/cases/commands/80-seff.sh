# seff, which every centre tells its users to type: jobs in every state, arrays, components, and names that are none
. "$(dirname "$0")/lib.sh"
# what was used, and for how long, is chance; whether it was measured is not
b() { seff "$@" | sed -E 's/^(CPU Utilized:) 00:00:[0-9]+$/\1 T/; s/^(CPU Efficiency:) [0-9.]+% of 00:[0-9:]+/\1 P% of W/; s/^(Job Wall-clock time:) 00:00:[0-9]+$/\1 W/
  /0\.00 MB/!s/^(Memory Utilized:) [0-9.]+ [KM]B/\1 M/; s/^(Memory Efficiency:) ([1-9][0-9.]*|0\.[0-9]*[1-9][0-9]*)%/\1 P%/'; return "${PIPESTATUS[0]}"; }
export -f b
t seff
t seff -h
t seff -v
t seff -z 5
t seff -vh
t seff -f
t seff 1 2
t seff 1 -d
t seff abc
t seff 99999
t "seff ''"
t seff -- -5
t seff -5
t seff 5.x
t seff 5_
t seff 5_x
t seff 5+
t seff 5.
t seff 99999,99998
export J=$($Q -H --wrap true -n 3 --mem=100); known $J; t "b \$J # held"
scancel $J; acct $J; t "b \$J # cancelled before it started"
export J=$($Q --acctg-freq=1 --mem=200 --wrap 'sleep 9; exit 203'); runs $J; t "b \$J # runs"
ended $J; acct $J; t "b \$J # failed"; t "b \$J.batch; b \$J.7; b -f x \$J; b \$J,99999"; t "b -d \$J | sed -E '2,\$s/ [0-9.]+ [0-9.]+ [0-9.]+ ([0-9]+)\$/ C W M \\1/'"
export J=$($Q --acctg-freq=1 -n 2 -N 2 --mem-per-cpu=100 --wrap 'srun sleep 9'); runs $J; ended $J; acct $J; t "b \$J # two tasks on two nodes, memory for each CPU"
export J=$($Q --acctg-freq=1 -n 1 -c 3 --mem-per-cpu=100 --wrap 'srun sleep 9'); runs $J; ended $J; acct $J; t "b \$J # a task with three CPUs"
export J=$($Q --acctg-freq=1 -n 5 -N 2 --wrap 'sleep 9'); runs $J; ended $J; acct $J; t "b \$J # five CPUs of two nodes"
export J=$($Q --acctg-freq=1 -n 5 -N 2 --mem=0 --wrap 'sleep 9'); runs $J; ended $J; acct $J; t "b \$J # all memory"
export J=$($Q --acctg-freq=1 --exclusive -n 1 --wrap "sleep 100"); runs $J; sleep 2; scancel $J; ended $J; acct $J; t "b \$J # exclusive, cancelled"
export J=$($Q --acctg-freq=1 --wrap 'sleep 9; kill -9 $$'); runs $J; ended $J; acct $J; t "b \$J # ended by a signal"
export J=$($Q --acctg-freq=1 --array=1-3 --wrap 'sleep 9; exit $SLURM_ARRAY_TASK_ID'); poll '[ $(sacct -nXP -j $J -o State | grep -c RUNNING) = 3 ]'; ended $J; acct $J 3; t "b \$J # an array"; t "b \${J}_2"; t "b \${J}_9"
export J=$($Q --array=1-2 -H --wrap true); known $J; t "b \$J # an array that is held"; t "b \${J}_2"; scancel $J; acct $J; t "b \$J"; t "b \${J}_1"
export J=$($Q --acctg-freq=1 -n 1 : -o /dev/null --acctg-freq=1 -n 2 --wrap 'sleep 9'); poll '[ $(sacct -nXP -j $J -o State | grep -c RUNNING) = 2 ]'; ended $J; acct $J 2; t "b \$J # two components"; t "b \$J+1"; t "b \$J+2"
export J=$($Q --acctg-freq=1 --wrap "sleep 100"); runs $J; scontrol requeuehold $J; sleep 8; t "b \$J # requeued and held"; scancel $J
