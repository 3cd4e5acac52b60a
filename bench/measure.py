"""Samples of a figure and of its floor, taken in turn, and what is said of them."""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

Sampler = Callable[[], float]


@dataclass(frozen=True)
class Target:
    """What a row must keep to: a bound on its ratio to the floor, or on its median where there is no ratio."""

    bound: float
    of_ratio: bool = True
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass
class Row:
    """One line of the table. `unit` is "ms", "MB/s", "MiB" or "" for a count; `note` is for what numbers do not say."""

    figure: str
    unit: str
    samples: list[float]
    floor: list[float] = field(default_factory=list)
    floor_name: str = ""
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return statistics.median(self.samples) / statistics.median(self.floor) if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """None where the row is only for information."""
        if self.target is None:
            return None
        value = self.ratio if self.target.of_ratio else statistics.median(self.samples)
        return value is not None and self.target.is_met(value)


def p90(samples: list[float]) -> float:
    return percentile(samples, 0.9)


def percentile(samples: list[float], share: float) -> float:
    """By the nearest rank."""
    return sorted(samples)[math.ceil(share * len(samples)) - 1]


def interleaved(count: int, sample: Sampler, floor: Sampler) -> tuple[list[float], list[float]]:
    """Takes both in turn, each first in every other round, so that what else the machine does falls on both."""
    samples: list[float] = []
    floors: list[float] = []
    for round_number in range(count):
        turns = [(sample, samples), (floor, floors)]
        for take, taken in turns if round_number % 2 == 0 else reversed(turns):
            taken.append(take())
    return samples, floors
