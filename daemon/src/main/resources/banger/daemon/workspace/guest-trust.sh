# Behind another script: lets mise read the configuration files of the workspace. Failing is no failure: the commands
# that need it say so themselves.
cd -- "$target"
for file in mise.toml .mise.toml .tool-versions mise/config.toml .mise/config.toml .config/mise.toml .config/mise/config.toml
do
    [ -f "$file" ] || continue
    mise=$(command -v mise || echo "$HOME/.local/bin/mise")
    [ ! -x "$mise" ] || "$mise" trust --quiet "$PWD/$file" || true
done
