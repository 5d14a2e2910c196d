# options said twice or beside others: which holds, what adds up, and which mistake is told of first
. "$(dirname "$0")/lib.sh"
H="head -3 | sed 's/[A-Z].*sacct.*//; s/Usage.*//; s/^ *-.*//'"
for o in '-q nope' '-q normal,nope' '-q nope -q normal' '-q nope -c' '-c' '-c -q nope' '-f /nowhere' '-f /etc/passwd' '-q nope --helpformat' '-c --helpformat' '-q nope zz' '-B' '-B -q nope' '-q nope -j 5' '-q ""' '-c -j 5' '-q nope -S zz' '-q nope -s zz' '-g 99999999999999999999' '-g 4294967296'; do t "sacct $o | $H"; done
for o in '-u nope' '-u 0 -u 1' '-u 1 -u 0' '-a -u 0' '-u 0 -a' '-p -P' '-P -p' '-l -m' '-m -l' '-M nope -M zz' '-A edu20.tiny -A edu20.limited' '-u -1 -u 0' "-u ''" '-a -u 99999999999999999999'; do t "sshare $o"; done
for o in '-u nope -u 0' '-u 0 -u nope' '-j zz -M nope' '-M nope -j zz' '--sibling' '--sib -u 0' '-w -j 2' '-n --sibling' '-j 0 -j 5'; do t "sprio $o"; done
for o in '-j nope -j 2' '-j 2 -j nope' '-j 2 -j 3' '-o zz -j nope' '-j 2 -o zz' '-j 4294967296 -j 1' "-j 2 -j ''"; do t "sstat -n $o"; done
for o in '-M nope -t zz' '-t zz -M nope' '-s zz -t zz' '-t zz -s zz' '-s 101' '-s -1' '-s 99999999999999999999' '-u nope --me' '--me -u nope' '-s zz -s 9' '-t zz -t R'; do t "scancel $o 39999"; done
for o in '--input-filter=a --input-filter=2' '--output-filter=99999999999999999999' '--error-filter=zz --input-filter=1' '-Q' '-Q -Q'; do t "sattach $o 39999.0"; done
for o in '--overlap --exclusive' '--exclusive --overlap=x' '--hint=main --nodefile=nope' '--hint=main --mem=1 --mem-per-cpu=1' '--hint=main -M nope' '--hint=nomultithread --cpu-bind=zz' '--cpu-bind=zz --hint=main' '--hint=main --mpi=zz' '--hint=main -S1' '--hint=main --ntasks-per-gpu=1 --ntasks-per-node=1'; do t "timeout 5 srun $o true"; done
t 'SLURM_EXCLUSIVE=user srun --overlap true'
t 'SLURM_OVERLAP=1 srun --exclusive true'
t 'salloc -Q -n1 srun --overlap --exclusive true'
for o in '--hint=main --nodefile=nope' '--hint=main --mem=1 --mem-per-cpu=1' '--hint=main -M nope' '--hint=main -S1'; do t "sbatch $o --wrap true"; t "salloc $o true"; done
