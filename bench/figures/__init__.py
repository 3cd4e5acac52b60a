"""The figures: a module each, whose `rows` measures on a stage."""

from figures import (
    agents,
    boots,
    build,
    churn,
    cold,
    create,
    crowd,
    cycles,
    daemon_start,
    exec,
    footprint,
    fork_data,
    image_import,
    network,
    ps,
    secrets,
    stream,
    ten,
    workspace,
)

# The order matters to footprint, which looks at what the others leave, and to boots, which is the longest.
BY_NAME = {
    "daemon": daemon_start,
    "cold": cold,
    "create": create,
    "secrets": secrets,
    "exec": exec,
    "stream": stream,
    "workspace": workspace,
    "ps": ps,
    "import": image_import,
    "ten": ten,
    "network": network,
    "crowd": crowd,
    "build": build,
    "footprint": footprint,
    "boots": boots,
}

# Only where they are named: they take many minutes, agents downloads, and fork-data takes tens of GiB of the disk.
ON_DEMAND = {"agents": agents, "churn": churn, "cycles": cycles, "fork-data": fork_data}
