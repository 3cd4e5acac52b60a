# Takes into the index of the work tree what was modified since it was made, and lists it.
# Arguments: the work tree, its git folder, the scratch folder, its objects as git quotes them. Leaves: names, each ended by a NUL.
set -eu
cd -- "$1"
export GIT_DIR="$2" GIT_WORK_TREE="$1" GIT_OPTIONAL_LOCKS=0
# Links are compared by their content, so their objects are there, as host-snapshot.sh says.
export GIT_ALTERNATE_OBJECT_DIRECTORIES="$4"
export GIT_OBJECT_DIRECTORY="$3/send/.git/objects" GIT_INDEX_FILE="$3/tree"
mkdir -p -- "$GIT_OBJECT_DIRECTORY"
git -c core.fsmonitor=false diff-files -z --name-only --no-renames --diff-filter=MT --ignore-submodules=all >"$3/names"
[ -s "$3/names" ] || exit 0
quiet_update() { git -c core.fsmonitor=false -c core.safecrlf=false update-index "$@" -z --stdin; }
quiet_update --info-only <"$3/names"
xargs -0 sh -c 'for name; do [ ! -L "$name" ] || printf "%s\\0" "$name"; done' sh <"$3/names" >"$3/links"
[ ! -s "$3/links" ] || { quiet_update --force-remove <"$3/links"; quiet_update --add <"$3/links"; }
