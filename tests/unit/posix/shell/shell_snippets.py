"""What job scripts contain, one snippet each, for the comparison of the in-process shell with bash.

Each is run by both in an empty folder with the files of FILES; stdout, stderr and the exit
code must be the same.  DIFFERENT lists what is known to differ, with the reason.
"""

FILES = {
    "words.txt": "pear\napple\nfig\napple\nbanana\n",
    "table.csv": "name,cpus,hours\nanna,24,1.5\nbert,48,0.25\ncarl,12,10\n",
    "numbers.txt": "3\n10\n2\n33\n1\n",
    "lib.sh": "greet() { echo \"hello $1\"; }\nLIB=loaded\n",
    "run.sh": "#!/bin/bash\necho \"args: $# first: $1\"\nexit 3\n",
    "log.out": "step 1 ok\nstep 2 FAILED code=7\nstep 3 ok\nERROR: disk\n",
    "sub/inner.txt": "inner\n",
}

SNIPPETS = r'''
echo hello world
---
echo "a   b"   c
---
echo 'single $HOME `x`'
---
echo -n no newline
---
echo -e "tab\tnew\nline"
---
echo a{b,c,d}e {1..5} {01..03} {a..e..2} {5..1}
---
x=5; echo "$x ${x} $((x+1)) $((x*x - 3)) $((x/2)) $((x%3)) $((2**10))"
---
x=abc; echo ${#x} ${x:1} ${x:0:2} ${x: -1} ${x^} ${x^^}
---
f=/path/to/file.tar.gz; echo ${f##*/} ${f%/*} ${f%.*} ${f%%.*} ${f#*/}
---
s="one two one"; echo ${s/one/1} ${s//one/1} ${s/#one/X} ${s/%one/Y} ${s// /_}
---
echo ${unset:-default} ${unset-d2} ${HOME:+set} ${unset:+no}
---
: ${v:=assigned}; echo $v
---
unset q; echo ${q:?must be set}; echo not reached
---
a=(one "two words" three); echo ${a[0]} "${a[1]}" ${#a[@]} "${a[@]:1}" ${!a[@]}
---
a=(1 2 3); a+=(4 5); a[7]=8; echo "${a[@]}" "${!a[@]}"; unset 'a[1]'; echo "${a[*]}"
---
declare -A m; m[x]=1; m[y]="two words"; for k in x y; do echo "$k=${m[$k]}"; done; echo ${#m[@]}
---
for i in 1 2 3; do echo -n "$i "; done; echo
---
for ((i=0; i<3; i++)); do echo "i=$i"; done
---
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
---
i=3; until [ $i -eq 0 ]; do echo $i; ((i--)); done
---
for i in 1 2 3 4 5; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done
---
for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done
---
if [ -f words.txt ]; then echo file; elif [ -d . ]; then echo dir; else echo none; fi
---
if [[ -d sub && ! -e nope ]]; then echo yes; fi
---
case $(echo apple) in a*) echo starts with a;; *) echo other;; esac
---
case x.tar.gz in *.zip|*.tar) echo no;; *.tar.gz) echo tgz;; esac
---
case b in a) echo a;& b) echo b;& c) echo c;; d) echo d;; esac
---
[[ abc == a* ]] && echo match; [[ abc == "a*" ]] || echo literal
---
[[ job_123 =~ ^job_([0-9]+)$ ]] && echo ${BASH_REMATCH[1]}
---
[[ 5 -gt 3 && ( 2 -lt 1 || 1 -eq 1 ) ]] && echo ok
---
f() { echo "f: $1 $# $@"; return 4; }; f a "b c"; echo $?
---
f() { local x=inner; echo $x; }; x=outer; f; echo $x
---
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(( $1 - 1 ))) )); fi; }; fact 6
---
function g { echo "in g"; }; g
---
set -- a b c; echo $# $1 $3; shift; echo $1 "$*"
---
set -- "x y" z; for w in "$@"; do echo "<$w>"; done; for w in $@; do echo "<$w>"; done
---
IFS=,; set -- $(echo a,b,c); echo $2; IFS=:; x="p:q"; for w in $x; do echo $w; done
---
echo one > out.txt; echo two >> out.txt; cat out.txt; cat < out.txt | wc -l
---
ls nope 2>/dev/null; echo $?
---
{ echo out; echo err >&2; } > both.txt 2>&1; cat both.txt
---
{ echo out; echo err >&2; } 2>&1 | sort
---
cat <<EOF
host $((1+1)) $HOME
  indented "quotes" 'single' \$x
EOF
---
cat <<'EOF'
raw $HOME $(date)
EOF
---
cat <<-EOF
	tabs gone
	EOF
---
x=5
cat <<A; cat <<B
first $x
A
second
B
---
cat <<< "here string $((3*3))"
---
read a b c <<< "1 2 3 4"; echo "$b|$c"
---
while read -r name; do echo "[$name]"; done < words.txt
---
while IFS=, read -r n c h; do echo "$n uses $c"; done < table.csv
---
cat words.txt | while read w; do echo -n "$w."; done; echo
---
sort words.txt | uniq -c | sort -rn | head -2
---
sort -n numbers.txt | tail -1
---
grep -c apple words.txt; grep -n fig words.txt; grep -v a words.txt
---
grep -q nothing words.txt; echo $?
---
grep FAILED log.out | sed 's/.*code=\([0-9]*\)/\1/'
---
grep -E 'step [12]' log.out | awk '{print $2, $3}'
---
awk -F, 'NR>1 {s+=$2} END {print s}' table.csv
---
awk -F, 'NR>1 && $2>20 {printf "%-6s %5.2f\n", $1, $3}' table.csv
---
awk 'BEGIN { for (i=0;i<3;i++) print i*i }'
---
awk -v n=5 'BEGIN { print n+1 }'
---
sed -n '2p' words.txt; sed '1,2d' words.txt
---
sed -e 's/a/A/g' -e 's/^/> /' words.txt
---
cut -d, -f1,3 table.csv
---
cut -c1-3 words.txt
---
tr a-z A-Z < words.txt; echo "a b" | tr -d ' '; echo aabb | tr -s ab
---
head -n 2 words.txt; tail -n 2 words.txt; tail -n +4 words.txt
---
wc -l < words.txt; wc -w words.txt; wc words.txt
---
seq 3; seq 2 2 6; seq -s, 1 4; seq -w 8 10; seq 0 0.5 1
---
printf "%s-%d\n" a 1 b 2; printf "%05.2f|%5s|%-5s|\n" 3.14159 ab cd; printf "%x %o %%\n" 255 8
---
printf "no newline"; printf '%s\n' "$@"; printf "%q\n" "a b"
---
printf -v padded "%03d" 7; echo $padded
---
basename /a/b/c.txt .txt; dirname /a/b/c.txt; basename /a/b/
---
mkdir -p d1/d2; touch d1/d2/f; ls d1; ls -d d1/*; rm -r d1; ls d1 2>/dev/null || echo gone
---
cp words.txt copy.txt; mv copy.txt moved.txt; ls *.txt; rm moved.txt
---
ln -s words.txt link; readlink link; [ -L link ] && echo is link; cat link | head -1
---
find . -name '*.txt' | sort
---
find . -type f -name 'i*'; find sub -type d
---
ls; ls sub
---
ls -1 *.sh
---
echo *.txt; echo sub/*; echo no*match; echo [lr]*.sh
---
test -s words.txt && echo nonempty; test -x words.txt || echo not exec; [ -z "" ] && echo empty
---
[ 3 -lt 10 ] && [ "3" \> "10" ] && echo compared
---
[ "$nope" = "" ] && echo same; [ -n "$HOME" -a -d / ] && echo both
---
true && echo yes || echo no; false && echo yes || echo no; ! true; echo $?
---
false; echo $?; (exit 7); echo $?; true | false; echo $?; false | true; echo ${PIPESTATUS[@]}
---
set -o pipefail; false | true; echo $?
---
set -e; echo before; false; echo after
---
set -e; if false; then :; fi; false || true; echo survives; (false); echo no
---
set -e; x=$(false; echo went on); echo $x; y=$(false); echo not here
---
set -u; echo $undefined_thing; echo after
---
set -euo pipefail; x=$(echo ok); echo $x; grep -q zzz words.txt || echo none
---
set -x; echo traced; x=1; set +x; echo quiet
---
trap 'echo cleanup' EXIT; echo working; exit 3
---
trap 'echo got TERM; exit 9' TERM; kill -TERM $$; sleep 0.1; echo not reached
---
(cd sub && pwd | sed 's|.*/||'); pwd | grep -c sub
---
cd sub; cd - > /dev/null; ls words.txt; cd nope; echo $?
---
x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x
---
y=$(echo "a
b"); echo $y; echo "$y"
---
echo `echo back \`echo nested\``
---
echo $(echo $(echo deep))
---
n=$(wc -l < words.txt); echo $((n * 2))
---
sleep 0.1 & wait; echo done
---
for i in 1 2 3; do (echo $i > part$i) & done; wait; cat part1 part2 part3
---
sleep 0.2 & p=$!; kill $p; wait $p 2>/dev/null; echo $?
---
(exit 5) & wait $!; echo $?
---
. ./lib.sh; greet bob; echo $LIB
---
source lib.sh; type greet | head -1
---
bash run.sh x y; echo $?
---
chmod +x run.sh; ./run.sh only; echo $?
---
bash -c 'echo $0 $1' zero one; sh -c 'echo "from sh"'
---
nosuchcommand; echo $?
---
./nosuch.sh; echo $?
---
cat nosuch.txt; echo $?
---
command -v bash > /dev/null && echo has bash; command -v nosuch || echo none; type cd
---
export A=1; bash -c 'echo $A'; B=2 bash -c 'echo $B'; echo "<$B>"
---
env -i X=1 bash -c 'echo $X $HOME'; unset A; echo ${A-unset}
---
readonly R=1; R=2; echo "still here $R"
---
declare -i n=5; n=n+3; echo $n; declare -r c=9; echo $c
---
let x=3+4; echo $x; ((x+=10)); echo $x; ((0)); echo $?
---
echo $((1 > 0 ? 10 : 20)) $((7 & 3)) $((1 << 4)) $((0x1f)) $((010)) $((5 == 5))
---
echo $(( (2+3) * 4 )) $((-7 / 2)) $((-7 % 3)); i=5; echo $((i++)) $((++i)) $i
---
echo $((1/0)); echo after
---
date -d @0 -u +%Y-%m-%d; date -u -d '2026-03-02 10:00:00' +%s
---
expr 3 + 4; expr length abc; expr 5 \* 6
---
echo a b c | xargs -n1 echo item; printf '%s\n' 1 2 | xargs -I{} echo "n={}"
---
yes | head -3; yes no | head -1
---
echo hello | tee copy.txt | tr h H; cat copy.txt
---
exec > all.txt; echo to file; exec 1>&2; echo to stderr; cat all.txt
---
exec 3> three.txt; echo via three >&3; exec 3>&-; cat three.txt
---
{ echo a; echo b; } | { read x; echo "first $x"; }
---
diff words.txt words.txt && echo same; cmp=$(diff <(echo a) <(echo b) | head -1); echo $cmp
---
mapfile -t lines < words.txt; echo ${#lines[@]} ${lines[1]}
---
getopts_test() { while getopts "n:v" o; do case $o in n) echo "n=$OPTARG";; v) echo verbose;; esac; done; shift $((OPTIND-1)); echo rest $1; }; getopts_test -v -n 5 file
---
while [ $# -gt 0 ]; do echo $1; shift; done; set -- p q; while (( $# )); do echo $1; shift; done
---
timeout 1 sleep 5; echo $?; timeout 5 echo quick
---
x="  padded  "; echo "[$x]" [$x]; y=$x; echo "[${y// }]"
---
echo "a\nb" 'a\nb'; echo $'tab\there'
---
echo ~ | grep -c /; echo "~"; x=~; [ "$x" = "$HOME" ] && echo home
---
echo $# $? ; echo ${0##*/}
---
echo a; echo b;
echo c # comment
# only a comment
echo d
---
echo one \
  two
---
if ! grep -q zzz words.txt; then echo "not found" >&2; fi
---
echo done && exit 2; echo no
---
eval 'x=5; echo $x'; v=name; name=val; echo ${!v}; eval "echo \$$v"
---
printf '%s\n' c a b | sort -r; printf '3 x\n1 y\n2 z\n' | sort -k1,1n | head -1
---
paste -d, <(seq 2) <(seq 3 4)
---
nl words.txt | head -2; rev <<< abc; seq 3 | tac
---
du -s . > /dev/null; echo $?; stat -c %s words.txt
---
comm -12 <(sort words.txt | uniq) <(printf 'apple\nfig\nzoo\n')
---
x=10; while ((x > 7)); do ((x--)); done; echo $x; do_it() { return 1; }; do_it || echo failed
---
total=0; for n in $(cat numbers.txt); do total=$((total + n)); done; echo "Total: $total"
---
start=$SECONDS; sleep 1; echo $((SECONDS - start))
---
mktemp -d /tmp/lab.XXXXXX > name; d=$(cat name); [ -d $d ] && rmdir $d && echo made
---
hash nosuchprogram 2>/dev/null || echo missing; [ -t 1 ] && echo terminal || echo no terminal
---
cat > gen.sh <<EOF
#!/bin/bash
echo generated \$1
EOF
bash gen.sh arg
---
a=1 b=2; echo $a$b; a=$b c=$a; echo $a $c
---
for f in *.csv; do echo "${f%.csv} has $(wc -l < "$f") lines"; done
---
arr=($(ls *.txt)); echo "${arr[@]}" ${#arr[*]}; for i in "${!arr[@]}"; do echo "$i: ${arr[$i]}"; done
---
echo "exit code of function"; f() { false; }; f; echo $?; f || echo caught
---
OMP=${SLURM_CPUS_PER_TASK:-1}; echo "threads $OMP"; export OMP_NUM_THREADS=$OMP; printenv OMP_NUM_THREADS
---
echo line1 > m.txt; sed -i 's/line/LINE/' m.txt; cat m.txt; rm -f m.txt nothing.txt; echo $?
---
task=7; inputs=(a b c d); echo "${inputs[$((task % 4))]}" "${inputs[task % 4]}"
---
sed -n "3p" words.txt; line=$(sed -n "$((1+1))p" words.txt); echo "got $line"
---
md5sum words.txt | cut -c1-8; echo abc | sha256sum | cut -c1-8; echo hi | base64
---
echo "unterminated
---
if true; then echo x
---
echo a; fi; echo b
---
echo ${bad!}; echo after
---
wait; jobs; echo $!; echo "<${empty}>"; echo "$(false)" $?
---
x=$(exit 3); echo $?; local y=1; echo $?
---
kill -l 15; kill -0 $$ && echo alive; kill 999999; echo $?
---
break; echo after; return 3; echo $?
---
f() { echo $FUNCNAME ${FUNCNAME[0]} $LINENO; }
f
---
echo "a:b:c" | awk -F: '{print NF, $NF}'; awk 'END {print NR}' words.txt; awk '/apple/ {n++} END {print n}' words.txt
---
awk '{c[$1]++} END {for (k in c) print k, c[k]}' words.txt | sort
---
awk -F: '$1 == "b" || $2 > 9 {print $0; n++} END {print n+0, NR}' <<< $'a:10\nb:2\nc:9'
---
awk '{ for (i = NF; i > 0; i--) printf "%s%s", $i, (i > 1 ? " " : "\n") }' <<< "one two three"
---
awk 'function max(a, b) { return a > b ? a : b } { m = max(m, length($0)) } END { print m }' words.txt
---
awk 'BEGIN { s = "a,b,c"; n = split(s, p, ","); print n, p[3]; gsub(/,/, "-", s); print s, toupper(substr(s, 1, 3)) }'
---
awk -F, 'NR > 1 { h[$1] = $2 * $3; t += h[$1] } END { printf "%.1f\n", t; if ("bert" in h) print h["bert"] }' table.csv
---
awk '/step 2/,/ERROR/ { print NR": "$0 }' log.out; awk 'match($0, /code=[0-9]+/) { print substr($0, RSTART, RLENGTH) }' log.out
---
awk 'BEGIN { while (i < 3) { i++; if (i == 2) continue; print i }; exit 3 }'; echo $?
---
awk 'BEGIN { print 1e6, 0.1 + 0.2, 1/3, 100000000, "3" + 4, 1 == 1.0, "a" "b" }'
---
awk '{ print > "w_" $1 }' words.txt; cat w_fig; sort -n numbers.txt | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
---
echo 1.5 2.5 | awk '{print $1+$2, $1*$2, int($2)}'; echo "x y" | awk '{t=$1; $1=$2; $2=t; print}'
---
nproc > /dev/null && id -u > /dev/null && whoami > /dev/null && echo known
---
trap 'echo exiting $?' EXIT; echo work; exit 3
---
trap 'echo caught' USR1; kill -USR1 $$; echo after
---
trap 'echo term; exit 7' TERM; kill $$; echo not reached
---
trap - EXIT; trap; trap 'echo a' EXIT; trap -p EXIT
---
trap 'echo int' INT TERM; trap -p | sort; trap '' INT; kill -INT $$; echo alive
---
cleanup() { rm -f tmp.$$; echo cleaned; }; trap cleanup EXIT; touch tmp.$$; false || echo went on
---
exec >log.txt; echo to file; exec >&2; cat log.txt
---
exec 3>three.txt; echo one >&3; exec 3>&-; cat three.txt
---
exec 2>&1; echo err >&2; ls nosuch
---
exec < words.txt; read a; read b; echo $a-$b
---
exec > >(tee out.log); echo x
---
set -euo pipefail; echo start; false; echo not reached
---
set -euo pipefail; echo "$nosuch"; echo not reached
---
set -euo pipefail; false | true; echo not reached
---
set -e; f() { false; echo in f; }; f && echo ok; f; echo no
---
set -e; if false; then :; fi; ! true; echo here; (exit 4); echo no
---
set -e; x=$(false); echo no
---
set -e; local_test() { local x=$(false); echo survived; }; local_test
---
set -x; a=1; echo $a "b c"; [ $a = 1 ]; for i in 1 2; do :; done
---
set -o noclobber; echo a > n; echo b > n; echo c >| n; cat n
---
set -- a "b c" d; echo $# "$2"; shift; echo $*; set --; echo $#
---
set -u; echo ${x:-none} ${x-} end; a=(); echo "${#a[@]}"
---
cat <<EOT
job $USER_X ${HOME} $((1+1)) `echo tick` \$HOME
EOT
---
cat <<'EOT'
$HOME `x` \$
EOT
---
cat <<-EOT
	tabbed
		twice
	EOT
---
cat <<EOT > script.sh
#!/bin/bash
for i in 1 2; do echo \$i; done
EOT
bash script.sh
---
cat <<A; cat <<B
one
A
two
B
---
while read -r name cpus; do echo "$cpus:$name"; done <<EOT
anna 24
bert 48
EOT
---
tr a-z A-Z <<< "$HOME here"; read x y <<< "1 2 3"; echo "$y"
---
printf -v s '%03d-%s' 7 x; echo $s; printf '%s\n' a b c; printf '%5.2f|%-5s|%5s|%x\n' 3.14159 ab cd 255
---
printf '%d %s\n' 1 a 2 b; printf '%%|%c|%e|%g\n' xyz 12345.678 0.0001; printf '%q\n' "a b"; printf '%b' 'x\ty\n'
---
printf '%s %d\n' abc notanumber; echo $?; printf '%(%Y)T\n' 0
---
[[ "job-12.out" =~ ([a-z]+)-([0-9]+)\.(out|err) ]]; echo ${BASH_REMATCH[@]} ${#BASH_REMATCH[@]}
---
re='^[0-9]+$'; [[ 42 =~ $re ]] && echo number; [[ 4x2 =~ $re ]] || echo no; [[ abc =~ b ]]; echo ${BASH_REMATCH[0]}
---
[[ -f words.txt && -s words.txt && ! -d words.txt ]] && echo file; [[ -z "" && -n x ]] && echo strings; [[ a < b ]] && echo less
---
[[ x == [xy] ]] && echo bracket; [[ abc != a? ]] && echo ne; [[ words.txt -nt nosuch ]] && echo newer; [[ -v HOME ]] && echo set
---
diff <(sort words.txt) <(sort -u words.txt); paste <(echo a) <(echo b); wc -l < <(seq 4)
---
while read -r l; do n=$((n+1)); done < <(seq 5); echo $n
---
{ time -p true; } 2> /dev/null; { time true; } 2>&1 | grep -c real; { time (exit 3); } 2> /dev/null; echo $?
---
TIMEFORMAT='%R'; { time true; } 2>&1 | cut -c2
---
while getopts "n:vh" o; do case $o in n) echo n=$OPTARG;; v) echo v;; h) echo h;; *) echo bad;; esac; done; shift $((OPTIND-1)); echo rest $*
---
set -- -v -n 5 x y; while getopts "n:v" o; do case $o in n) echo n=$OPTARG;; v) echo v;; esac; done; shift $((OPTIND-1)); echo rest $*
---
set -- -q -n; while getopts ":n:v" o; do echo "$o:${OPTARG-}"; done
---
set -- -q; while getopts "n:v" o; do echo "$o"; done; echo $?
---
echo $((7/2)) $((7%3)) $((-7/2)) $((2**8)) $((1<<4)) $((5&3)) $((5|3)) $((5^3)) $((~5)) $((3>2?10:20))
---
i=5; ((i+=3)); echo $i $((i++)) $((++i)) $((i--)); ((i>100)) || echo small; let i=i*2 j=3; echo $i $j
---
echo $((0x1F)) $((010)) $((2#1010)) $((16#ff)); x=3; y=x; echo $((y+1)) $(( (1+2)*3 )); echo $((a[1]+1))
---
echo $((1/0)); echo status $?
---
echo $((08)); echo next
---
echo {a,b}{1,2} {1..10..3} {z..x} pre{,fix} {a,{b,c}} {1..3}{a,b} "{1,2}" {single} {1..a}
---
mkdir -p run_{01..03}/out; ls -d run_*; echo file{1,2}.{txt,out}
---
mapfile -t lines < words.txt; echo ${#lines[@]} ${lines[1]}; mapfile -t -n 2 two < words.txt; echo ${two[@]}; readarray -t r < <(seq 3); echo ${r[2]}
---
a=(5 3 9); IFS=$'\n' sorted=($(sort -n <<< "${a[*]}")); echo "${sorted[@]}"; echo ${a[-1]} ${a[@]: -2}; unset IFS
---
declare -A h=([one]=1 [two]=2); for k in "${!h[@]}"; do echo $k; done | sort; echo ${h[two]} ${#h[@]}; unset 'h[one]'; echo ${!h[@]}; [[ -v h[two] ]] && echo has
---
declare -i n=5; n=n+2; echo $n; declare -r c=1; c=2; echo not $c
---
readonly R=1; R=2; echo after
---
declare -a arr; arr[3]=x; declare -p arr; x="a b"; declare -p x; export y=1; declare -p y
---
a=(1 2 3); for x in "${a[@]/#/n}"; do echo $x; done; echo ${a[@]/2/two}; b=("${a[@]}" 4); echo ${#b[@]}; echo ${a[*]//[12]/-}
---
f() { local -n ref=$1; ref=changed; }; v=old; f v; echo $v
---
x=HELLO; echo ${x,,} ${x,} ${x:1:3} ${x/L/l} ${x//L/l} ${x#H} ${x%O}; y=v; v=indirect; echo ${!y}; echo ${x@Q}
---
f() { echo "$FUNCNAME ${#FUNCNAME[@]} $LINENO"; return 2; }; f; echo $?; echo $BASH_SOURCE | wc -l
---
( cd sub; pwd | xargs basename ); basename $PWD | wc -l; { echo grouped; } > g; cat g
---
{ echo out; echo err >&2; } 2>&1 | sort; { echo out; echo err >&2; } > /dev/null 2>&1; echo both &> both; cat both; echo more &>> both; wc -l < both
---
echo a | { read x; echo got $x; }; echo b | read y; echo "y=$y"; seq 3 | while read n; do s=$((s+n)); done; echo "s=$s"
---
true | false | true; echo ${PIPESTATUS[@]}; false | true; echo $? ${PIPESTATUS[0]}
---
select x in a b; do echo got $x; break; done <<< 2
---
case "$(uname -s)" in Linux) echo linux;; Darwin|*BSD) echo other;; esac; case -n in -[a-n]) echo opt;; esac
---
n=0; until ((n>=3)); do ((n++)); done; echo $n; while :; do ((n--)) || break; done; echo $n
---
eval 'x=5; echo $x'; cmd="echo hi there"; $cmd; eval "$cmd"; type -t cd; type -t f; command -v ls; hash -r
---
source lib.sh; greet you; . ./lib.sh; echo $LIB; source nosuch.sh; echo $?
---
bash run.sh a b; echo $?; bash -c 'echo $0 $1' x y; bash -s z <<< 'echo s:$1'; sh -c 'echo sh'; chmod +x run.sh; ./run.sh q
---
echo "${HOSTNAME:+host}" $BASH_VERSION | cut -c1-6; echo $SECONDS; echo ${RANDOM:+random}; echo $EUID; echo $PPID | wc -w; echo $-
---
umask 077; touch priv; stat -c %a priv; umask; test -r priv && echo readable; ulimit -n > /dev/null && echo ok
---
echo $'tab\there' $'quote\'s' "dollar\$" a\ b; echo "a
b"; echo 'it'"'"'s'
---
echo ~ ~/x "~"; cd ~ 2>/dev/null; cd - > /dev/null; pushd sub > /dev/null; basename $PWD; popd > /dev/null; dirs | wc -l
---
x=1; x+=2; echo $x; a=1 b=2; echo $a$b; A=5 bash -c 'echo $A'; echo ${A:-unset}; export -n a; env | grep -c '^a='
---
if grep -q apple words.txt; then echo yes; else echo no; fi; ! grep -q nothing words.txt && echo negated
---
for f in *.txt; do echo "${f%.txt}"; done; for ((i=0,j=10; i<3; i++,j--)); do echo $i $j; done; for x; do echo $x; done
---
echo "start"; exit; echo no
---
nosuchcommand; echo $?; ./nosuchfile; echo $?; ./words.txt; echo $?; /; echo $?
---
for i in 1 2; do echo $i; done; done
---
echo a; echo b | ; echo c
---
seq 5 | xargs -n2 echo; echo a b | xargs -I{} echo "<{}>"; printf '1\n2\n' | xargs -P2 -n1 echo | sort
---
awk '{ s += $1 } END { print s, NR }' numbers.txt; awk -F, 'NR>1 { printf "%s %.2f\n", $1, $2*$3 }' table.csv; awk '/FAILED/ { print $2 }' log.out
---
date -u -d @86400 +%Y-%m-%d
---
echo '3*4+1' | bc; echo 'scale=2; 10/3' | bc; echo "$(( 10 * 3 / 4 ))"
---
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}; echo $OMP_NUM_THREADS; : "${INPUT:=default.in}"; echo $INPUT; cd "$(dirname "$0")" && echo ok
---
files=(*.txt); echo ${files[$((2-1))]}; line=$(sed -n "2p" words.txt); echo $line; IFS=, read -r a b c <<< "$(tail -1 table.csv)"; echo "$b"
---
log() { echo "[$(date +%Y | cut -c1-2)] $*"; }; log message; die() { echo "$@" >&2; exit 1; }; [ -f nosuch ] || die missing file
---
echo abc | tee a.txt b.txt | wc -c; cat a.txt b.txt; echo "x" | cat - words.txt | head -2
---
grep apple words.txt
---
grep -c apple words.txt; grep -vc apple words.txt
---
grep -n 'a.*e$' words.txt; echo $?
---
grep -o '[a-z]*=[0-9]*\|FAILED\|step' log.out
---
grep -E '(FAILED|ERROR)' log.out; grep -Eo '[0-9]+' log.out
---
grep -q FAILED log.out && echo found; grep -q nothing log.out || echo none
---
grep -i error log.out; grep -w step log.out; grep -x fig words.txt
---
grep nothing nosuch.txt; echo $?
---
grep -s nothing nosuch.txt; echo $?
---
grep apple words.txt log.out nosuch.txt; echo $?
---
grep -l ERROR *.out *.txt; grep -L ERROR *.out *.txt
---
grep -r inner .; grep -rn inner sub; grep -rl inner
---
grep -A1 FAILED log.out; grep -B1 FAILED log.out; grep -C1 -n FAILED log.out
---
grep -m1 step log.out; grep -h step log.out words.txt; grep -H fig words.txt
---
grep -F 'a.b' words.txt; grep -e pear -e fig words.txt; grep -f sub/inner.txt words.txt
---
grep '^[[:alpha:]]\{3\}$' words.txt; grep -E '^[[:alpha:]]{3}$' words.txt
---
grep 'a\+p' words.txt; grep -E 'ap?p' words.txt; grep 'p*l' words.txt
---
grep '\<step\>' log.out; grep 'code=[[:digit:]]' log.out
---
grep '(' log.out; grep -E '\(' log.out; echo $?
---
grep -E '(' log.out; echo $?
---
grep '[' log.out; echo $?
---
grep -P '\d+ ok' log.out
---
cat words.txt | grep -v apple | grep -c .
---
grep -v '^$' words.txt | head -2
---
grep -oE '[^,]+$' table.csv
---
grep '\(a\)n\1' words.txt
---
grep -2 FAILED log.out
---
grep -A1 -e apple words.txt
---
grep sub . ; echo $?
---
ls | grep -v '\.txt$'
---
sort words.txt; sort -r words.txt; sort -u words.txt
---
sort -n numbers.txt; sort numbers.txt; sort -rn numbers.txt
---
sort -t, -k2 -n table.csv; sort -t, -k2,2n table.csv; sort -t , -k 3,3rn table.csv
---
sort -t, -k1,1r table.csv | head -2
---
sort nosuch; echo $?
---
sort -c numbers.txt; echo $?; sort -c -n numbers.txt; sort -nu numbers.txt
---
printf '10K\n2M\n1G\n5\n' | sort -h
---
printf 'v1.10\nv1.9\nv1.2\n' | sort -V
---
printf 'b 2\na 2\nc 1\n' | sort -k2; printf 'b 2\na 2\nc 1\n' | sort -s -k2,2n
---
printf 'B\na\nC\nb\n' | sort -f; printf 'B\na\nC\nb\n' | sort
---
printf ' b\na\n  c\n' | sort; printf ' b\na\n  c\n' | sort -b
---
sort -o out.txt words.txt; cat out.txt; sort words.txt numbers.txt | head -3
---
sort -t: nosuch -k; echo $?
---
sort --key=2 -t, table.csv; sort -q; echo $?
---
sort sub; echo $?
---
printf '3\n-1\n2.5\n' | sort -n; printf '1e3\n20\n3\n' | sort -g
---
printf 'Feb\nJan\nDec\n' | sort -M
---
printf 'x y\nx  z\n' | sort -k2
---
tr a-z A-Z < words.txt; tr -d aeiou < words.txt; tr -s p < words.txt; echo a:b | tr : '\n'
---
uniq words.txt; sort words.txt | uniq -d; sort words.txt | uniq -c; uniq -u words.txt
---
wc -l words.txt; wc words.txt table.csv; wc -w < words.txt; wc -c words.txt
---
find . -name '*.txt' | sort; find . -type d | sort; find sub -type f -name 'in*'; find . -maxdepth 1 -name '*.out'
---
ls; ls -1 sub; ls nosuch; echo $?
---
head -n 2 words.txt; head -n -3 words.txt; tail -n 2 words.txt; tail -n +4 words.txt
---
comm -12 <(sort words.txt) <(sort -u words.txt); join -t, <(sort table.csv) <(sort table.csv) | head -1
---
expr 3 + 4; expr length abc; expr 5 / 0; echo $?
---
basename /a/b.txt .txt; dirname /a/b.txt
---
seq 3; seq 2 2 6; seq -s, 3; seq -w 8 10; seq 1 .5 2
---
date -d @0 -u +%F; date -u -d 2026-01-01 +%j
---
du -sh nosuch; echo $?; stat -c %s words.txt; md5sum words.txt
---
column -t -s, table.csv
---
tac words.txt; rev words.txt; nl words.txt; fold -w3 words.txt
---
split -l 2 words.txt part_; ls part_*; cat part_ab
---
sed -n 2p words.txt; sed 's/apple/X/' words.txt; sed -i 's/fig/FIG/g' words.txt; cat words.txt
---
sed '/apple/d' words.txt; sed -e 's/a/b/' -e 's/p/q/g' words.txt; sed -n '/fig/,$p' words.txt
---
sed -E 's/([a-z]+),([0-9]+)/\2 \1/' table.csv; sed 's/\(.*\),/\1;/' table.csv
---
sed '1d;$d' words.txt; sed -n '$=' words.txt; sed 2q words.txt; sed -n '2{p;q}' words.txt
---
sed 's|/|_|g' <<< /a/b; sed 's/.*/[&]/' words.txt; sed 'y/abc/xyz/' words.txt
---
sed '2i\inserted' words.txt; sed '2a appended' words.txt; sed '2c changed' words.txt; sed '2,3c changed' words.txt
---
sed 's/x' words.txt; echo $?; sed p nosuch; echo $?
---
sed -i.bak 's/pear/PEAR/' words.txt; cat words.txt.bak | head -1; head -1 words.txt
---
sed -n 's/.*code=\([0-9]*\).*/\1/p' log.out
---
sed 's/a/A/2' words.txt; sed 's/A/b/I' words.txt; sed '/^#/d;/^$/d' run.sh
---
sed '/apple/,/apple/d' words.txt; sed '2,+1d' words.txt; sed '1~2d' words.txt; sed '/fig/!d' words.txt
---
sed -n '/step 1/,/step 3/{s/step/STEP/;p}' log.out; sed '0,/apple/s/apple/FIRST/' words.txt
---
sed ':a;N;$!ba;s/\n/,/g' words.txt; sed 'N;s/\n/ /' words.txt; sed '$!N;P;D' words.txt
---
sed G numbers.txt; sed -n '1!G;h;$p' words.txt
---
sed 's/[aeiou]/\U&/g' words.txt; sed 's/\b./\u&/' words.txt; sed -r 's/(a)(n)/\2\1/g' words.txt
---
sed 's/a\|e/X/g' words.txt; sed -E 's/a|e/X/g' words.txt; sed 's/p\{2\}/PP/' words.txt; sed -E 's/p{2}/PP/' words.txt
---
sed 's/^/> /; s/$/ </' words.txt; sed 's/[[:space:]]*$//' words.txt; sed "s/[/]/x/g" <<< a/b
---
sed -n '/FAILED/=' log.out; sed k words.txt; echo $?; sed '/x' words.txt; echo $?
---
sed 's/^echo/mkdir -p results; echo/' run.sh; sed 's/set -e/set +e/; s/tail/true; tail/' run.sh
---
sed -e '/^name/d' -e 's/,/ /g' table.csv | sort; sed -n -e 2p -e 3p words.txt; sed -ne 2p words.txt
---
printf 'a\nb' | sed 's/b/c/'; printf '' | sed p; sed -s 1d words.txt numbers.txt; sed 1d words.txt numbers.txt
---
sed -i '/apple/d;s/pear/PEAR/' words.txt numbers.txt; cat words.txt numbers.txt
---
sed '3q5' words.txt; echo $?; sed -n '/pear/{n;p}' words.txt; sed 's#a#/#' words.txt
---
sed 's/.99//' <<< gcc/7.2.0.99; sed 's/\./-/g' <<< 1.2.3; sed 's/a.c/&&/' <<< abc; sed 's/a/\n/' <<< xay; sed 's/\t/ /' <<< "a	b"
---
sed -E 's/^([^,]*),.*/\1/' table.csv; sed 's/,.*//' table.csv; sed -n '1,2p;4p' table.csv; sed '$a last' words.txt
---
sed '1i #!/bin/bash' run.sh; sed '/bin/a\
second line' run.sh
---
x=1; echo ${x/#/n} ${x/%/n}
---
a=(1 2); echo "${a[@]/#/n}" "${a[@]/%/.txt}"
---
exec > >(cat > out.log); echo logged
---
exec > >(tee -a run.log) 2>&1; echo hello; ls nosuch
---
bash -c 'export -f nosuch'; f() { echo "f: $1"; }; export -f f; bash -c 'f x'; echo a b | xargs -n1 bash -c 'f $0'
---
PS3='? '; select x in a b c; do [ -n "$x" ] && break; done <<< $'9\n\n3' 2> /dev/null; echo $x $REPLY
'''.strip("\n").split("\n---\n")

# snippet -> why it differs
DIFFERENT = {
    'set -x; a=1; echo $a "b c"; [ $a = 1 ]; for i in 1 2; do :; done':
        'of a loop set -x does not show the head: the words are not kept as they were written',
    'diff <(sort words.txt) <(sort -u words.txt); paste <(echo a) <(echo b); wc -l < <(seq 4)':
        'diff finds another shortest list of changes, where several are equally short',
}
