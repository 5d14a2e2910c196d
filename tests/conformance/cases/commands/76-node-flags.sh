# user: root
# A variant of 29: nodes that are reserved, in maintenance, drained, down or planned, in all views
. "$(dirname "$0")/lib.sh"
export J=$($Q -w t02n01 -n3 --wrap 'sleep 240') K=$($Q -w t02n02 --exclusive --wrap 'sleep 240'); running $J; running $K
r() { scontrol create reservation=$1 users=root starttime=now duration=10 "${@:2}" >/dev/null; }
r m1 nodes=t02n01,t02n03 flags=maint,ignore_jobs
r r1 nodes=t02n02,t02n04 flags=ignore_jobs
r m2 nodes=t03n01,t02n05,t02n06 flags=maint
P=160 poll '! sinfo -hN -n t02n03,t02n04,t02n05 -o %T | grep -q idle'
v() { t 'sinfo -h -N -p main -o "%N|%T|%t|%C|%E|%u|%U|%H" | sed -E "s/20[-0-9T:]{17}/TIME/"'
  t 'sinfo -h -o "%P %a %D %T %N"; sinfo -h -o "%A %F %C" -p main; sinfo -s'
  t 'sinfo -R | sed -E "s/20[-0-9T:]{17}/TIME/"; sinfo -Rl -h | sed -E "s/^[A-Z][a-z]{2} .*20..$/DATE/; s/20[-0-9T:]{17}/TIME/"'
  t 'scontrol show nodes -o | grep -oE "NodeName=[^ ]*| State=[^ ]*| Reason=.*" | sed "s/@.*]/@WHEN]/"'
  t 'sinfo -h -O nodelist,statecompact,statelong,reason,user -p main'; }
v
scontrol update nodename=t02n03 state=drain reason=a; scontrol update nodename=t02n04 state=drain reason=b; scontrol update nodename=t02n05 state=down reason=c; scontrol update nodename=t02n02 state=drain reason='d e'; scontrol update nodename=t03n02 state=fail reason=f
v
for s in maint resv reserved idle alloc mix drain drained draining down fail 'idle&maint' 'maint&drain' 'mix,maint' planned comp unk nosuch all 'down&maint' resume; do t "sinfo -h -t '$s' -o '%N %T' | sort"; done
t 'scontrol update nodename=t03n02 state=resume reason=x; scontrol update nodename=t02n04 state=undrain; scontrol update nodename=t02n06 reason=only; scontrol show node t02n06 | grep -E "Reason|State"; sleep 5; sinfo -h -N -n t03n02,t02n04,t02n06 -p main -o "%N %T %E"; sinfo -R | sed -E "s/20[-0-9T:]{17}/TIME/"'
t 'scontrol update nodename=t02n05 state=resume; sleep 1; sinfo -h -N -n t02n05 -p main -o "%N %T %E"; squeue -h -o "%T %N %r" -S i'
t 'scontrol update nodename=t01n01 state=drain reason=one; scontrol update nodename=t01n01 reason=two; scontrol show node t01n01 | grep -oE "Reason=[a-z]*|State=.*Th"; scontrol update nodename=t01n01 state=undrain; scontrol show node t01n01 | grep -oE "Reason=[a-z]*"; scontrol update nodename=t01n01 state=down; scontrol update nodename=t01n01 state=idle; scontrol update nodename=t01n02 state=drain'
scancel $J $K; for x in m1 r1 m2; do scontrol delete reservationname=$x; done; ended $J; ended $K; sleep 2
t 'sinfo -h -p main -o "%D %T %N %E"'
