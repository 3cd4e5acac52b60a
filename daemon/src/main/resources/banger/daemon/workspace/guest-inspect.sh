# Says what TARGET holds, as fields ended by NULs: what it is, then what was done in it since it was prepared.
# Arguments: TARGET, the old workspace's place while it is swapped, "all" to look at every branch and the stash besides
# HEAD (else at HEAD and the next), the ref that is to be moved in it (empty: none).
set -eu
target=$1 old=$2 what=$3 ref=$4
# A swap that was cut off between its two renames.
[ -e "$target" ] || [ -L "$target" ] || [ ! -d "$old" ] || mv -T -- "$old" "$target"
[ ! -L "$target" ] || { printf 'foreign\0'; exit 0; }
cd -- "$target" 2>/dev/null || { [ -e "$target" ] && printf 'foreign\0' || printf 'absent\0'; exit 0; }
if [ ! -f .git/banger/index ] || ! git rev-parse -q --git-dir >/dev/null 2>&1; then
    [ -n "$(ls -A)" ] || { printf 'absent\0'; exit 0; }
    printf 'foreign\0'
    ls -A | head -n 20 | tr '\n' '\0'
    exit 0
fi
: >.git/banger/looked
branches_now | git hash-object --stdin >.git/banger/seen
differing_now >.git/banger/differing
git hash-object --stdin <.git/banger/differing >>.git/banger/seen
count=$(tr -dc '\0' <.git/banger/differing | wc -c)
kind=workspace
# Each name is told up to four times, which shall fit into what the host takes.
[ "$count" -le 20000 ] && [ "$(wc -c <.git/banger/differing)" -le 3000000 ] || kind=overgrown
printf '%s\0' "$kind"
known=$(git for-each-ref --format='^%(objectname)' refs/banger/prepared refs/remotes/host)
{
    git rev-parse -q --verify HEAD || true
    if [ "$what" = all ]; then
        git for-each-ref --format='%(objectname)' refs/heads refs/stash
    elif [ -n "$ref" ]; then
        git rev-parse -q --verify "$ref" || true
    fi
} | sort -u >.git/banger/tips
tr '\n' '\0' <.git/banger/tips
printf 'commits//\0'
{ cat .git/banger/tips; [ -z "$known" ] || printf '%s\n' "$known"; } |
    git log --stdin --max-count=100 --format='%H %s' -- 2>/dev/null | tr '\n' '\0'
rm -f .git/banger/tips
# A name in these lists cannot be taken for the word between them, which holds a slash at its end.
printf 'files//\0'
if [ "$kind" = overgrown ]; then
    head -z -n 20 .git/banger/differing
    printf 'more//\0'
    exit 0
fi
cat .git/banger/differing
printf 'uncommitted//\0'
export LC_ALL=C
sort -z .git/banger/differing >.git/banger/sorted
{
    GIT_OPTIONAL_LOCKS=0 git diff --name-only -z --no-renames HEAD -- 2>/dev/null || true
    git ls-files -z -o --exclude-standard
} | sort -z | comm -z -1 -2 - .git/banger/sorted
rm -f .git/banger/sorted
# What is in those files, as the index of a work tree has it; not in large ones, as each has to be read.
printf 'contents//\0'
rm -f .git/banger/contents
sed -z 's|^|./|; /\/$/d' .git/banger/differing |
    xargs -0 -r sh -c 'find "$@" -maxdepth 0 \( -type l -o -type f -size -131072 \) -print0 2>/dev/null' sh |
    GIT_INDEX_FILE=.git/banger/contents git -c core.safecrlf=false update-index --add --info-only -z --stdin || true
GIT_INDEX_FILE=.git/banger/contents git ls-files -s -z
printf 'deleted//\0'
GIT_INDEX_FILE=.git/banger/index git ls-files -z -d
rm -f .git/banger/contents
