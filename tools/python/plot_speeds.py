#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How fast the cars of a saved city go: a histogram.

  plot_speeds.py CITY.kay [SNAPSHOT] [--picture FILE]

Cars lie in the state of their lanes, in a kay::vector each; they are read where they are in the file.
With --picture a histogram is drawn too: by matplotlib if it is there, else as SVG.
"""
import argparse
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from kay_world import World, WorldError  # noqa: E402

KMH = 3.6
STEP_KMH = 5
BAR = 60  # characters


def speeds_of(world):
    """Of all cars, in kilometres an hour."""
    found = [cars["speed"] for cars in world.elements("city::Lane", "cars")]
    return np.concatenate(found).astype(float) * KMH if found else np.empty(0)


def histogram(speeds):
    edges = np.arange(0, max(speeds.max(initial=0), STEP_KMH) + STEP_KMH, STEP_KMH)
    return np.histogram(speeds, edges)


def show(speeds):
    counts, edges = histogram(speeds)
    print(f"{speeds.size} cars, {speeds.mean():.1f} km/h on the average" if speeds.size else "no cars")
    for count, low, high in zip(counts, edges, edges[1:]):
        print(f"{low:4.0f} to {high:4.0f} km/h {count:9d} {'#' * round(BAR * count / max(counts.max(), 1))}")


def draw(speeds, path, title):
    try:
        from matplotlib import pyplot
    except ImportError:
        sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
        import plot
        counts, edges = histogram(speeds)
        steps = [point for count, low, high in zip(counts, edges, edges[1:])
                 for point in ((float(low), int(count)), (float(high), int(count)))]
        path.write_text(plot.svg(title, "km/h", "cars", [("cars", steps, True)]), encoding="utf-8")
        return
    pyplot.hist(speeds, histogram(speeds)[1])
    pyplot.title(title)
    pyplot.xlabel("km/h")
    pyplot.ylabel("cars")
    pyplot.savefig(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("world", metavar="CITY.kay")
    parser.add_argument("snapshot", nargs="?", help="the one that was saved last, if none is named")
    parser.add_argument("--picture", type=pathlib.Path, metavar="FILE", help=".svg, where there is no matplotlib")
    options = parser.parse_args()
    try:
        world = World(options.world, options.snapshot)
        speeds = speeds_of(world)
    except (WorldError, OSError) as problem:
        sys.exit(f"plot_speeds: {problem}")
    show(speeds)
    if options.picture:
        draw(speeds, options.picture, f"Speeds in turn {world.turn} of {pathlib.Path(options.world).name}")


if __name__ == "__main__":
    main()
