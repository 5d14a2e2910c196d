# numbers and sizes of options as C reads them: signs, blanks, units, and what 32 or 16 bits do not hold
. "$(dirname "$0")/lib.sh"
plain() { sed -E 's/JobId=[0-9]+/JobId=N/; s/slurm-[0-9]+/slurm-N/; s/[0-9-]+T[0-9:]+/T/g'; }
# what an option makes different from a job without it
s() { local o rc; o=$(sbatch -H --parsable "$@" --wrap=true); rc=$?
  case "$o" in [0-9]*) scontrol show job "$o" | plain | diff "$BASE" - | grep '^[<>]'; scancel "$o";; esac; return $rc; }
export -f plain s
export BASE=$(mktemp); chmod a+r "$BASE"; J=$(sbatch -H --parsable --wrap=true); scontrol show job $J | plain > "$BASE"; scancel $J
for v in 0 +2 ' 2' '2 ' 2x -1 2.5 0x2 4294967297 9223372036854775807 99999999999999999999; do
  for o in ntasks cpus-per-task ntasks-per-node mincpus threads-per-core switches; do t "s --$o='$v'"; done
done
for o in sockets-per-node cores-per-socket ntasks-per-core ntasks-per-socket; do t "s --$o=65534"; t "s --$o=99999999999999999999"; done
for v in 4294967295 2147483648; do t "s --ntasks=$v"; t "s --cpus-per-task=$v"; done
for v in 0 4294967296 -3 1-3 3-1 1- 1-2-3 2k 1m 2x '' ' 2' '2 '; do t "s --nodes='$v'"; done
for v in 2 2: 2:3:1 '*:2' 1-2 2-0 -1 x 1k 4294967296 99999999999999999999; do t "s --extra-node-info='$v'"; done
for v in 0 1K 1023K 1025k 1M 2g 1T 4GB 4gb 4MiB 1.5G -1 +4 ' 4' '4 ' 4294967296 99999999999999999999 0x10 1kk G; do
  t "s --mem='$v'"; t "s --tmp='$v'"
done
for v in 0 5 -5 +5 5x x 2147483645 2147483646 -2147483646 99999999999999999999; do t "s --nice='$v'"; t "s --priority='$v'"; done
for v in TOP top 4294967293 4294967294; do t "s --priority=$v"; done
for v in 0 1 2 65536 x -1; do t "s --wait-all-nodes=$v"; done
for v in 99999999999999999999 4294967296 -1 x; do
  t "sattach --input-filter=$v 39999.0"; t "scancel --user=$v 39999"; t "squeue -h --user=$v"; t "sshare -h --users=$v -o user"
  t "sbcast --size=$v nothing /tmp/nothing"
done
t "sacct -n --reason=nope"; t "sacct -n --reason=Resources,1"; t "sacct -n --qos=nope"; t "sacct -n -g 101 -g 101"
for v in 0 -1 4294967296 99999999999999999999 x 5; do t "sacct -n -k $v"; done
