# Points refs/banger/export at the guest's work, and prints that commit, then, of what is not committed, repositories inside
# this one, which cannot come along; each ended by a NUL.
# Arguments: TARGET, "changes" to make a commit of what is not committed, its message, the generation that TARGET must
# be (status 44 says that it is not).
set -eu
cd -- "$1"
found=
read -r found 2>/dev/null <.git/banger/generation || true
[ "$found" = "$4" ] || exit 44
head=$(git rev-parse --verify -q HEAD) || { echo "it has no commit yet" >&2; exit 1; }
export=$head scratch=
if [ "$2" = changes ]; then
    scratch=$(mktemp -d .git/banger/export-XXXXXX)
    trap 'rm -rf -- "$scratch"' EXIT
    if [ -f .git/banger/index ]; then
        # Against what was prepared: files that were changed on the host then and not touched since stay out.
        # Nor does one count that has only another time.
        GIT_INDEX_FILE=.git/banger/index git update-index -q --refresh >/dev/null || true
        { GIT_INDEX_FILE=.git/banger/index git diff-files -z --name-only --no-renames
          GIT_INDEX_FILE=.git/banger/index git ls-files -z -o --exclude-standard
        } >"$scratch/all"
    else
        { git diff --name-only -z --no-renames HEAD; git ls-files -z -o --exclude-standard; } >"$scratch/all"
    fi
    sed -z '/\/$/d' "$scratch/all" >"$scratch/touched"
    # Git would read each to its end, however far a hole goes.
    large=$(sed -z 's|^|./|' "$scratch/touched" |
        xargs -0 -r sh -c 'find "$@" -maxdepth 0 -type f -size +4194304k -print 2>/dev/null' sh | head -n 1)
    [ -z "$large" ] || { echo "the file ${large#./} has more than 4 GiB, the most that is exported" >&2; exit 1; }
    if [ -s "$scratch/touched" ]; then
        GIT_INDEX_FILE=$scratch/index git read-tree HEAD
        GIT_INDEX_FILE=$scratch/index git -c core.safecrlf=false update-index --add --remove --replace -z --stdin \
            <"$scratch/touched"
        tree=$(GIT_INDEX_FILE=$scratch/index git write-tree)
        if [ "$tree" != "$(git rev-parse "HEAD^{tree}")" ]; then
            git var GIT_COMMITTER_IDENT >/dev/null 2>&1 ||
                export GIT_AUTHOR_NAME=banger GIT_AUTHOR_EMAIL=banger@localhost \
                    GIT_COMMITTER_NAME=banger GIT_COMMITTER_EMAIL=banger@localhost
            export=$(git commit-tree "$tree" -p HEAD -m "$3")
        fi
    fi
fi
git update-ref refs/banger/export "$export"
printf '%s\0' "$export"
[ -z "$scratch" ] || sed -z -n '/\/$/p' "$scratch/all" | head -z -n 1000
