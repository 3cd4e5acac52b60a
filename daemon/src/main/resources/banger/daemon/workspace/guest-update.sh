# Unpacks stdin beside TARGET's files and then puts what came into place.
# Arguments: TARGET, the folder beside, the generation that TARGET must be, its HEAD commit, "check" to refuse where the
# guest has changed something.
set -eu
umask 022
target=$1 new=$2 generation=$3 head=$4 check=$5
cd -- "$target" 2>/dev/null || exit 44
[ "$(cat .git/banger/generation 2>/dev/null)" = "$generation" ] && [ ! -e .git/banger/applying ] || exit 44
trap 'rm -rf -- "$new"' EXIT
trap 'exit 129' HUP INT TERM
rm -rf -- "$new"
mkdir -p -- "$new"
if [ "$check" = check ]; then
    GIT_INDEX_FILE=.git/banger/index GIT_OPTIONAL_LOCKS=0 git status --porcelain=v2 --branch -z --no-renames \
        --untracked-files=all --ignore-submodules=none >"$new/status"
    grep -zqxF "# branch.oid $head" "$new/status" || exit 46
    ! grep -zqE '^(\?|u|[12] .[^.])' "$new/status" || exit 46
    rm -- "$new/status"
fi
tar -C "$new" --ignore-zeros --no-same-owner -p -xf -
[ -f "$new/.git/banger/complete" ] || { echo "the transfer ended early" >&2; exit 45; }
rm -- "$new/.git/banger/complete"
trap '' HUP INT TERM PIPE
: >.git/banger/applying
xargs -0 -r rm -rf -- <"$new/.git/banger/deleted"
xargs -0 -r rmdir --ignore-fail-on-non-empty -- <"$new/.git/banger/emptied" 2>/dev/null || true
rm -- "$new/.git/banger/deleted" "$new/.git/banger/emptied"
# Links instead of copies: what takes space has been written already.
cp -a -l --remove-destination -- "$new/." .
if [ -f .git/banger/ref ]; then
    sh .git/banger/ref
    rm -- .git/banger/ref
fi
rm -- .git/banger/applying
