# Unpacks stdin beside TARGET's files and then puts what came into place.
# Arguments: TARGET, the folder beside (names that begin as it does up to its last dot are for this only), the generation
# that TARGET must be, its HEAD commit, the ref that is to be moved (empty: none), "check" to refuse where the guest has
# changed something, "looked" where it has since guest-inspect.sh looked, "force" to do neither. Files that git ignores
# here and that would be overwritten are named on stdout, each ended by a NUL, and refused but with "force". Starting a
# program costs more than most of them do, so there are few.
set -eu
umask 022
target=$1 new=$2 generation=$3 head=$4 ref=$5 check=$6
cd -- "$target" 2>/dev/null || exit 44
read -r found 2>/dev/null <.git/banger/generation || exit 44
[ "$found" = "$generation" ] && [ ! -s .git/banger/applying ] || exit 44
unpacking=
trap '[ -z "$unpacking" ] || { kill "$unpacking"; wait "$unpacking"; } 2>/dev/null || true; rm -rf -- "$new"' EXIT
trap 'exit 129' HUP INT TERM
# What one that was cut off has left, or is still removing.
for left in "${new%.*}".*; do
    [ ! -e "$left" ] || rm -rf -- "$left"
done
exec 3<&0 </dev/null
tar -C "${new%/*}/" --one-top-level="${new##*/}" --ignore-zeros --no-same-owner -p -xf - <&3 &
unpacking=$!
# What a ref is, into $at, without a program: empty where it is not found so.
read_ref() {
    at=
    read -r at 2>/dev/null <".git/$1" || [ -n "$at" ] || [ ! -f .git/packed-refs ] ||
        while read -r id name; do [ "$name" != "$1" ] || at=$id; done <.git/packed-refs
}
# Another branch may be checked out than the one that is to be moved: neither may have commits of the guest's.
heads_are_prepared() {
    read -r at <.git/HEAD || return 1
    case $at in
    'ref: '*) read_ref "${at#ref: }" ;;
    esac
    [ "$at" = "$head" ] || return 1
    at=
    [ -z "$ref" ] || read_ref "$ref"
    [ -z "$at" ] || [ "$at" = "$head" ]
}
files_are_prepared() {
    differing=$(GIT_INDEX_FILE=.git/banger/index git ls-files -m -o --exclude-standard 3<&-) && [ -z "$differing" ]
}
# A few names, and the folders that they are in, are compared with the time of the first look.
none_is_newer() {
    [ -f "$new/.git/banger/touching" ] || return 1
    while IFS= read -r name; do
        [ ! -L "$name" ] && [ ! "$name" -nt .git/banger/looked ] || return 1
    done <"$new/.git/banger/touching"
}
# The host may have something anew where something is that git ignores here. Leaves: way, what has to make room; lost,
# what of it no preparation has brought and the host has not the same.
in_the_way() {
    : >.git/banger/way >.git/banger/lost
    [ -s "$new/.git/banger/added" ] || return 0
    standing_in . <"$new/.git/banger/added" >.git/banger/way
    [ ! -s .git/banger/way ] ||
        GIT_INDEX_FILE=.git/banger/index xargs -0 git --literal-pathspecs ls-files -z -o -- <.git/banger/way |
        differing_from "$new" >.git/banger/lost
}
if [ "$check" = check ]; then
    # One look at all files, while the archive comes.
    : >.git/banger/looked
    files_are_prepared && heads_are_prepared || exit 46
fi
wait "$unpacking"
unpacking=
[ -f "$new/.git/banger/complete" ] || { echo "the transfer ended early" >&2; exit 45; }
# And one before anything is put in place, as that may have taken long.
case $check in
check)
    { none_is_newer || files_are_prepared; } && heads_are_prepared || exit 46
    ;;
looked)
    as_looked_at || exit 46
    at=
    [ -z "$ref" ] || at=$(git rev-parse -q --verify "$ref") || at=
    ;;
esac
in_the_way
[ ! -s .git/banger/lost ] || cat .git/banger/lost
[ "$check" = force ] || [ ! -s .git/banger/lost ] || exit 47
trap '' HUP INT TERM PIPE
echo yes >.git/banger/applying
[ ! -s .git/banger/way ] || xargs -0 rm -rf -- <.git/banger/way
[ ! -s "$new/.git/banger/deleted" ] || xargs -0 rm -rf -- <"$new/.git/banger/deleted"
[ ! -s "$new/.git/banger/emptied" ] ||
    xargs -0 rmdir --ignore-fail-on-non-empty -- <"$new/.git/banger/emptied" 2>/dev/null || true
# Links instead of copies: what takes space has been written already.
cp -a -l --remove-destination -- "$new/." .
if [ -f "$new/.git/banger/ref" ]; then
    if [ "$check" = force ]; then
        sh .git/banger/ref
    else
        sh .git/banger/ref "$at"
    fi
    rm -- .git/banger/ref
fi
: >.git/banger/applying
trap - EXIT
# Nobody has to wait for that.
rm -rf -- "$new" >/dev/null 2>&1 3<&- &
