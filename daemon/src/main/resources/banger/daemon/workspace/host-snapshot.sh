# Takes stock of a host repository without writing into it: copies of its index, and lists of names, in a scratch folder.
# Arguments: the work tree, its git folder, the scratch folder, HEAD's commit (empty: none yet), its index,
# its objects as git quotes them.
# Leaves: index  the repository's index as it is, its file times looked up anew
#         tree   an index of the work tree as it is: tracked, modified and untracked files; objects are made for its links alone
#         nested untracked folders that are repositories of their own, each name ended by a NUL
#         send   a folder that is to be sent
#         staged ids of objects that only the index names
set -eu
cd -- "$1"
export GIT_DIR="$2" GIT_WORK_TREE="$1" GIT_OPTIONAL_LOCKS=0
scratch=$3 head=$4 original=$5 objects=$6
quiet_git() {
    git -c core.fsmonitor=false -c core.untrackedCache=false -c core.splitIndex=false -c index.sparse=false \
        -c core.safecrlf=false "$@"
}

# With its time: git compares it with the files' times to see which were changed in the same second.
[ ! -f "$original" ] || cp -p -- "$original" "$scratch/index"
export GIT_INDEX_FILE="$scratch/index"
# Status 1 says that files differ from it, which is no failure.
quiet_git update-index -q --unmerged --no-split-index --no-untracked-cache --no-fsmonitor --index-version 2 \
    --force-write-index --refresh || [ $? -eq 1 ]

staged() {
    quiet_git diff-index --cached --raw --no-renames --ignore-submodules=none "$head" >"$scratch/staged-lines"
    cut -d' ' -f2,4 "$scratch/staged-lines" | sed -n -e '/^160000/d' -e '/ 00*$/d' -e 's/.* //p' >"$scratch/staged"
    quiet_git ls-files -u >"$scratch/unmerged-lines"
    sed -n 's/^[0-9]* \([0-9a-f]*\) .*/\1/p' "$scratch/unmerged-lines" >>"$scratch/staged"
}
# What does not depend on each other is done at once.
staging=
if [ -n "$head" ]; then
    staged &
    staging=$!
fi

cp -p -- "$scratch/index" "$scratch/tree"
export GIT_INDEX_FILE="$scratch/tree"
quiet_git ls-files -v -z | sed -z -n 's/^[a-z] //p' >"$scratch/assumed"
[ ! -s "$scratch/assumed" ] || quiet_git update-index --no-assume-unchanged -z --stdin <"$scratch/assumed"
quiet_git ls-files -z -o --exclude-standard >"$scratch/others" &
finding=$!
quiet_git diff-files -z --name-only --no-renames --ignore-submodules=none >"$scratch/changed"
wait "$finding"
sed -z -n '/\/$/p' "$scratch/others" >"$scratch/nested"
sed -z '/\/$/d' "$scratch/others" >>"$scratch/changed"
quiet_git update-index --add --remove --replace --info-only -z --stdin <"$scratch/changed"
# Git compares files by their hash, but links by their content: so those need objects, which go along.
xargs -0 -r sh -c 'for name; do [ ! -L "$name" ] || printf "%s\\0" "$name"; done' sh <"$scratch/changed" >"$scratch/links"
if [ -s "$scratch/links" ]; then
    export GIT_ALTERNATE_OBJECT_DIRECTORIES="$objects"
    export GIT_OBJECT_DIRECTORY="$scratch/send/.git/objects"
    mkdir -p -- "$GIT_OBJECT_DIRECTORY"
    quiet_git update-index --force-remove -z --stdin <"$scratch/links"
    quiet_git update-index --add -z --stdin <"$scratch/links"
fi
# Neither names a submodule that is not checked out as gone nor rewrites an index that is right.
[ ! -s "$scratch/assumed" ] || quiet_git update-index -q --index-version 2 --force-write-index --refresh || [ $? -eq 1 ]
[ -z "$staging" ] || wait "$staging"
