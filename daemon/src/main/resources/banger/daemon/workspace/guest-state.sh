# Before other scripts: what a guest's work is made of, in the folder that is the workspace, and whether that is still
# what guest-inspect.sh has seen. It keeps, in .git/banger: looked, as old as the look; seen, the digests of both lists;
# differing, the second of them.
branches_now() {
    git rev-parse -q --verify HEAD || true
    git for-each-ref --format='%(objectname) %(refname)' refs/heads refs/stash
}
differing_now() {
    # A file that was only touched on the host has another time in the index than here: its content decides.
    GIT_INDEX_FILE=.git/banger/index git update-index -q --refresh >/dev/null || true
    GIT_INDEX_FILE=.git/banger/index git diff-files -z --name-only --no-renames --ignore-submodules=none
    GIT_INDEX_FILE=.git/banger/index git ls-files -z -o --exclude-standard
}
seen_now() { branches_now | git hash-object --stdin; differing_now | git hash-object --stdin; }
newer_than_looked() {
    sed -z 's|^|./|' .git/banger/differing |
        xargs -0 -r sh -c 'find "$@" -maxdepth 0 -cnewer .git/banger/looked 2>/dev/null || true' sh | head -c 1
}
as_looked_at() {
    [ -f .git/banger/seen ] && [ "$(seen_now)" = "$(cat .git/banger/seen)" ] && [ -z "$(newer_than_looked)" ]
}
# What is in PLACE where the names on stdin shall be, each ended by a NUL: it itself, or what is no folder above it.
standing_in() {
    xargs -0 -r sh -c 'place=$1; shift
        for name; do
            way=
            [ ! -e "$place/$name" ] && [ ! -L "$place/$name" ] || way=$name
            above=$name
            while [ "$above" != "${above%/*}" ]; do
                above=${above%/*}
                [ ! -L "$place/$above" ] && { [ ! -e "$place/$above" ] || [ -d "$place/$above" ]; } || way=$above
            done
            [ -z "$way" ] || printf "%s\\0" "$way"
        done' sh "$1"
}
# Those of the names on stdin that are no file with the same content here and in PLACE.
differing_from() {
    xargs -0 -r sh -c 'place=$1; shift
        for name; do
            [ ! -L "$name" ] && [ ! -L "$place/$name" ] && cmp -s -- "$name" "$place/$name" || printf "%s\\0" "$name"
        done' sh "$1"
}
