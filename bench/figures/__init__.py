"""The figures: a module each, whose `rows` measures on a stage."""

from figures import (
    agents,
    boots,
    build,
    cold,
    create,
    daemon_start,
    exec,
    footprint,
    image_import,
    network,
    ps,
    stream,
    ten,
    workspace,
)

# The order matters to footprint, which looks at what the others leave, and to boots, which is the longest.
BY_NAME = {
    "daemon": daemon_start,
    "cold": cold,
    "create": create,
    "exec": exec,
    "stream": stream,
    "workspace": workspace,
    "ps": ps,
    "import": image_import,
    "ten": ten,
    "network": network,
    "build": build,
    "footprint": footprint,
    "boots": boots,
}

# Only where it is named: it downloads and takes many minutes.
ON_DEMAND = {"agents": agents}
