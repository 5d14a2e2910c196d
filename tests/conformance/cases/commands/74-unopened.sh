# A variant of 28: files that cannot be opened and folders that cannot be entered, by srun, sbatch, salloc, arrays and steps
. "$(dirname "$0")/lib.sh"
mkdir -p ro gone; chmod 555 ro; echo text > in; echo secret > un; chmod 0 un; touch file; n=0
for a in "-o $PWD/ro/x" "-o $PWD" '-o file/x' "-i un" '-e ro/e' '-o ok.txt -e ro/e' '-i in -o /no/such/x' '-i nope -o /no/such/x -e ro/e' '-D /no/such -o here.txt' '-D gone -o there%j.txt -i in' '-D gone -o task%t.txt' '-D file' '-l -o /no/such/x' '-n2 -O -o ro/x%t' '-n2 -O -o ok%t.txt -e ro/e%t' '-n2 -O -i in%t'; do
  n=$((n+1)); t "srun -J n$n $a cat"; poll "sacct -nXPD --name n$n -o State | grep -vq RUNNING"; sleep 1; sacct -nP --name n$n -o State,ExitCode
done
ls . gone | sed 's/40[0-9]*/ID/'; rm -f gone/*
cat > s.sh <<'S'
#!/bin/bash
pwd; echo "$PWD"
srun pwd; srun -D /no/such pwd; srun -o ro/x%t pwd; echo "step: $?"; srun -i /no/such/i pwd; echo "step: $?"
exit 0
S
for a in '-D gone' '-D /root' '-D in' '--array=1 -o /no/such/x'; do
  rm -f o.txt; export J=$(sbatch --parsable -t 1 -H -o $PWD/o.txt $a s.sh); rmdir gone 2>/dev/null; scontrol release $J; ended $J; acct $J
  t "sed '/ created for job\|creation temp/d' o.txt; sacct -nP -j \$J -o JobID,State,ExitCode,DerivedExitCode; scontrol show job \$J | grep -oE 'JobState=.*Dep|ExitCode=.*|DerivedExit.*|WorkDir=.*'; squeue -h -t all -j \$J -o '%T %r' # $a"
done
for a in "-o un" "-o ok.txt -e un" "-i un -o ok2.txt" "-i $PWD -o ok3.txt" "--open-mode=append -o /no/such/x" "-e /no/such/x -o /dev/null" "-i in%j -o ok4.txt"; do
  export J=$(sbatch --parsable $a --wrap 'pwd; cat'); ended $J; acct $J
  t "sacct -nP -j \$J -o JobID,State,ExitCode; scontrol show job \$J | grep -oE 'JobState=.*Dep|ExitCode=.*'; squeue -h -t all -j \$J -o '%T %r'; ls ok*; cat ok3.txt # $a"
done
t 'salloc -D /no/such pwd'; t 'salloc -D / pwd'
