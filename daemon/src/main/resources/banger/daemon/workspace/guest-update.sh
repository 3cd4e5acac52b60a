# Unpacks stdin beside TARGET's files and then puts what came into place.
# Arguments: TARGET, the folder beside, the generation that TARGET must be, its HEAD commit, "check" to refuse where the
# guest has changed something. Starting a program costs more than most of them do, so there are few.
set -eu
umask 022
target=$1 new=$2 generation=$3 head=$4 check=$5
cd -- "$target" 2>/dev/null || exit 44
read -r found 2>/dev/null <.git/banger/generation || exit 44
[ "$found" = "$generation" ] && [ ! -e .git/banger/applying ] || exit 44
trap 'rm -rf -- "$new"' EXIT
trap 'exit 129' HUP INT TERM
[ ! -e "$new" ] || rm -rf -- "$new"
mkdir -p -- "$new"
if [ "$check" = check ]; then
    # HEAD's line, and the first that tells of a change: there must be the one and not the other.
    found=$(GIT_INDEX_FILE=.git/banger/index GIT_OPTIONAL_LOCKS=0 git status --porcelain=v2 --branch -z --no-renames \
        --untracked-files=all --ignore-submodules=none | grep -zE -m 2 '^(# branch\.oid |\?|u|[12] .[^.])' | tr '\0' '|')
    [ "$found" = "# branch.oid $head|" ] || exit 46
fi
tar -C "$new" --ignore-zeros --no-same-owner -p -xf -
[ -f "$new/.git/banger/complete" ] || { echo "the transfer ended early" >&2; exit 45; }
trap '' HUP INT TERM PIPE
: >.git/banger/applying
[ ! -s "$new/.git/banger/deleted" ] || xargs -0 rm -rf -- <"$new/.git/banger/deleted"
[ ! -s "$new/.git/banger/emptied" ] ||
    xargs -0 rmdir --ignore-fail-on-non-empty -- <"$new/.git/banger/emptied" 2>/dev/null || true
rm -- "$new/.git/banger/complete" "$new/.git/banger/deleted" "$new/.git/banger/emptied"
# Links instead of copies: what takes space has been written already.
cp -a -l --remove-destination -- "$new/." .
[ ! -f .git/banger/ref ] || sh .git/banger/ref
rm -rf -- "$new" .git/banger/ref .git/banger/applying
trap - EXIT
