# Behind another script: lets mise read the configuration files of the workspace. Failing is no failure: the commands
# that need it say so themselves.
cd -- "$target"
# Those of an environment and of this place alone have a word more in their names.
for file in mise.toml mise.*.toml .mise.toml .mise.*.toml .tool-versions mise/config.toml mise/config.*.toml \
    .mise/config.toml .mise/config.*.toml .config/mise.toml .config/mise.*.toml .config/mise/config.toml \
    .config/mise/config.*.toml .config/mise/conf.d/*.toml
do
    [ -f "$file" ] || continue
    mise=$(command -v mise || echo "$HOME/.local/bin/mise")
    [ ! -x "$mise" ] || "$mise" trust --quiet "$PWD/$file" || true
done
