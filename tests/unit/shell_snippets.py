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
'''.strip("\n").split("\n---\n")

# snippet -> why it differs
DIFFERENT = {}
