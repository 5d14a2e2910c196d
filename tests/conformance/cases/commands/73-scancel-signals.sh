# A variant of 17: signals of scancel's to jobs with steps, to steps and to batch scripts
. "$(dirname "$0")/lib.sh"
cat > s.sh <<'S'
#!/bin/bash
trap 'echo "script has USR1"' USR1
trap 'echo "script has USR2"' USR2
n=0; while [ $n -lt ${STEPS:-1} ]; do srun -O sleep 60; echo "step $n: $?"; n=$((n+1)); done
[ -z "$LAST" ] || sleep 60 & wait
S
u() { sed "s/AT 20[-0-9T:]*/AT TIME/" $1; }; export -f u
stepping() { poll '[ "$(squeue -hs -j '"$1"' -o %i | grep -c "[.]'"$2"'$")" = 1 ]'; sleep 1; }
for a in '-s USR1 $J' '-s USR2 $J.0' '-s KILL $J.0' '$J.0' '-s INT $J.0' '-b -s USR1 $J; sleep 1; scancel $J.0' '-f -s USR2 $J' '-s KILL $J' '-s STOP $J.0; sleep 1; scancel -s CONT $J.0; sleep 1; scancel $J.0' '$J'; do
  rm -f o.txt; export J=$($Q -o o.txt s.sh); stepping $J 0
  t "scancel $a"
  ended $J; acct $J
  t 'u o.txt | sort; sacct -nP -j $J -o JobID,State,ExitCode,DerivedExitCode; scontrol show job $J | grep -oE "JobState=.*Dep|ExitCode=.*|DerivedExit.*"; squeue -h -t all -j $J -o "%T %r"'
done
