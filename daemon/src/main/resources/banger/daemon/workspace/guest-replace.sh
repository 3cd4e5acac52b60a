# Unpacks stdin beside TARGET and puts it in TARGET's place when all of it has come.
# Arguments: TARGET, the folder beside, the old one's place meanwhile, "begun" where the folder beside is there already,
# "replace" where what TARGET holds may go.
set -eu
umask 022
target=$1 new=$2 old=$3 begun=$4 may=$5
# A swap that was cut off between its two renames.
[ -e "$target" ] || [ -L "$target" ] || [ ! -d "$old" ] || mv -T -- "$old" "$target"
if [ "$may" != replace ] && { [ -L "$target" ] || [ -e "$target" ]; }; then
    if [ -L "$target" ] || [ ! -d "$target" ] || [ -n "$(ls -A -- "$target")" ]; then
        exit 43
    fi
fi
trap 'rm -rf -- "$new"' EXIT
trap 'exit 129' HUP INT TERM
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
trap '' HUP INT TERM PIPE
[ ! -e "$target" ] && [ ! -L "$target" ] || mv -T -- "$target" "$old"
mv -T -- "$new" "$target"
trap - EXIT
[ ! -e "$old" ] || rm -rf -- "$old"
