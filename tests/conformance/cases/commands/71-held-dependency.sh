# A variant of 13: the dependencies of held jobs, while they are held and once they are released
. "$(dirname "$0")/lib.sh"
export F=$($Q --wrap 'exit 3') G=$($Q --wrap true) A=$($Q --array=1-2 --wrap 'exit $((SLURM_ARRAY_TASK_ID-1))'); ended $F; ended $G; ended $A
export L=$($Q --wrap 'sleep 300'); running $L
s() { t 'squeue -h -S i -o "%i %T %r %E" | grep -v "RUNNING"; for j in $(squeue -h -S i -t PD -o %A); do scontrol show job $j | grep -oE "JobState=.*"; done'; }
for d in afterok:$G afterok:$F afterany:$F afternotok:$F,afterok:$G after:$G after:$L afterok:$L "afterok:$F?afterok:$L" afterok:$A aftercorr:$A afternotok:${A}_1 singleton "afterok:999999?afterok:$L" after:$L+1 $G; do
  $Q -H -J $d -d "$d" --wrap true
done
sleep 4; s
for j in $(squeue -h -S i -t PD -o %A); do scontrol release $j; done; sleep 5; s
scancel -t PD -u $(id -un)
export J=$($Q -d afterok:$L --wrap true) K=$($Q -d afterok:$L --wrap true) H=$($Q -d afternotok:$L -b now+1hour --wrap true) M=$($Q --wrap true -H)
scontrol hold $J; scontrol update job=$M dependency=afterok:$G; sleep 2; s
t 'scontrol update job=$M dependency=afterok:$F; scontrol update job=$M dependency=afterok:999998; scontrol show job $M | grep -o "Dependency=.*"; scontrol update job=$M dependency=nosuch:$G; scontrol update job=$M dependency=; scontrol show job $M | grep -o "Dependency=.*"'
scancel $L; ended $L; sleep 4; s
t 'scontrol release $J; sleep 4; squeue -h -j $J -o "%T %r %E"'
t 'scontrol hold $K; sleep 3; squeue -h -j $K -o "%T %r %E"'
scancel -u $(id -un)
