# A variant of 17: signals to srun itself, and steps that heed the end that is asked of them
. "$(dirname "$0")/lib.sh"
cat > task.sh <<'S'
#!/bin/bash
trap 'echo "task: USR1"' USR1; trap 'echo "task: USR2"' USR2; trap 'echo "task: ALRM"' ALRM; trap 'echo "task: HUP"' HUP; trap 'echo "task: QUIT"' QUIT; trap 'echo "task: TERM"; exit 3' TERM
for i in $(seq 60); do /bin/sleep 0.1; done
S
chmod 755 task.sh
for s in USR1 USR2 ALRM HUP QUIT TERM; do
  t "srun ./task.sh & sleep 2; kill -$s \$!; wait \$!; echo code \$? # $s" | sed "s/AT 20[-0-9T:]*/AT TIME/; /User defined/d"
done
export J=$($Q -t 5 --wrap 'srun ./task.sh; echo "step 0: $?" > code; srun bash -c "trap \"exit 0\" TERM; for i in 1 2 3 4 5 6; do /bin/sleep 1; done"; echo "step 1: $?" >> code'); running $J; sleep 1
t 'scancel -s TERM $J.0; sleep 2; scancel -s TERM $J.1'; ended $J; acct $J
t 'cat code; sacct -nP -j $J -o JobID,State,ExitCode,DerivedExitCode'
