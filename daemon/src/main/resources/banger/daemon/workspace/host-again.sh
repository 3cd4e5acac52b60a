# Takes into the index of the work tree what was modified since it was made, and lists it.
# Arguments: the work tree, its git folder, the scratch folder. Leaves: names, each ended by a NUL.
set -eu
cd -- "$1"
export GIT_DIR="$2" GIT_WORK_TREE="$1" GIT_OPTIONAL_LOCKS=0 GIT_INDEX_FILE="$3/tree"
git -c core.fsmonitor=false diff-files -z --name-only --no-renames --diff-filter=MT --ignore-submodules=all >"$3/names"
[ ! -s "$3/names" ] || git -c core.fsmonitor=false -c core.safecrlf=false update-index --info-only -z --stdin <"$3/names"
