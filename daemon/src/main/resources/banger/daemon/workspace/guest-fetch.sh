# Fetches a commit and all that leads to it over stdin and stdout, into the repository at DIR.
# Arguments: DIR, the old workspace's place while it is swapped, where that belongs; the generation that DIR must be
# (status 44 says that it is not), or "new" to begin an empty repository; the object format, the commit, "deepen" where it
# was shallow until now, "force" where tags of the guest's may go.
set -eu
umask 022
dir=$1 old=$2 target=$3 generation=$4 format=$5 commit=$6 deepen=$7 force=$8
tags='+refs/tags/*:refs/tags/*'
if [ "$generation" = new ]; then
    # A swap that was cut off between its two renames.
    [ -e "$target" ] || [ -L "$target" ] || [ ! -d "$old" ] || mv -T -- "$old" "$target"
    rm -rf -- "$dir" "$old"
    mkdir -p -- "$dir"
    git init -q --object-format="$format" -- "$dir"
    cd -- "$dir"
else
    cd -- "$dir" 2>/dev/null && [ -d .git ] || exit 44
    read -r found 2>/dev/null <.git/banger/generation || exit 44
    [ "$found" = "$generation" ] && [ ! -s .git/banger/applying ] || exit 44
    [ "$force" = force ] || tags='+refs/tags/*:refs/banger/tags/*'
fi
# Git gives its transport a stdin and stdout of its own, so ours need other numbers.
git -c protocol.version=0 -c gc.auto=0 -c maintenance.auto=false fetch -q --no-tags --update-shallow \
    --no-write-fetch-head $([ "$deepen" = deepen ] && [ -f .git/shallow ] && echo --unshallow) fd::3,4 \
    "+$commit:refs/banger/incoming" '+refs/heads/*:refs/remotes/host/*' "$tags" 3<&0 4>&1 </dev/null >&2
# As in any fetch, a tag that is there stays as it is.
[ -z "$(git for-each-ref --count=1 refs/banger/tags)" ] ||
    git -c gc.auto=0 -c maintenance.auto=false fetch -q --no-tags --no-write-fetch-head . 'refs/banger/tags/*:refs/tags/*' \
        </dev/null >/dev/null 2>&1 || true
