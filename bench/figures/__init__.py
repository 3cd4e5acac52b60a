"""The figures: a module each, whose `rows` measures on a stage."""

from figures import boots, cold, daemon_start, exec, footprint, image_import, network, ps, stream, ten, workspace

# The order matters to footprint, which looks at what the others leave, and to boots, which is the longest.
BY_NAME = {
    "daemon": daemon_start,
    "cold": cold,
    "exec": exec,
    "stream": stream,
    "workspace": workspace,
    "ps": ps,
    "import": image_import,
    "ten": ten,
    "network": network,
    "footprint": footprint,
    "boots": boots,
}
