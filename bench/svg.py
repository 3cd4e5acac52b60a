"""Distributions as a chart that a browser shows: which share of the samples had come by when."""

from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 40, 50
COLOURS = ("#1f6feb", "#8b949e", "#d29922", "#2da44e")
STEPS = 5


def distribution(file: Path, title: str, series: dict[str, list[float]]) -> None:
    """Writes the chart of these samples in milliseconds; the longest hundredth of each is cut off."""
    series = {name: sorted(samples) for name, samples in series.items() if samples}
    longest = max(samples[int(0.99 * (len(samples) - 1))] for samples in series.values())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="14">{escape(title)}: share of samples by time</text>',
    ]
    for step in range(STEPS + 1):
        x, y = _x(longest * step / STEPS, longest), _y(step / STEPS)
        parts.append(f'<path d="M{x:.1f},{TOP}V{HEIGHT - BOTTOM}M{LEFT},{y:.1f}H{WIDTH - RIGHT}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 30}" text-anchor="middle">{longest * step / STEPS:.0f} ms</text>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{100 * step // STEPS} %</text>')
    for number, (name, samples) in enumerate(series.items()):
        parts += _line(name, samples, longest, COLOURS[number % len(COLOURS)], number)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(parts + ["</svg>"]) + "\n")


def _line(name: str, samples: list[float], longest: float, colour: str, number: int) -> list[str]:
    path = f"M{_x(samples[0], longest):.1f},{_y(0):.1f}"
    for rank, sample in enumerate(samples, 1):
        if sample <= longest:
            path += f"H{_x(sample, longest):.1f}V{_y(rank / len(samples)):.1f}"
    y = HEIGHT - 10
    x = LEFT + number * 220
    return [
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{colour}"/>',
        f'<text x="{x + 15}" y="{y}">{escape(name)} (n={len(samples)})</text>',
    ]


def _x(value: float, longest: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value / longest


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
