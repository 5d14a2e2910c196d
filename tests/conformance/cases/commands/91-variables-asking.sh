# every input variable of the commands that ask and steer, with a good value, an empty one and a bad one; and what widens their columns
. "$(dirname "$0")/lib.sh"
for n in one two; do sbatch -Q -H -J $n --wrap true; done
export R=$(sbatch --parsable -J runs -o /dev/null --wrap 'sleep 100') E=$(sbatch --parsable -J ended -o /dev/null --wrap 'exit 3'); ended $E; runs $R; acct $E
try() { local v=$1 c=$2 x; shift 2; for x; do t "$v='$x' $c"; done; }
S='squeue -h -S i -o "%j %T %P"'
for v in SQUEUE_ALL SQUEUE_FEDERATION SQUEUE_LOCAL SQUEUE_SIB SQUEUE_SIBLING SQUEUE_PRIORITY SQUEUE_ARRAY SQUEUE_ARRAY_UNIQUE; do try $v "$S" 1 '' zz; done
try SQUEUE_ACCOUNT "$S" edu20.dd2443 '' zz; try SQUEUE_ACCOUNTS "$S" zz; try SQUEUE_NAMES "$S" one,runs '' zz; try SQUEUE_NAME "$S" one '' zz
try SQUEUE_PARTITION "$S" main '' zz 1TB,main; try SQUEUE_QOS "$S" normal '' zz; try SQUEUE_STATES "$S" R '' zz pd,r all; try SQUEUE_STATE "$S" zz
try SQUEUE_USERS "$S" "$(id -un)" '' zz root; try SQUEUE_USER "$S" zz; try SQUEUE_LICENSES 'squeue' 1 '' zz; try SQUEUE_LICENSES "$S" matlab '' zz
try SQUEUE_SORT 'squeue -h -o %j' -i i,j zz; try SQUEUE_FORMAT 'squeue -S i' '%j %T' '' zz %; try SQUEUE_FORMAT2 'squeue -S i' 'name,state' '' zz name:3
try SLURM_CLUSTERS "$S" tegner '' zz all; try SLURM_TIME_FORMAT 'squeue -h -j $E -t all -o %j' standard relative '' zz %H; try SLURM_BITSTR_LEN "$S" 5 '' zz
try COLUMNS squeue 20 '' zz
I='sinfo -h -o "%P %a"'
for v in SINFO_ALL SINFO_FEDERATION SINFO_LOCAL; do try $v "$I" 1 '' zz; done
try SINFO_PARTITION "$I" main '' zz main,K80; try SINFO_SORT "$I" P -P '' ; try SINFO_FORMAT sinfo '%P' '' zz; try SLURM_CLUSTERS "$I" tegner '' zz; try SINFO_NODES "$I" t01n01
A='sacct -nXP -o jobname,state -S now-1hour'
for v in SACCT_FEDERATION SACCT_LOCAL SACCT_ALL; do try $v "$A" 1 '' zz; done
try SACCT_FORMAT 'sacct -nXP -S now-1hour' jobname,state '' zz; try SLURM_TIME_FORMAT 'sacct -nXP -j $E -o jobname' relative '' zz; try SLURM_CLUSTERS "$A" zz tegner; try SACCT_CLUSTERS "$A" zz
try SLURM_TIME_FORMAT 'sacct -nXP -j $E -o submit | tr 0-9 N' standard '' %Y-%j %H zz relative
V='2> >(grep -v select/ >&2; :); r=$?; sleep 0.05; exit $r'; C="scancel -v 39999 $V"
for v in SCANCEL_BATCH SCANCEL_CTLD SCANCEL_FULL SCANCEL_HURRY; do try $v "$C" 1 '' zz true; done
try SCANCEL_ACCOUNT "scancel -v \$E $V" edu20.dd2443 '' zz; try SCANCEL_NAME "scancel -v \$E $V" ended '' zz; try SCANCEL_PARTITION "scancel -v \$E $V" main '' zz
try SCANCEL_QOS "scancel -v \$E $V" normal '' zz; try SCANCEL_STATE "scancel -v \$E $V" PENDING '' zz; try SCANCEL_USER "scancel -v \$E $V" "$(id -un)" '' zz root; try SCANCEL_WCKEY "scancel -v \$E $V" w ''
try SCANCEL_VERBOSE 'scancel 39999' 1 2 '' zz true; try SCANCEL_INTERACTIVE 'echo n | scancel 39999' 1 '' zz; try SLURM_CLUSTERS "$C" tegner '' zz
try SCANCEL_NAME 'scancel -v 2>&1 | grep -v select/; squeue -h -o %j -S i' nosuch; try SCANCEL_STATE 'scancel -v -n two 2>&1 | grep -v select/; squeue -h -o %j -S i' RUNNING PENDING
N='scontrol show job $E | head -1 | cut -c1-5'
for v in SCONTROL_ALL SCONTROL_FEDERATION SCONTROL_LOCAL SCONTROL_SIB SCONTROL_SIBLING SCONTROL_FUTURE; do try $v "$N" 1 '' zz; done
try SLURM_CLUSTERS "$N" tegner '' zz; try SLURM_NODELIST 'scontrol show hostnames' 'a[1-2]' '' zz 'a['; try SLURM_JOB_NODELIST 'scontrol show hostnames' 'a[1-2]'
try SLURM_TIME_FORMAT 'scontrol show job $E | grep -o "SubmitTime=[^ ]*" | tr 0-9 N' standard '' %Y zz
P='sprio -h -o %i'
for v in SPRIO_FEDERATION SPRIO_LOCAL SPRIO_SIBLING; do try $v "$P | wc -l" 1 ''; done
try SPRIO_FORMAT 'sprio -h' '%u' '' zz; try SLURM_CLUSTERS "$P" zz
for v in SREPORT_FEDERATION SREPORT_LOCAL; do try $v 'sreport -n cluster utilization | wc -l' 1 ''; done
try SREPORT_CLUSTER 'sreport -nP cluster utilization format=cluster' tegner '' zz; try SREPORT_TRES 'sreport -nP cluster utilization format=cluster,tresname' cpu,mem '' zz ALL
for v in SBCAST_COMPRESS SBCAST_EXCLUDE SBCAST_FANOUT SBCAST_FORCE SBCAST_PRESERVE SBCAST_SEND_LIBS SBCAST_SIZE SBCAST_TIMEOUT; do try $v 'sbcast nothing /tmp/nothing' 1 '' zz; done
try SLURM_JOB_ID 'sbcast nothing /tmp/nothing' 1 '' zz; try SLURM_EXIT_ERROR 'sbatch --foo; echo $?' 7 '' zz; try SLURM_EXIT_ERROR 'srun --foo; echo $?' 7 '' zz
try SLURM_EXIT_ERROR 'salloc -p nope true; echo $?' 7 ''; try SLURM_EXIT_ERROR 'squeue --foo; echo $?' 7; try SLURM_EXIT_ERROR 'sattach 1.0; echo $?' 7 ''
try SLURM_EXIT_IMMEDIATE 'srun -Q -I -w t01n01 --exclusive true; echo $?' 9 ''; try SLURM_EXIT_IMMEDIATE 'salloc -Q -I -w t01n01 --exclusive true; echo $?' 9 ''
try SLURM_EXIT_ERROR 'sbatch -p nope --wrap true; echo $?' 7 zz; try SLURM_EXIT_ERROR 'srun -p nope true; echo $?' 7
scancel -u $(id -un)
