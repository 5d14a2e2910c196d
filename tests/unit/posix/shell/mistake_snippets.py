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
'''.strip("\n").split("\n---\n")
