"""The results, as a table for a person and as JSON for a program."""

import json
import os
import platform
import statistics
from pathlib import Path

from measure import Row, p90

HEADINGS = ("figure", "n", "banger (p90)", "floor (p90)", "ratio", "target", "")


def table(rows: list[Row]) -> str:
    """A Markdown table that reads as well in a terminal."""
    lines = [HEADINGS] + [_cells(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


def write_json(rows: list[Row], build: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine(), "build": build, "rows": [_plain(row) for row in rows]}
    file.write_text(json.dumps(content, indent=1) + "\n")


def machine() -> dict:
    cpu = "unknown"
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                cpu = line.partition(":")[2].strip()
                break
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20,
        "kernel": platform.release(),
        "load1": round(os.getloadavg()[0], 2),
    }


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = {None: row.note, True: "met", False: "MISSED"}[row.is_met]
    if row.note and row.is_met is not None:
        verdict += f"; {row.note}"
    floor = f"{_summary(row.floor, row.unit)} {row.floor_name}" if row.floor else ""
    return (row.figure, str(len(row.samples)), _summary(row.samples, row.unit), floor, ratio, _target(row), verdict)


def _summary(samples: list[float], unit: str) -> str:
    median = _number(statistics.median(samples))
    spread = f" ({_number(p90(samples))})" if len(samples) > 1 else ""
    return f"{median}{spread} {unit}".rstrip()


def _target(row: Row) -> str:
    if row.target is None:
        return ""
    sign = "≥" if row.target.at_least else "≤"
    return f"{sign} {row.target.bound:g}" + (" ×" if row.target.of_ratio else f" {row.unit}".rstrip())


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _plain(row: Row) -> dict:
    return {
        "figure": row.figure,
        "unit": row.unit,
        "median": statistics.median(row.samples),
        "p90": p90(row.samples),
        "floor": row.floor_name,
        "floor_median": statistics.median(row.floor) if row.floor else None,
        "floor_p90": p90(row.floor) if row.floor else None,
        "ratio": row.ratio,
        "target": _target(row),
        "met": row.is_met,
        "note": row.note,
        "samples": row.samples,
        "floor_samples": row.floor,
    }
