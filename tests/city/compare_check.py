# SPDX-License-Identifier: MIT
"""What tools/compare_sumo computes, without SUMO: compare_check.py TOOL."""
import importlib.machinery
import importlib.util
import math
import pathlib
import sys
import types
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def load(path):
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(pathlib.Path(path).parent))
    loader = importlib.machinery.SourceFileLoader("compare_sumo", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare_sumo", loader))
    loader.exec_module(module)
    return module


def expect(condition, text):
    if not condition:
        sys.exit(f"FAIL {text}")


def expect_refused(tool, read, *texts):
    """Words of a command line that make no sense."""
    for text in texts:
        try:
            read(text)
        except tool.argparse.ArgumentTypeError:
            continue
        expect(False, f"{read.__name__} takes {text!r}")


def main():
    tool = load(str(pathlib.Path(sys.argv[1])))

    # Driven 100 s after a wait of 10; still driving; not started.
    done = tool.outcome("x", [(0, 10, 110), (50, 60, None), (100, None, None)], 200, 3, 1.5)
    expect((done.count, done.finished, done.removed) == (3, 1, 3), "counts of an outcome")
    expect(done.driving == 100, f"driving: {done.driving}")
    expect(done.whole == (110 + 150 + 100) / 3, f"whole trips: {done.whole}")
    both = done.with_another(tool.outcome("x", [(0, 0, 20)], 200, 1, 1))
    expect((both.count, both.finished, both.removed, both.took) == (4, 2, 4, 2.5), "counts of two seeds")
    expect((both.driving, both.whole) == (60, (110 + 150 + 100 + 20) / 4), "means of two seeds")
    nobody = tool.outcome("x", [], 200, 0, 1)
    expect(math.isnan(nobody.driving) and math.isnan(nobody.whole), "means of nothing")

    expect(tool.jam_begins([100, 200, 400], [50, 60, 140]) == 300, "a jam between two demands")
    expect(tool.jam_begins([100, 200, 400], [50, 60, 100]) is None, "no jam at twice the free time")
    expect(tool.jam_begins([100], [50]) is None, "one demand tells of no jam")

    for largest in (1, 7, 10, 45, 99, 100, 3600, 123456):
        marks = largest / tool.plot.step_of(largest)
        expect(2 <= marks <= 10, f"{marks} marks up to {largest}")

    options = types.SimpleNamespace(map="maps/a<b&c.osm", seconds=3600)
    lines = [("SUMO", [50, 60, 140]), ("city", [40, 70, 90])]
    picture = ElementTree.fromstring(tool.picture_of(options, [100, 200, 400], lines))
    drawn = [line.get("points").split() for line in picture.iter(f"{SVG}polyline")]
    expect([len(points) for points in drawn] == [3, 3], "a point for each demand")
    heights = [float(point.split(",")[1]) for point in drawn[0]]
    expect(heights[0] > heights[1] > heights[2] > 0, "longer trips are higher up")
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    expect(any("a<b&c.osm" in text for text in texts) and "city" in texts, f"names: {texts}")

    expect_refused(tool, tool.whole, "0", "-1", "x", "1.5", "", "99999999999")
    expect(tool.demands("5:10") == [5, 6, 7, 8, 10] and tool.steps("1,0.1") == [1, 0.1], "options")
    expect(tool.demands("100:400")[-1] == 400 and tool.demands("1,7,9") == [1, 7, 9], "demands")
    expect_refused(tool, tool.demands, "9:5", "5,5", "7,3", "1,x", ":", "")

    try:
        tool.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)
        expect(False, "a program that does not end is waited for")
    except tool.failed as problem:
        expect("did not end" in str(problem), str(problem))
    try:
        tool.run([sys.executable, "-c", "import sys; sys.exit('no such street')"], 20)
        expect(False, "a program that fails is taken for one that does not")
    except tool.failed as problem:
        expect("no such street" in str(problem), str(problem))
    print("ok")


if __name__ == "__main__":
    main()
