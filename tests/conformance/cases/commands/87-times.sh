# points in time and durations in all their forms, and where in a text that is none the mistake is
. "$(dirname "$0")/lib.sh"
s() { local o rc; o=$(sbatch -H --parsable "$@" --wrap=true); rc=$?
  case "$o" in [0-9]*) scontrol show job "$o" | grep -oE 'TimeLimit=.*|DelayBoot=.*|Switches=.*'; scancel "$o";; esac; return $rc; }
# a moment that does not move with the hour of the day
b() { local o rc; o=$(sbatch -H --parsable "$@" --wrap=true); rc=$?
  case "$o" in [0-9]*) squeue -h -j "$o" -O starttime:.30 | sed -E 's/^ *202[0-9]-[0-9-]+T/dateT/; s/^ *2033-.*/in 2033/'; scancel "$o";; esac; return $rc; }
export -f s b
for v in 0 -1 5 5: :5 1:2 1:2:3 1:2:3:4 1- 1-2 1-2:3 1-2:3:4 1-2-3 -5 -5:3 1:2-3 01 +5 '5 ' 1.5 UNLIMITED Infinite 0:1 0:60 99999999 4294967296 2147483648 \
    35791394 35791395 1:4294967296 x 5x 0-0 1e3 60:60 25:61:61 50000-0 '' none; do
  t "s --time='$v'"; t "s --time-min='$v'"; t "s --delay-boot='$v'"; t "s --switches=1@'$v'"
done
for v in now+3min now+3h now+1month now+3x now+3hours+2 now+ now+x 'now*3' todayx elevenses 24:00 23:60 23:59:60 10 1 01013 01/01/2030 1-1 2030-1-1 2030-13-01 \
    2030-01-32 2030-00-10 30-01-01 uts1 utsx uts99999999999999999999 13:00pm 10:0 10:00:0 10:00:00:00 nope '' - -1 x1 1x NOW Tomorrow TEATIME 02/32 tonight 5pm \
    2030-01-01T25:00; do
  t "s --begin='$v'"; t "s --deadline='$v'"; t "sacct -n -S '$v'"; t "sacct -n -E '$v'"; t "sreport -n cluster utilization start='$v' >/dev/null"; t "scontrol update jobid=1 starttime='$v'"
done
for v in tomorrow 'tomorrow 10:00' tomorrow10:00 'noon tomorrow' 2030-01-01 2030-01-01T10:00 2030-01-01T10:00:30 '2030-01-01 10:00' 2030-01-01-10:00 010130 1/1/30 01.01.30 \
    12/31/30-23:00 uts2000000000 UTS2000000000 'tomorrow 10:00 pm' 'tomorrow 12:00am' 'tomorrow 12:00pm' 2030-01-01T; do t "b --begin='$v'"; done
t "scontrol create reservation starttime=x user=root nodes=ALL"; t "scontrol create reservation start=1 user=root nodes=ALL duration=5"
