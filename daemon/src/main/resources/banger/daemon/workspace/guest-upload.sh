# Serves the repository at TARGET to a fetch.
exec git -c core.fsync=none upload-pack --strict -- "$1/.git"
