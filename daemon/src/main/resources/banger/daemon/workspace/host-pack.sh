# Packs what a shallow copy of a commit needs and does not have yet, and what only the index names.
# Arguments: the git folder, the commit (empty: none), a commit that the other side has (or empty), the scratch folder,
# the pack's base name, the repository's objects as git quotes them.
set -eu
export GIT_DIR="$1" GIT_OPTIONAL_LOCKS=0
: >"$4/wanted"
# Without its history a known commit stands for its tree alone: the one wanted may be among those that came before it.
[ -z "$2" ] || git rev-list --objects -1 "$2" ${3:+"^$3^{tree}"} >"$4/wanted"
cat -- "$4/staged" >>"$4/wanted"
# Its temporary files shall not be in the repository.
export GIT_ALTERNATE_OBJECT_DIRECTORIES="$6" GIT_OBJECT_DIRECTORY="$4/store"
mkdir -p -- "$4/store/pack"
git -c core.fsync=none -c pack.compression=1 pack-objects -q --window=0 --delta-base-offset "$5" <"$4/wanted" >/dev/null
