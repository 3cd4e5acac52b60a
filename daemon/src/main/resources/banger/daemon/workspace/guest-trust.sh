# Lets mise read the configuration files of the workspace at TARGET.
cd -- "$1" || exit 0
mise=$(command -v mise || echo "$HOME/.local/bin/mise")
[ -x "$mise" ] || exit 0
for file in mise.toml .mise.toml .tool-versions mise/config.toml .mise/config.toml .config/mise.toml .config/mise/config.toml; do
    [ ! -f "$file" ] || "$mise" trust --quiet "$PWD/$file" || exit 1
done
