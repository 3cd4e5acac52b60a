# Fetches a commit and all that leads to it over stdin and stdout, into the repository at DIR.
# Arguments: DIR, the old workspace's place while it is swapped, where that belongs; "new" to begin an empty repository
# (else status 44 says that there is none), the object format, the commit, "deepen" where it was shallow until now.
set -eu
umask 022
dir=$1 old=$2 target=$3 how=$4 format=$5 commit=$6 deepen=$7
if [ "$how" = new ]; then
    # A swap that was cut off between its two renames.
    [ -e "$target" ] || [ -L "$target" ] || [ ! -d "$old" ] || mv -T -- "$old" "$target"
    rm -rf -- "$dir" "$old"
    mkdir -p -- "$dir"
    git init -q --object-format="$format" -- "$dir"
fi
cd -- "$dir" 2>/dev/null || exit 44
[ -d .git ] || exit 44
# Git gives its transport a stdin and stdout of its own, so ours need other numbers.
exec git -c protocol.version=0 -c gc.auto=0 -c maintenance.auto=false fetch -q --no-tags --update-shallow \
    --no-write-fetch-head $([ "$deepen" = deepen ] && [ -f .git/shallow ] && echo --unshallow) fd::3,4 \
    "+$commit:refs/banger/incoming" '+refs/heads/*:refs/remotes/host/*' '+refs/tags/*:refs/tags/*' 3<&0 4>&1 </dev/null >&2
