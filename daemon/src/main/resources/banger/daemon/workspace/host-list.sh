# Lists files, folders and links as pairs of fields ended by NULs: what one is, and its path below the folder.
# Arguments: the folder, then what find is to leave out.
set -eu
cd -- "$1"
shift
# A folder's time and size say nothing about what has to be sent.
exec find . -mindepth 1 "$@" \( -type d -printf 'd %m\0%P\0' -o -type f -printf 'f %m %s %T@\0%P\0' -o \
    -type l -printf 'l %l\0%P\0' \)
