# Fetches what the guest exports into a repository of its own, and checks it before anything else reads it.
# Arguments: the scratch repository, the object format, the host repository's objects as git quotes them (or empty), the commit that both
# know (or empty), the largest file in bytes. Leaves: links, what git's raw format says of each symbolic link that the
# commits add or change, and its name, each ended by a NUL; link-ids, the ids of what they point to, each on a line.
set -eu
quarantine=$1 format=$2 objects=$3 base=$4 largest=$5
# Nothing of the user's configuration: what is fetched is not trusted, and patches shall not depend on it.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git init -q --bare --object-format="$format" --template= -- "$quarantine"
cd -- "$quarantine"
mkdir -p objects/info
[ -z "$objects" ] || printf '%s\n' "$objects" >objects/info/alternates
[ -z "$base" ] || ! git cat-file -e "$base^{commit}" 2>/dev/null || git update-ref refs/banger/base "$base"
# Git gives its transport a stdin and stdout of its own, so ours need other numbers.
git -c protocol.version=0 -c transfer.fsckObjects=true -c fetch.unpackLimit=1 -c gc.auto=0 -c maintenance.auto=false \
    -c core.fsync=none fetch -q --no-tags --update-shallow --no-write-fetch-head fd::3,4 \
    +refs/banger/export:refs/banger/export 3<&0 4>&1 </dev/null >&2
git rev-list --objects refs/banger/export $(git for-each-ref --format='^%(objectname)' refs/banger/base) >objects.list
git cat-file --batch-check='%(objecttype) %(objectsize) %(rest)' <objects.list >sizes.list
awk -v largest="$largest" '$1 == "blob" && $2 + 0 > largest + 0 {
    size = $2; sub(/^[^ ]* [^ ]* /, ""); print "the file " $0 " has " size " bytes, at most " largest; exit 1 }' sizes.list >&2
rm objects.list sizes.list
git log -m --root --raw -z --no-abbrev --no-renames --format= refs/banger/export \
    $(git for-each-ref --format='^%(objectname)' refs/banger/base) -- >raw.list
sed -z -n -e '/^:[0-7]* 120000 /{p;n;p;b}' -e '/^:/n' raw.list >links
sed -z -n '1~2s/^[^ ]* [^ ]* [^ ]* \([^ ]*\) .*/\1/p' links | tr '\0' '\n' >link-ids
rm raw.list
