# A variant of 26: hold, release, update, requeue and suspend of arrays of which tasks have ended, run and wait
. "$(dirname "$0")/lib.sh"
q() { t 'squeue -h -j $J -t all -o "%i %T %r %l" | sed "s/JobArrayTaskLimit,None\|JobArrayTaskLimit\|None\|BeginTime/-/" | sort -V'; }
export J=$($Q --array=1-9%3 --wrap 'case $SLURM_ARRAY_TASK_ID in [1-2]) ;; 3) exit 1 ;; *) sleep 200 ;; esac')
poll '[ $(squeue -h -t R -j $J -o %i | wc -l) = 3 ] && [ $(squeue -h -t R,CG -j $J -o %i | wc -l) = 3 ]'
for v in 'hold ${J}_8' 'release ${J}_8' 'hold ${J}_[7-9]' 'release ${J}_7' 'release $J' 'hold ${J}_4' 'hold ${J}_1' 'uhold ${J}_[4,7]' 'release ${J}_4' 'release ${J}_99' 'hold ${J}_[1-3]' 'update jobid=${J}_[7-8] timelimit=20' 'update jobid=${J}_9 timelimit=30' 'update jobid=${J}_[1,9] timelimit=31' 'update jobid=${J}_[1-3] timelimit=20' 'update jobid=${J} arraytaskthrottle=2' 'suspend ${J}_4' 'suspend ${J}_1' 'suspend ${J}_[1-9]' 'resume $J' 'resume ${J}_4' 'requeue ${J}_[1-2]' 'requeue ${J}_7' 'requeue ${J}_99' 'requeuehold ${J}_3' ; do t "scontrol $v"; q; done
scancel $J
export J=$($Q --array=1-3 --wrap true); ended $J
for v in 'hold $J' 'release $J' 'update jobid=$J timelimit=5' 'suspend $J' 'resume $J' 'requeuehold $J'; do t "scontrol $v"; q; done
scancel $J
export J=$($Q -H --array=1-3 --wrap true)
for v in 'suspend $J' 'resume ${J}_1' 'requeue $J' 'update jobid=${J}_2 timelimit=5' 'hold $J' 'release ${J}_2'; do t "scontrol $v"; done; sleep 3; q
scancel $J
