# Lists the names in a tree object of the repository at TARGET, whatever they are, each ended by a NUL.
# Arguments: TARGET, the tree's id.
git -C "$1" ls-tree -z --name-only "$2" | head -c 1000000
