"""Wrong words, and what else may not end a shell: snippets as in shell_snippets.py.

Each is run by bash and by our shell; stdout, stderr and the exit code must be the same.
"""

SNIPPETS = r'''
[[ a =~ [ ]]; echo $?
---
r='['; [[ a =~ $r ]]; echo $?; echo after
---
f() { return abc; echo in; }; f; echo $?
---
f() { return 1 2; echo in; }; f; echo $?
---
umask 999; echo $?; umask
---
umask u=rwx,g=rx,o=; umask; umask -S; umask g-x; umask; umask u=z; echo $?; umask -x; echo $?
---
kill -l FOO; echo $?
---
kill -l; echo $?
---
kill -l 137; kill -l 9 TERM sigint; kill -l 999; echo $?
---
for i in 1 2; do break abc; echo in; done; echo $?
---
for i in 1 2; do break 0; echo in; done; echo $?; for i in 1 2; do continue -1; echo in; done; echo $?
---
for i in 1 2; do break 1 2; echo in; done; echo $?
---
exit --5
---
exit 1 2; echo $?
---
echo abc | { read -n abc x; echo $? $x; }
---
read -N -1 x <<< abc; echo $?
---
read -u abc x <<< a; echo $?
---
read -t abc x <<< a; echo $?; read -t 0 x <<< a; echo $?
---
read 1x <<< a; echo $?
---
read -z x <<< a; echo $?
---
read -n; echo $?
---
printf -v; echo $?
---
printf -v 1x a; echo $?; printf; echo $?
---
shift abc; echo $?; shift -1; echo $?; set -- a b c; shift 5; echo $?; shift 2; echo $1
---
getopts; echo $?; OPTIND=abc; getopts a x -a; echo $? $x
---
wait abc; echo $?; wait %abc; echo $?; wait 99999; echo $?
---
trap x FOO; echo $?; trap x 999; echo $?; trap 999; echo $?
---
kill; echo $?; kill -FOO 1; echo $?; kill abc; echo $?; kill -s; echo $?; kill %5; echo $?
---
ulimit -n abc; echo $?
---
mapfile -n abc x < words.txt; echo $?; mapfile -s -1 x < words.txt; echo $?; mapfile -u abc; echo $?; mapfile -u 9; echo $?
---
mapfile 1x < words.txt; echo $?
---
cd a b; echo $?; cd nosuch; echo $?; cd -z; echo $?; cd ''; echo $?
---
source; echo $?; . nosuch; echo $?; . sub; echo $?
---
eval 'if'; echo after $?
---
eval 'echo a; )'; echo after $?
---
echo 'if' > bad.sh; . ./bad.sh; echo after $?
---
set -o nosuch; echo $?; set -Z; echo $?; set -o > /dev/null; echo $?
---
shopt -s nosuch; echo $?; shopt nosuch; echo $?
---
unset 1x; echo $?; readonly r=1; unset r; echo after $?; unset -x; echo $?
---
export 1x=3; echo $?; declare 1x=3; echo $?; local x; echo $?; readonly 1x; echo $?; declare -z; echo $?
---
alias nosuch; echo $?; unalias nosuch; echo $?; unalias; echo $?
---
popd; echo $?; pushd nosuch; echo $?; pushd; echo $?
---
exec nosuch; echo after
---
readonly x=1; x=2 true; echo after $?
---
readonly x=1; x=2 ls > /dev/null; echo after $?
---
readonly x=1; f() { echo in; }; x=2 f; echo after $?
---
readonly x=1; read x <<< 2; echo after $?
---
readonly x=1; printf -v x a; echo after $?
---
readonly x=1; for x in 1 2; do echo in; done; echo after $?
---
readonly x=1; declare x=2; echo after $?; export x=3; echo after $?; local x=2; echo $?
---
readonly x=1; f() { local x=2; echo in $x; }; f; echo after $?
---
readonly x=1; ((x=2)); echo after $?; echo $((x=3)); echo no
---
readonly x=1; unset x; echo after $?; unset 'x[0]'; echo after $?
---
eval 'echo ${bad!}'; echo after $?
---
eval $'echo a\nif'; echo after $?
---
trap 'if' EXIT; echo a
---
trap 'if' USR1; kill -USR1 $$; echo after $?
---
eval 'nosuch'; eval 'echo $((1/0))'; echo after $?
---
printf 'if\n' > env.sh; BASH_ENV=env.sh bash -c 'echo in'; echo $?
---
printf 'echo start\nreturn 3\necho no' > env.sh; BASH_ENV=env.sh bash -c 'echo in $?'; echo $?
---
printf 'break; continue\necho on\n' > env.sh; BASH_ENV=env.sh bash -c 'echo in $?'; echo $?
---
BASH_ENV=sub bash -c 'echo in'; echo $?
---
SHLVL=abc bash -c 'echo $SHLVL'; SHLVL=-3 bash -c 'echo $SHLVL'
---
x=abc; declare -i x; x+=1; echo $x
---
x='1+'; declare -i x; x+=1; echo $x
---
declare -n r=r; echo $?
---
case x in [z-a]) echo y;; *) echo n;; esac; [[ x == [z-a] ]]; echo $?; ls [z-a]* ; echo ${HOME//[z-a]/x}
---
x='+(a'; case z in $x) echo y;; *) echo n;; esac; case '+(a' in $x) echo y;; *) echo n;; esac
---
[ 99999999999999999999 -eq 1 ]; echo $?; [ ² -eq 1 ]; echo $?; [ 1_0 -eq 10 ]; echo $?
---
echo $'a\0b'c; [ -f $'a\0b' ]; echo $?; printf -v x 'a\0b'; echo $x
---
printf 'a\0b\n' | { read x; echo $x; }
---
printf '\UFFFFFFFF' | wc -c; printf '\ud800' | wc -c; printf '\xff' | wc -c; printf '\377' | wc -c; echo -e '\xc3\xa9'; printf '\u00e9\n'
---
printf '%d %x\n' -1 -1; printf '%d\n' 0x; printf '%d\n' 08; printf '%f\n' abc; printf '%d\n' "'"; printf '%d\n' 1_0; echo $?
---
printf '%z\n' a; echo $?; printf '%'; echo $?; printf '%5'; echo $?
---
echo $((99#1)); echo after
---
echo $((1#0)); echo after
---
echo $((2**999999999)) $((3**999999999)) $((2**63)) $((2**64)) $((-2**3)); echo $((2**-1)); echo after
---
x=; set -u; echo $((x+1)); echo $((y+1)); echo no
---
a=(); set -u; echo $((a[0]+1)); echo no
---
a[-1]=3; echo after $?; echo "${a[-1]}"; echo on
---
echo ${x:0:-1}; x=abc; echo ${x:2:-2}; echo on
---
x='a b'; echo ${!x}; echo on $?
---
x='1a'; echo ${!x}; echo on
---
function f { echo body; }; declare -f f > /dev/null; export -f f; bash -c f
---
function f { echo "(x)"; }; export -f f; bash -c f; function g() { echo g; }; export -f g; bash -c g; function h
{ echo h
}
export -f h; bash -c h
---
{ echo x; } >a >b$((1/0)); echo after; cat a
---
set --; echo "${@:?msg}"; echo no
---
set --; echo "${*:?}"; echo no
---
set --; echo "${@:=x}"; echo no
---
a=(); echo "${a[@]:?none}"; echo no
---
echo ${1:=x}; echo no
---
f() { echo $((1/0)); echo in; }; eval f; echo after $?
---
set -e; eval 'if'; echo after
---
set -e; eval 'if' || echo or; . nosuch || echo or2
---
(eval 'if'; echo in); x=$(eval ')'; echo $?); echo $x
---
trap 'echo $((1/0))' EXIT; echo a
---
command eval 'if'; echo $?; eval 'return 3'; echo $?; f() { eval 'return 3'; echo no; }; f; echo $?
---
sleep 5 & kill %1; wait %1; echo $?; sleep 2 & kill %%; wait %1; echo $?; sleep 2 & sleep 3 & kill %+ ; kill %- ; wait; kill %9
---
sleep 1 & wait; sleep 5 & jobs; kill %1; echo $?
---
sleep 3 & kill %sleep; echo $?; kill %?eep; echo $?; kill %nosuch; echo $?; wait
---
{ sleep 1; echo x; } & jobs; wait
---
bash -o pipefail -c 'false | true; echo $?'; bash -eo pipefail -c 'false | true; echo $?'; bash +o pipefail -c 'echo x'; bash -c -e 'false; echo no'; bash - -c x; echo $?
---
printf 'ab\ncd' | { read -N 4 x; echo "<$x>"; }; printf 'éàx' | { read -N 2 x; echo "<$x>"; read -n 1 y; echo $y; }; printf 'a b\n' | { read -N 10 x y; echo "$? <$x> <$y>"; }
---
mapfile -O 2 -t a < words.txt; echo ${!a[@]}; a=(x y z); mapfile -O 5 -t a < sub/inner.txt; echo ${!a[@]}; mapfile -d : -t b <<< a:b:c; echo ${#b[@]}; mapfile -d '' c < words.txt; echo ${#c[@]}; mapfile -n 1 -s 1 a < words.txt; echo ${a[@]}
---
x='a\tb\nc'; echo "${x@E}"; y='a "b" $z'; echo "${y@A}" "${x@Q}"; declare -r r=1; echo "${r@A}" "${r@a}"; a=(1 2); echo "${a@A}" "${a[@]@A}" "${a@a}"; x='$HOME'; echo "${x@P}"; x=abc; echo "${x@U}" "${x@u}" "${x@Z}"; echo no
---
shopt -s nosuch; shopt -s checkwinsize; shopt -q extglob; echo $?; shopt -u extglob; unalias -a; alias x=y; unalias -a; alias; echo $?
---
export -n x=5; echo $x; declare -p x; y=1; export y; export -n y=2; declare -p y; declare -n r=z; r=3; export -n r=7; declare -p z r
---
printf 'b\0a\0' | sort -z | tr '\0' '\n'; sort -z words.txt | wc -c
---
printf 'a\0b\nc\0' | sed -z 's/^/x/' | tr '\0' '|'; printf 'a\nb\0c\n' | sed -z 's/\n/,/g' | tr '\0' '|'; printf 'a\0b\0' | grep -z b | tr '\0' '|'; printf 'a\nb\0c\0' | grep -zc .; printf 'a\0b\0' | sed -zn '$p' | tr '\0' '|'; sed -z 's/\n/,/g' words.txt; sed -z q words.txt | wc -l
---
echo a | grep '[z-a]'; echo $?; echo a | grep -E 'a{2,1}'; echo $?; echo a | grep -E 'a{99999}'; echo $?; echo a | grep '\(a\)\2'; echo $?
---
echo aaa | grep -oE 'a**'; echo a | grep -E 'a++'; echo aab | sed -E 's/a+?/x/'; echo aab | grep -oE '(a+)*b'; echo a | sed -E 's/a**/x/'
---
echo a | sed 's/[z-a]/x/'; echo $?; echo a | sed -E 's/a{2,1}/x/'; echo $?; echo a | sed 's/a/\1/'; echo $?; echo a | sed 's/a/b/0'; echo $?; echo a | sed 's/a/b/gg'; echo $?; echo a | sed 's/a/b/pp'; echo $?
---
echo 'obase=2; 2^70' | bc; echo 'obase=20; 399' | bc; echo 'obase=8; 8.5' | bc; echo 'scale=3;obase=16; 10.75' | bc
---
echo 'sqrt(-1)' | bc; echo '2^-1' | bc; echo '2^10000' | bc | wc -c; bc nosuch; echo $?; echo 'scale=-1' | bc; echo '3;last+1' | bc; echo '10^400/3' | bc | wc -c
---
seq -f '%d' 3; echo $?; seq -f a 3; echo $?; seq -f '%g%g' 3; echo $?; seq nan; echo $?; seq 1_0; echo $?; seq -s; echo $?; seq 1 2 3 4; echo $?; seq -f '%x' 3; echo $?; seq --separator=, 3; seq -f % 3; echo $?
---
date -d; echo $?; timeout -k 5s 1 true; echo $?; timeout -sFOO 1 true; echo $?; timeout -k x 1 true; echo $?; timeout -k; echo $?
---
/bin/echo -e 'a\tb\c' x; /bin/echo -n a; /bin/echo -E 'a\tb'; /bin/echo -ne 'x\n'; env echo -e 'a\nb'
---
printf 'a b\nc d \ne\n' | xargs -L 1 echo x; printf 'a b\nc\n\nd e\n' | xargs -L2 echo; printf 'a b c\n' | xargs -n abc echo; echo $?; xargs -n; echo $?; xargs -z; echo $?; printf 'a\n' | xargs -n 0 echo; echo $?; printf 'a b' | xargs -t echo; xargs -a words.txt echo < /dev/null; xargs -a nosuch echo; echo $?
---
tail -n abc words.txt; echo $?; tail -c abc words.txt; echo $?; head -n abc words.txt; echo $?; head -n; echo $?; tail -n; echo $?; head -y words.txt; echo $?; tail -y words.txt; echo $?; head -n 1_0 words.txt; echo $?; tail -n +-1 words.txt; echo $?
---
awk 'BEGIN { OFS = 1; print 2, 3 }'; awk 'BEGIN { print log(0), 2^10000, -2^10001, exp(1000), 0^-1, int(2^10000) }'; awk 'BEGIN { FS = "\\"; $0 = "a\\b"; print $2 }'; awk 'BEGIN { print > "nosuch/x" }' 2> /dev/null; echo $?; awk 'BEGIN { next }' 2> /dev/null; echo $?; echo a | awk '$0 ~ "("' 2> /dev/null; echo $?; echo 'a b' | awk '{ NR = "x"; print NR }'
---
seq 30000 | awk '{ print > "/dev/stderr" }' 2>&1 | wc -l
---
timeout -k x 1 sleep 1; echo $?; timeout -s FOO 1 sleep 1; echo $?; timeout; echo $?; timeout 1; echo $?; timeout -k; echo $?; timeout -z 1 true; echo $?; timeout abc true; echo $?; timeout -- 1 true; echo $?; timeout --preserve-status 1 sleep 4; echo $?; timeout nosuch; timeout 1 nosuch; echo $?
---
stdbuf -oL -eL echo a; stdbuf -o L -e0 echo b; stdbuf -oL; echo $?; stdbuf echo; echo $?; stdbuf --output=L echo c; stdbuf -oX echo d; echo $?
---
nice -n 5 echo a; nice -5 echo b; nice --adjustment=5 echo c; nice -n abc echo d; echo $?; nice -n; echo $?; nice -n5 echo e; nice -n 5; echo $?; nice nosuch; echo $?
---
env -u; echo $?; env -u HOME printenv HOME; echo $?; env -uHOME printenv HOME; echo $?; env --unset=HOME printenv HOME; echo $?; env -z; echo $?; env -i; env nosuch; echo $?; env -i A=1 -u A printenv A; echo $?; env - B=2 printenv; env -C sub pwd | xargs basename; env -S 'printenv HOME'; env -- printenv HOME
---
nohup; echo $?; nohup nosuch; echo $?
---
dirname; echo $?; basename; echo $?; basename -s; echo $?; basename -s .txt a.txt b.txt; basename -a a/b c/d; basename a b c; echo $?; basename -z a | tr '\0' x; basename --suffix=.txt x/a.txt; dirname -z /a/b | tr '\0' x; dirname -q; echo $?
---
ln; echo $?; ln -s; echo $?; ln words.txt; echo $?; ln nosuch x; echo $?; ln -s a b; ln -s a b; echo $?; ln words.txt table.csv sub; ls sub; ln a b c; echo $?; ln sub d; echo $?; ln -sv words.txt l; ln -z; echo $?; ln -s ../words.txt sub; readlink sub/words.txt; ln -t sub -s x y; ls sub; ln -sT q sub; echo $?
---
chmod; echo $?; chmod 644; echo $?; chmod +x; echo $?; chmod abc words.txt; echo $?; chmod 999 words.txt; echo $?; chmod u+z words.txt; echo $?; chmod b+x words.txt; echo $?; chmod 77777 words.txt; echo $?; chmod +x nosuch; echo $?; chmod -z words.txt; echo $?
---
touch -t 202001021530 a; stat -c %Y a; touch -t 202001021530.30 a; stat -c %Y a; touch -t abc a; echo $?; touch -r a b; stat -c %Y b; touch -r nosuch b; echo $?; touch; echo $?; touch -d nonsense a; echo $?; touch -d 2020-01-01 a; stat -c %Y a; touch -z; echo $?; touch nosuch/x; echo $?; touch -t 01021530 a; touch -t; echo $?; touch -m -d @0 a;  stat -c %Y a
---
head -n 1K words.txt | wc -l; head -c 1k words.txt | wc -c; tail -c 2b words.txt | wc -c; head -n +2 words.txt; tail -n -2 words.txt; tail -n 0 words.txt; tail -n +0 words.txt; tail -c +30 words.txt; tail -2c words.txt; head -2 -q words.txt; tail -1 words.txt; tail -n -2 -q words.txt table.csv; head -c -20 words.txt
---
mkdir -m abc x; echo $?; mkdir -m 700 y; stat -c %a y; mkdir -m u=rwx,go= z; stat -c %a z; mkdir -z; echo $?; mkdir -p y; mkdir y/a/b; echo $?; mkdir -v q; mkdir; echo $?; rmdir; echo $?; rm; echo $?; rm -z; echo $?; rmdir nosuch; echo $?; rm -f; echo $?; cp; echo $?; cp a; echo $?; mv; echo $?; mv words.txt; echo $?
---
mktemp -p; echo $?; mktemp aXX; echo $?; mktemp -d nosuch/XXXXX; echo $?; mktemp -q nosuch/XXXX; echo $?; mktemp a b; echo $?; realpath; echo $?; readlink; echo $?
---
wc -z words.txt; echo $?; wc nosuch words.txt; echo $?; cat -z; echo $?; tee -z; echo $?; cat sub; echo $?; tee sub < words.txt | wc -l; diff; echo $?; diff a; echo $?; diff nosuch words.txt; echo $?
---
sleep; echo $?; sleep abc; echo $?; sleep -1; echo $?; sleep 1x; echo $?; sleep 0.1 nan; echo $?; sleep 1_0; echo $?
---
seq abc; echo $?; seq 1 0 3; echo $?; seq -f '%d' 3; echo $?; seq -f '%s' 3; echo $?; seq -f 'a' 3; echo $?; seq -f '%g%g' 3; echo $?; seq nan; echo $?; seq 1_0; echo $?; seq -s; echo $?; seq 1 2 3 4; echo $?; seq -f '%' 2; echo $?; seq -f '%05.2f' 2; seq -f '%%%g' 2; seq 1e1 | wc -l; seq -f '%x' 3; echo $?
---
echo 'obase=16; 255; 10; 4096' | bc; echo 'obase=2; 10; -5; 0' | bc; echo 'ibase=16; FF; A' | bc; echo 'obase=16; ibase=2; 1111' | bc; echo 'ibase=2; obase=1010; 111' | bc
---
echo 'l(0)' | bc -l; echo $?; echo 'l(-1)' | bc -l; echo 'e(1)' | bc -l; echo 'l(2)' | bc -l; echo 's(1); c(1); a(1)' | bc -l; echo 'e(2)' | bc -l
---
printf 'aXa\nbYb\nabab\ncc\n' | grep -e '\(a\)X\1' -e '\(b\)Y\1'; printf 'abab\nxyyx\n' | grep -E -e '(ab)\1' -e '(x)(y)\2\1'; printf 'aa\nbb\n' | grep -x -e '\(.\)\1' -e q; printf 'ab12\n' | grep -o -e '[a-z]\(b\)' -e '\(1\)2'
---
echo a | sed '0p'; echo $?; echo a | sed '0,2p'; echo $?; echo a | sed -f nosuch; echo $?; echo a | sed 'b x'; echo $?; echo a | sed ': '; echo $?; sed p sub; echo $?
---
chmod u=rwx,g=u,o=g-x words.txt; stat -c %a words.txt; chmod u+rw-x+x words.txt; stat -c %a words.txt; chmod -R go-r sub; stat -c %a sub/inner.txt; chmod -R a+X sub; stat -c %a sub; chmod -v 600 words.txt; chmod --reference=sub words.txt; stat -c %a words.txt
---
chmod u+s words.txt; test -u words.txt && echo u; chmod g+s words.txt; test -g words.txt && echo g; chmod +t words.txt; test -k words.txt && echo t; chmod a-st words.txt; test -u words.txt || echo gone
---
printf 'a\0b\n' > bin; . ./bin; echo $?; bash bin; echo $?
---
seq 99999999999999 | head -2; seq -w 8 11; seq -w 0 .5 1; seq -w -2 1; seq -s, 1500 | wc -c; seq 3 1; seq 1 -1 -1; seq -w 5 -1 3 | head -9; seq 0.1 0.1 0.3; seq -w 1 10.5 | head -1
'''.strip("\n").split("\n---\n")
