# what options of bindings, frequencies, signals, mail and files take: words, lists, short forms
. "$(dirname "$0")/lib.sh"
s() { local o rc; o=$(sbatch -H --parsable "$@" --wrap=true); rc=$?
  case "$o" in [0-9]*) scontrol show job "$o" | grep -E 'freq|Governor|TresBind|TresFreq|Mail|Power|OverSubscribe'; scancel "$o";; esac; return $rc; }
r() { timeout 20 srun "$@" true; }
export -f s r
for v in help none rank cores,verbose map_cpu:0 map_cpu:0,x mask_cpu:0x1 threads nope q one_thread core,threads map_cpu= maskcpu:f ''; do
  t "r --cpu-bind='$v'"
done
for v in none,verbose local rank map_mem:0 map_mem:0,x mask_mem:0x1 sort,local nope 101 a,b prefer '' 'map_mem:1*0' map_mem:; do
  t "s --mem-bind='$v'"
done
for v in low high low-high low-high:ondemand perf onde conservative lo-hi high-low 1000000 1000000-2000000:UserSpace 1- -1 x : low: low-high: low:ondemand \
    ondemand:low ondemand-high highm1 him1 '' 0 4294967296; do t "s --cpu-freq='$v'"; done
for v in closest none single:2 map_gpu:0,1 mask_gpu:0x3 per_task:1 verbose,closest c n x map_gpu map_gpu: map_gpu:x mask_gpu:g single: 'closest;x' verbose SINGLE:1; do
  t "s --gpu-bind='$v'"
done
for v in low medium,memory=low 900 memory=900,verbose verbose x memory=x core=1 LOW 900x; do t "s --gpu-freq='$v'"; done
for v in USR1 SIGUSR1 usr1 10 0 65 -1 65536 B:USR1 R:USR1 BR:USR1 RB:USR1 R:B:USR1 BUSR1 :USR1 USR1@ USR1@x USR1@-1 USR1@65536 ' USR1' X:USR1 '' B:; do
  t "s --signal='$v'"; t "r --signal='$v'"
done
for v in BEGIN END,FAIL ALL NONE NONE,END nope 'END, FAIL' END,nope '' ,; do t "s --mail-type='$v'"; done
t "s --mail-type=BEGIN --mail-type=END"; t "s --mail-type=BEGIN --mail-type=NONE"
for v in level LEVEL nope nope,level a,b; do t "s --power=$v"; t "SBATCH_POWER=$v s"; t "r --power=$v"; done
for v in exclusive oversubscribe USER mcs nope; do t "s --exclusive=$v"; done
for v in append A trunc Truncate x ''; do t "s --open-mode='$v'"; done
for v in set off no nope; do t "s --no-kill=$v"; done
for v in list openmpi pmi2 nope '' mpi/none; do t "r --mpi='$v'"; done
for v in nope lz4 none; do t "r --compress=$v"; done
for v in x 0 4294967296; do t "r --resv-ports=$v"; t "r --threads=$v"; done
t "r --threads=61"; t "r --accel-bind=nope"; t "r --accel-bind=x"
for v in 0 -1 a,b x 128 ''; do t "r --het-group='$v'"; done
for o in mem time-min nodefile bbf power jobid het-group extra-node-info; do t "srun --$o true"; t "s --$o"; done
t "s --bbf=/nothing"; t "s --nodefile=/nothing"; t "salloc --chdir=nothing true"; t "s --clusters=a --clusters=b"; t "SLURM_CLUSTERS= squeue"; t "SLURM_CLUSTERS= sinfo"
