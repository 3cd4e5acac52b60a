# Looks for files whose lines end in a carriage return among those that commits change.
# Arguments: the repository, then which commits, as git log has them. Leaves: returns.raw, what git's raw format says of each
# file and its name, each ended by a NUL; returns.ids, the ids of contents with such lines, each on a line.
set -eu
cd -- "$1"
shift
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git log --root --raw -z --no-abbrev --no-renames --format= "$@" -- >returns.raw
sed -z -n '1~2{s/^:\([0-7]*\) \([0-7]*\) \([0-9a-f]*\) \([0-9a-f]*\) .*/\1 \3\n\2 \4/;p}' returns.raw | tr '\0' '\n' |
    sed -n -e '/^160000/d' -e 's/^[0-7]* //' -e '/^00*$/!p' | sort -u |
    xargs -r git grep -l -I -e "$(printf '\r')\$" >returns.ids || [ $? -eq 123 ]
