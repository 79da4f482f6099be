# SPDX-License-Identifier: MIT
"""Layers include strictly downwards: check.py ROOT.

A header or source of a layer includes headers of its own and of lower layers only; public headers
include public headers only; applications, examples and benchmarks include public headers only. A
planted include upwards has to be found, or the check itself has failed.
"""
import pathlib
import re
import sys

LAYERS = ["core", "memory", "store", "message", "turn", "persist", "link", "inspect"]
OUTSIDE = {"kay.hpp", "fwd.hpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def layer_of(path):
    """The layer of a path such as include/kay/turn/world.hpp or src/turn/place.hpp; None outside."""
    for part in path.parts:
        if part in LAYERS:
            return part
    return None


def problems_in(path, text, root):
    """One line for each include of the file that the rules forbid."""
    relative = path.relative_to(root)
    own = layer_of(relative) if relative.parts[0] in ("include", "src") else None
    public = relative.parts[0] == "include"
    found = []
    for kind, name in INCLUDE.findall(text):
        if kind == "<" and name.startswith("kay/"):
            target = pathlib.PurePosixPath(name)
            if target.name in OUTSIDE and len(target.parts) == 2:
                if own and target.name == "kay.hpp":
                    found.append(f"{relative}: a layer includes {name}")
                continue
            layer = layer_of(target)
            if layer is None:
                found.append(f"{relative}: {name} is in no layer")
            elif own and LAYERS.index(layer) > LAYERS.index(own):
                found.append(f"{relative}: {own} includes {name}, which is above it")
        elif kind == '"':
            target = (path.parent / name).resolve()
            try:
                inside = target.relative_to(root)
            except ValueError:
                found.append(f"{relative}: {name} leaves the project")
                continue
            if public:
                found.append(f"{relative}: a public header includes {name} by its place")
            if inside.parts[0] == "src":
                if relative.parts[0] != "src":
                    found.append(f"{relative}: {name} is private to the library")
                else:
                    layer = layer_of(inside)
                    if layer and own and LAYERS.index(layer) > LAYERS.index(own):
                        found.append(f"{relative}: {own} includes {name}, which is above it")
    return found


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    files = [f for folder in ("include", "src", "city", "examples", "benchmarks")
             for f in (root / folder).rglob("*.?pp")]
    if len(files) < 20:
        sys.exit(f"only {len(files)} files below {root}: is that the project?")
    found = [line for f in files for line in problems_in(f, f.read_text(), root)]

    planted = [
        (root / "include/kay/core/planted.hpp", "#include <kay/turn/world.hpp>\n"),
        (root / "include/kay/turn/planted.hpp", '#include "../../../src/turn/place.hpp"\n'),
        (root / "src/memory/planted.cpp", '#include "../turn/place.hpp"\n'),
        (root / "city/planted.cpp", '#include "../src/turn/place.hpp"\n'),
    ]
    for path, text in planted:
        if not problems_in(path, text, root):
            sys.exit(f"the check is blind: it does not see {text.strip()} in {path}")

    for line in found:
        print(line)
    print(f"{len(files)} files, {len(found)} problems")
    sys.exit(1 if found else 0)


main()
