# Unpacks stdin beside TARGET's files and then puts what came into place.
# Arguments: TARGET, the folder beside (names that begin as it does up to its last dot are for this only), the generation
# that TARGET must be, its HEAD commit, "check" to refuse where the guest has changed something. Starting a program costs
# more than most of them do, so there are few.
set -eu
umask 022
target=$1 new=$2 generation=$3 head=$4 check=$5
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
if [ "$check" = check ]; then
    # One look at all files, while the archive comes.
    differing=$(GIT_INDEX_FILE=.git/banger/index git ls-files -m -o --exclude-standard 3<&-) && [ -z "$differing" ] ||
        exit 46
    # HEAD's commit, without a program: what is not found so is looked at more closely.
    read -r at <.git/HEAD || exit 46
    case $at in
    'ref: '*)
        ref=${at#ref: } at=
        read -r at 2>/dev/null <".git/$ref" ||
            while read -r id name; do [ "$name" != "$ref" ] || at=$id; done <.git/packed-refs
        ;;
    esac
    [ "$at" = "$head" ] || exit 46
fi
wait "$unpacking"
unpacking=
[ -f "$new/.git/banger/complete" ] || { echo "the transfer ended early" >&2; exit 45; }
trap '' HUP INT TERM PIPE
echo yes >.git/banger/applying
[ ! -s "$new/.git/banger/deleted" ] || xargs -0 rm -rf -- <"$new/.git/banger/deleted"
[ ! -s "$new/.git/banger/emptied" ] ||
    xargs -0 rmdir --ignore-fail-on-non-empty -- <"$new/.git/banger/emptied" 2>/dev/null || true
# Links instead of copies: what takes space has been written already.
cp -a -l --remove-destination -- "$new/." .
if [ -f "$new/.git/banger/ref" ]; then
    sh .git/banger/ref
    rm -- .git/banger/ref
fi
: >.git/banger/applying
trap - EXIT
# Nobody has to wait for that.
rm -rf -- "$new" >/dev/null 2>&1 3<&- &
