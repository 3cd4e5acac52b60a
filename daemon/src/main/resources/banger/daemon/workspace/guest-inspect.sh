# Says what TARGET holds, as fields ended by NULs: what it is, then what was done in it since it was prepared.
# Arguments: TARGET, "all" to look at every branch and the stash besides HEAD.
set -eu
[ ! -L "$1" ] || { printf 'foreign\0'; exit 0; }
cd -- "$1" 2>/dev/null || { [ -e "$1" ] && printf 'foreign\0' || printf 'absent\0'; exit 0; }
if [ ! -f .git/banger/index ] || ! git rev-parse -q --git-dir >/dev/null 2>&1; then
    printf 'foreign\0'
    ls -A | head -n 20 | tr '\n' '\0'
    exit 0
fi
printf 'workspace\0'
known=$(git for-each-ref --format='^%(objectname)' refs/banger/prepared refs/remotes/host)
{
    git rev-parse -q --verify HEAD || true
    [ "$2" != all ] || git for-each-ref --format='%(objectname)' refs/heads refs/stash
} | sort -u >.git/banger/tips
tr '\n' '\0' <.git/banger/tips
printf 'commits//\0'
{ cat .git/banger/tips; [ -z "$known" ] || printf '%s\n' "$known"; } |
    git log --stdin --max-count=100 --format='%H %s' -- 2>/dev/null | tr '\n' '\0'
rm -f .git/banger/tips
# A name in these lists cannot be taken for the word between them, which holds a slash at its end.
printf 'files//\0'
# A file that was only touched on the host has another time in the index than here: its content decides.
GIT_INDEX_FILE=.git/banger/index git update-index -q --refresh >/dev/null || true
{
    GIT_INDEX_FILE=.git/banger/index git diff-files -z --name-only --no-renames --ignore-submodules=none
    GIT_INDEX_FILE=.git/banger/index git ls-files -z -o --exclude-standard
} >.git/banger/differing
cat .git/banger/differing
printf 'uncommitted//\0'
GIT_OPTIONAL_LOCKS=0 git diff --name-only -z --no-renames HEAD -- 2>/dev/null || true
git ls-files -z -o --exclude-standard
# What is in those files, as the index of a work tree has it; not in large ones, as each has to be read.
printf 'contents//\0'
rm -f .git/banger/contents
sed -z 's|^|./|; /\/$/d' .git/banger/differing |
    xargs -0 -r sh -c 'find "$@" -maxdepth 0 \( -type l -o -type f -size -131072 \) -print0 2>/dev/null' sh |
    GIT_INDEX_FILE=.git/banger/contents git -c core.safecrlf=false update-index --add --info-only -z --stdin || true
GIT_INDEX_FILE=.git/banger/contents git ls-files -s -z
printf 'deleted//\0'
GIT_INDEX_FILE=.git/banger/index git ls-files -z -d
rm -f .git/banger/contents .git/banger/differing
