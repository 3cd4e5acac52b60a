# Unpacks stdin beside TARGET and puts it in TARGET's place when all of it has come.
# Arguments: TARGET, the folder beside, the old one's place meanwhile, "begun" where the folder beside is there already,
# "replace" where what TARGET holds may go, "looked" where it may if it is as guest-inspect.sh has seen it.
set -eu
umask 022
target=$1 new=$2 old=$3 begun=$4 may=$5
trap 'rm -rf -- "$new"' EXIT
trap 'exit 129' HUP INT TERM
# A swap that was cut off between its two renames.
[ -e "$target" ] || [ -L "$target" ] || [ ! -d "$old" ] || mv -T -- "$old" "$target"
# Before the archive comes, and again when it has.
check_place() {
    [ -L "$target" ] || [ -e "$target" ] || return 0
    case $may in
    replace) ;;
    looked) (cd -- "$target" && as_looked_at) || exit 46 ;;
    *) [ ! -L "$target" ] && [ -d "$target" ] && [ -z "$(ls -A -- "$target")" ] || exit 43 ;;
    esac
}
# What git ignores in the old one goes along, as links, so that the old one stays whole until the swap. What the new one
# has otherwise, or what cannot go along, is named on stdout, each ended by a NUL, and refused but with "replace".
take_ignored() {
    [ ! -L "$target" ] && [ -f "$target/.git/banger/index" ] || return 0
    cd -- "$target"
    GIT_INDEX_FILE=.git/banger/index git ls-files -z -o -i --exclude-standard >"$new/.git/banger/ignored" || return 0
    standing_in "$new" <"$new/.git/banger/ignored" >"$new/.git/banger/way"
    [ ! -s "$new/.git/banger/way" ] ||
        GIT_INDEX_FILE="$new/.git/banger/index" xargs -0 git --literal-pathspecs ls-files -z -c -- \
            <"$new/.git/banger/way" | differing_from "$new" >"$new/.git/banger/lost"
    GIT_INDEX_FILE=.git/banger/index git ls-files -z -o -i --exclude-standard --directory |
        xargs -0 -r cp -a -l -n --parents -t "$new" -- 2>/dev/null || true
    # What could not be linked, as where another file system is mounted or a file of the new one has a folder's name.
    xargs -0 -r sh -c 'new=$1; shift
        for name; do
            [ -e "$new/$name" ] || [ -L "$new/$name" ] || printf "%s\\0" "$name"
        done' sh "$new" <"$new/.git/banger/ignored" >>"$new/.git/banger/lost"
    if [ -s "$new/.git/banger/lost" ]; then
        cat -- "$new/.git/banger/lost"
        [ "$may" = replace ] || exit 47
    fi
    cd /
    rm -f -- "$new/.git/banger/ignored" "$new/.git/banger/way" "$new/.git/banger/lost"
}
[ "$may" = looked ] || check_place
if [ "$begun" != begun ]; then
    rm -rf -- "$new" "$old"
    mkdir -p -- "$new"
fi
# Two archives come one behind the other, so the zeros between them do not end it.
tar -C "$new" --ignore-zeros --no-same-owner -p -xf -
[ -f "$new/.git/banger/complete" ] || { echo "the transfer ended early" >&2; exit 45; }
rm -- "$new/.git/banger/complete"
if [ -f "$new/.git/banger/ref" ]; then
    cd -- "$new"
    sh .git/banger/ref
    rm -- .git/banger/ref
    cd /
fi
check_place
take_ignored
trap '' HUP INT TERM PIPE
[ ! -e "$target" ] && [ ! -L "$target" ] || mv -T -- "$target" "$old"
mv -T -- "$new" "$target"
trap - EXIT
[ ! -e "$old" ] || rm -rf -- "$old"
