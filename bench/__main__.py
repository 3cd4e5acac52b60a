"""`./dev bench`: measures banger, each figure beside its own floor in the same run (docs/bench.md)."""

import argparse
import os
import time
from datetime import datetime, timezone
from pathlib import Path

import report
from figures import BY_NAME, ON_DEMAND
from home import Home
from stage import Effort, Stage

TOP = Path(__file__).resolve().parent.parent
QUICK = Effort(
    cold=3, program=10, exec=60, stream=2, workspace=2, daemon=3, boots=5, create=10, freeze=3, crowd=5, cycles=3,
    churn=20, data=1, data_forks=3,
)


def main() -> None:
    options = _options()
    effort = QUICK if options.quick else Effort()
    if options.boots is not None:
        effort = Effort(**{**effort.__dict__, "boots": options.boots})
    if options.data is not None:
        effort = Effort(**{**effort.__dict__, "data": options.data})
    home = Home(options.dist, options.home)
    rows = []
    print("== preparing", flush=True)
    home.prepare()
    try:
        chart = TOP / ("docs" if options.svg else "bench/results") / "create.svg"
        with Stage(home, TOP / "agent/target/release", effort, chart) as stage:
            for name in options.figures or BY_NAME:
                print(f"== measuring {name}", flush=True)
                begin = time.monotonic()
                rows += (BY_NAME | ON_DEMAND)[name].rows(stage)
                print(f"   {name}: {time.monotonic() - begin:.0f} s", flush=True)
    finally:
        home.close()
    build = (options.dist / "lib/build").read_text().strip()
    report.write_json(rows, build, options.json)
    print(f"\n{report.table(rows)}\n\n{report.machine()}\nwritten: {options.json}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures banger beside its floors.")
    parser.add_argument("dist", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("figures", nargs="*", metavar="NAME", help=f"only these of: {', '.join(BY_NAME | ON_DEMAND)}")
    parser.add_argument("--quick", action="store_true", help="few samples: to see that it works, not to quote")
    parser.add_argument("--boots", type=int, metavar="N", help="cold boots in a row (default: 100)")
    parser.add_argument("--data", type=int, metavar="GIB", help="what fork-data's source has on its disk (default: 10)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the results (default: bench/results/)")
    parser.add_argument("--svg", action="store_true", help="draw create's chart into docs/create.svg, which docs/bench.md shows")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="folders of the benchmark's own banger, kept between runs")
    options = parser.parse_intermixed_args()
    unknown = [name for name in options.figures if name not in BY_NAME | ON_DEMAND]
    if unknown:
        parser.error(f"no figure {', '.join(unknown)}: expected some of {', '.join(BY_NAME | ON_DEMAND)}")
    stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H%M%SZ")
    options.json = options.json or TOP / "bench/results" / f"{stamp}.json"
    options.home = options.home or Path(f"/tmp/banger-bench-{os.getuid()}")
    return options


if __name__ == "__main__":
    main()
