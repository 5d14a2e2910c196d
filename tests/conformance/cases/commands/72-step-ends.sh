# A variant of 17: how steps and batch steps end, by signals, codes, srun's options and scancel's
. "$(dirname "$0")/lib.sh"
cat > s.sh <<'S'
#!/bin/bash
for s in HUP INT USR2 PIPE ALRM TERM SEGV; do srun bash -c "ulimit -c 0; kill -$s \$\$"; echo "$s: $?"; done
srun -n2 -O bash -c 'if [ $SLURM_PROCID = 1 ]; then kill -USR1 $$; fi; sleep 1'; echo "one of two: $?"
srun -n2 -O bash -c 'if [ $SLURM_PROCID = 1 ]; then kill -USR1 $$; else exit 3; fi'; echo "code and signal: $?"
srun -K -n2 -O bash -c 'if [ $SLURM_PROCID = 1 ]; then exit 5; fi; exec sleep 60' 2>&1 | sort; echo "kill on bad: ${PIPESTATUS[0]}"
srun -n1 bash -c 'exit 137'; echo "137: $?"
srun /no/such/program 2>&1 | sort; echo "no program: ${PIPESTATUS[0]}"
S
export J=$($Q -t 5 -o o.txt s.sh); P=240 ended $J; acct $J
t 'sed "s/AT 20[-0-9T:]*/AT TIME/; / creation temp\| created for job/d" o.txt'
t 'sacct -nP -j $J -o JobID,State,ExitCode,DerivedExitCode; scontrol show job $J | grep -oE "JobState=.*Dep|ExitCode=.*|DerivedExit.*"'
for w in 'kill -USR1 $$' 'kill -KILL $$' 'kill -TERM $$' 'exit 300' 'kill -SEGV $$' 'srun bash -c "kill -USR1 \$\$"' 'srun bash -c "kill -KILL \$\$"; sleep 2' 'exit 53'; do
  export J=$(sbatch --parsable -o o.txt --wrap "ulimit -c 0; $w"); ended $J; acct $J
  t "sacct -nP -j \$J -o JobID,State,ExitCode,DerivedExitCode; scontrol show job \$J | grep -oE 'JobState=.*Dep|ExitCode=.*'; cat o.txt # $w"
done
