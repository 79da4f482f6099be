# SPDX-License-Identifier: MIT
"""Runs the command kay from end to end: check.py KAY_BINARY HERD_BINARY PYTHON_FOLDER.

On worlds that herd makes: every command's output, the Python module beside what kay exports, bad words,
damaged files. Says what it did, a line each. Ends with 1 when anything was wrong.
"""
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PYTHONS = [sys.executable, "/usr/bin/python3"]  # the second one has what Debian packages
try:
    import numpy as np
except ImportError:
    for python in PYTHONS[1:]:
        if os.path.exists(python) and subprocess.run([python, "-c", "import numpy"], capture_output=True).returncode == 0:
            os.execv(python, [python, *sys.argv])
    sys.exit("NumPy is missing: tools/setup test installs it")

KAY = WORLDS = SCRATCH = PYTHON = World = WorldError = None
IDS = {}  # of the cows of noon, by their numbers
TIMEOUT = 120
EXTENT = 65536
COWS, STONES = 20, 20_000


class wrong(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise wrong(text)


def run(*words):
    done = subprocess.run([KAY, *map(str, words)], capture_output=True, timeout=TIMEOUT)
    expect(done.returncode in (0, 1, 2), f"{words}: ends with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return done


def ran(*words, code=0):
    done = run(*words)
    expect(done.returncode == code, f"{words}: exit code {done.returncode}, not {code}: {done.stderr.decode()}")
    return done.stdout.decode()


def expect_refused(*words, says):
    done = run(*words)
    text = done.stderr.decode(errors="replace")
    expect(done.returncode == 2, f"{words}: exit code {done.returncode}: {text}")
    expect(text.startswith("kay: ") and text.endswith("\n") and text.count("\n") == 1,
           f"{words}: is not one line: {text!r}")
    for part in says:
        expect(part in text, f"{words}: does not say {part!r}: {text}")


def world(name="first.kay"):
    return WORLDS / name


def noon():
    return f"{world()}@noon"


def lines_have(text, *wanted):
    lines = text.splitlines()
    for line in wanted:
        expect(line in lines, f"there is no line {line!r} in\n{text}")


def info_says_what_there_is():
    text = ran("info", noon())
    lines_have(text, "snapshots: 4", 'snapshot: "noon"', "places: 4", "seed: 42", "step: 100000000 ns", "turn: 2",
               "timers: 1", "constants: 1 of 16 bytes", "actor types: 3", f"  herd::Cow: {COWS}",
               f"  herd::Stone: {STONES}", "  city::Lane: 5")
    expect('  "noon" from "morning", turn 2, ' in text, text)
    lines_have(ran("info", world()), 'snapshot: "evening"', "turn: 3")
    lines_have(ran("info", f"{world()}@morning"), "turn: 1")
    expect(ran("info", world("empty.kay")) == "snapshots: 0\n", "a file without snapshots")


def types_have_their_fields():
    text = ran("types", noon())
    lines_have(text, "      4     1  color: enumeration herd::coat", "     48     6  legs: array array<i2,3>",
               "    168    16  words: map map<u1,string>", "      8     8  y: floating f8")
    expect("herd::Cow: actor, 200 bytes, alignment 8, layout " in text, text)
    expect("herd::coat: enumeration of u1, 1 bytes" in text, text)
    expect("herd::Feed: structure, 8 bytes" in text, "messages are described too")


def actors_are_lines():
    lines = ran("actors", noon(), "herd::Cow").splitlines()
    expect(len(lines) == COWS, f"{len(lines)} lines")
    expect({line.split(" ")[0] for line in lines} == set(IDS.values()), "the ids are not those of the program")
    eleven = [line for line in lines if line.startswith(IDS[11] + " ")]
    expect(len(eleven) == 1, "no line of the cow 11")
    for part in ('number=11 color=200 hungry=false label="c11" speed=1.1 weight=111 where={x=11 y=-0.5} '
                 "legs=[1, -2, 11] corners=[{x=0 y=0}, {x=7 y=11}] large=18446744073709551604 ",
                 f"mother=herd::Cow@{IDS[10]} ", 'name="cow \\"11\\", spotted" heard=[] trail=[{x=0 y=2}, {x=1 y=2}',
                 'seen=[5, 11] words={1: "one"} age=none cache=external'):
        expect(part in eleven[0], f"{part!r} is not in {eleven[0]}")
    expect(len(ran("actors", noon(), "Cow", "--limit", 3).splitlines()) == 3, "--limit")


def tests_choose_actors():
    def numbers(test, kind="Cow"):
        return {int(line.split("number=")[1].split(" ")[0])
                for line in ran("actors", noon(), kind, "--where", test).splitlines()}
    all_cows = set(IDS)
    expect(numbers("number < 5") == {n for n in all_cows if n < 5}, "<")
    expect(numbers("number<=5") == {n for n in all_cows if n <= 5}, "<=")
    expect(numbers("number > 17") == {18, 19, 20}, ">")
    expect(numbers("where.x>=19") == {19, 20}, ">=")
    expect(numbers("hungry=true") == {n for n in all_cows if n % 3 == 0}, "of truth values")
    expect(numbers("color!=3") == {n for n in all_cows if n % 2}, "!=")
    expect(numbers("speed = 0.3") == {3}, "a float is compared as one")
    expect(numbers("large>=18446744073709551614") == {0, 1}, "of 64 bits")
    expect(numbers("label=c7") == {7}, "texts without quotes")
    expect(numbers('label="c7"') == {7}, "texts with quotes")
    expect(numbers(f"mother=herd::Cow@{IDS[0]}") == {1}, "ids")
    expect(numbers("age=none") == {n for n in all_cows if n % 4 != 1}, "optionals")
    expect(numbers("age>=9") == {9, 13, 17}, "what an optional has")
    expect(len(ran("actors", noon(), "Stone", "--where", "weight>=9999").splitlines()) == 2, "of many")


def one_actor_is_shown_in_full():
    text = ran("show", noon(), f"herd::Cow@{IDS[4]}")
    lines_have(text, f"herd::Cow@{IDS[4]}", "  number: 4", "  where:", "    x: 4", "  corners: 2 elements",
               f"  heard: [herd::Cow@{IDS[3]}]", "  trail: 4 elements", "    [3]:", "  words: 1 element",
               '    [1]: "one"', "  age: none", "  cache: external", '  name: "cow \\"4\\", spotted"')
    expect(text == ran("show", noon(), IDS[4], "Cow"), "by id and type")
    expect("weight: 108" in ran("show", noon(), IDS[3], "Cow"), "noon is not noon")
    expect("weight: 103" in ran("show", f"{world()}@morning", IDS[3], "Cow"), "morning is not morning")


def differences_are_named():
    text = ran("diff", f"{world()}@morning", noon(), code=1)
    lines_have(text, "turn: 1 -> 2", f"~ herd::Cow@{IDS[3]} weight: 103 -> 108",
               f"~ herd::Cow@{IDS[4]} heard: [] -> [herd::Cow@{IDS[3]}]")
    signs = sorted(line[:11] for line in text.splitlines() if line[:2] in ("+ ", "- ", "~ "))
    expect(signs == ["+ herd::Cow", "- herd::Cow", "~ herd::Cow", "~ herd::Cow", "~ herd::Sto"], text)
    expect(f"+ herd::Cow@{IDS[20]} " in text, "the calf did not come")
    expect("weight: 9999.5 -> 10000.5" in text, "the stone did not change")
    expect("1 actors came, 1 went, 3 changed; " in text, text)
    back = ran("diff", noon(), f"{world()}@morning", code=1)
    expect(f"- herd::Cow@{IDS[20]} " in back and "weight: 10000.5 -> 9999.5" in back, "the other way round")
    # One page differs: of the others none is read, though one of them is damaged.
    copy = scratch_copy(world())
    damage(copy, page_position(copy, "noon", first_page(copy, "noon", "herd::Stone")))
    evening = ran("diff", f"{copy}@noon", f"{copy}@evening", code=1)
    lines_have(evening, "turn: 2 -> 3", f"~ herd::Cow@{IDS[5]} weight: 105 -> 105.5")
    expect(len(evening.splitlines()) == 3 and "0 actors came, 0 went, 1 changed; " in evening, evening)
    cut = ran("diff", f"{world()}@morning", noon(), "--limit", 2, code=1)
    expect(len(cut.splitlines()) == 3 and "1 actors came, 1 went, 3 changed" in cut, f"--limit: {cut}")


def the_same_does_not_differ():
    same = "The worlds are the same.\n"
    expect(ran("diff", noon(), f"{world()}@again") == same, "in one file")
    expect(ran("diff", noon(), world("second.kay")) == same, "in two files")
    # Pages whose hashes are the same are not read: one of them is damaged, and nobody sees it.
    copy = scratch_copy(world())
    damage(copy, page_position(copy, "noon", first_page(copy, "noon", "herd::Stone")))
    expect(ran("diff", f"{copy}@noon", f"{copy}@again") == same, "pages that are the same were read")
    expect(ran("check", copy, code=1) != "", "nothing is damaged")
    other = ran("diff", f"{world('second.kay')}@noon", f"{world()}@morning", code=1)
    expect("1 actors came, 1 went, 3 changed; 0 pages" in other, f"in two files: {other}")


def tables_have_what_actors_have():
    rows = list(csv.DictReader(io.StringIO(ran("export", noon(), "Cow", "--format", "csv"), newline="")))
    lines = [json.loads(line) for line in ran("export", noon(), "Cow", "--format", "jsonl").splitlines()]
    expect(len(rows) == len(lines) == COWS, "rows are missing")
    for row, line in zip(rows, lines):
        number = line["number"]
        expect(row["id"] == line["id"] == IDS[number], f"id of cow {number}: {row['id']}")
        name = f'cow "{number}", spotted'
        expect(row["name"] == line["name"] == name, f"name: {row['name']!r}, {line['name']!r}")
        expect(row["where.x"] == str(number) and line["where"] == {"x": number, "y": -0.5}, "a struct")
        expect(json.loads(row["legs"]) == line["legs"] == [1, -2, number], "an array")
        expect(int(row["large"]) == line["large"] == 2 ** 64 - 1 - number, "64 bits")
        expect(json.loads(row["trail"]) == line["trail"] and len(line["trail"]) == number, "a vector")
        expect(line["words"] == [[1, "one"]] and json.loads(row["words"]) == line["words"], "a map")
        expect(line["age"] == (number if number % 4 == 1 and number < 20 else None), "an optional")
        expect(row["age"] == ("" if line["age"] is None else str(number)), "an optional in CSV")
        expect(row["label"] == line["label"] == f"c{number}", "chars")
        expect(row["hungry"] == ("true" if number % 3 == 0 else "false"), "a truth value")
        mother = None if number == 0 else line["mother"]
        expect(line["mother"] == mother and row["mother"] == (mother or ""), "an id")
        expect(line["cache"] is None and row["cache"] == "", "an external")
    stones = csv.DictReader(io.StringIO(ran("export", noon(), "Stone", "--format", "csv")))
    expect(stones.fieldnames == ["id_", "id", "kind", "weight"], "the name of the ids is taken")
    expect(sum(1 for _ in stones) == STONES, "stones")


def arrays_have_what_tables_have():
    path = SCRATCH / "cows.npy"
    done = run("export", noon(), "Cow", "--format", "npy", "-o", path)
    expect(done.returncode == 0 and b"name, heard, trail, seen, words, cache" in done.stderr,
           f"what is left out is not said: {done.stderr}")
    array = np.load(path)
    lines = [json.loads(line) for line in ran("export", noon(), "Cow", "--format", "jsonl").splitlines()]
    expect(array.shape == (COWS,), f"{array.shape}")
    expect(array.dtype["legs"].shape == (3,) and array.dtype["corners"].shape == (2,), f"{array.dtype}")
    expect(array.dtype["where"] == np.dtype([("x", "<f4"), ("y", "<f8")]), f"{array.dtype}")
    for row, line in zip(array, lines):
        expect(id_text(row["id"]) == line["id"], "ids")
        expect(row["label"].decode() == line["label"], "chars")
        expect(row["legs"].tolist() == line["legs"], "an array")
        expect(row["corners"]["y"].tolist() == [corner["y"] for corner in line["corners"]], "structs in an array")
        expect(int(row["large"]) == line["large"], "64 bits")
        expect(bool(row["hungry"]) == line["hungry"], "a truth value")
        expect((int(row["age"]["value"]) if row["age"]["has"] else None) == line["age"], "an optional")
    piped = run("export", noon(), "Stone", "--format", "npy").stdout
    stones = np.load(io.BytesIO(piped))
    expect(stones["weight"].sum() == sum(range(STONES)) * 0.5 + 1, "weights of all stones")


def id_text(number):
    number = int(number)
    return f"{number >> 44}:{number >> 26 & 2 ** 18 - 1}:{number & 2 ** 26 - 1}" if number else "null"


def the_module_has_what_kay_exports():
    saved = World(world(), "noon")
    expect((saved.turn, saved.seed, saved.places, saved.step_ns) == (2, 42, 4, 10 ** 8), "the world's numbers")
    expect(saved.snapshots() == ["morning", "noon", "again", "evening"], f"{saved.snapshots()}")
    expect(World(world()).snapshot == "evening", "the last snapshot")
    expect(saved.types() == {"city::Lane": 5, "herd::Cow": COWS, "herd::Stone": STONES}, f"{saved.types()}")
    for kind in ("herd::Cow", "herd::Stone"):
        exported = np.load(io.BytesIO(run("export", noon(), kind, "--format", "npy").stdout))
        chunks = list(saved.chunks(kind))
        expect(len(chunks) >= 4, "several places")
        mapped = np.frombuffer(saved._map, np.uint8)
        for chunk in chunks:
            expect(chunk.dtype == saved.dtype(kind) and not chunk.flags.writeable, "a chunk")
            expect(np.shares_memory(chunk, mapped), "a chunk is a copy")
        joined = np.concatenate(chunks)
        expect(len(joined) == len(exported), "so many")
        columns = [name for name in exported.dtype.names if name in joined.dtype.names]
        expect(len(columns) >= 3, f"{columns}")
        for name in columns:
            same = joined[name] == exported[name]
            expect(np.all(same), f"{kind}.{name} differs")
        ids = np.concatenate(list(saved.ids(kind)))
        expect(np.array_equal(ids, exported[exported.dtype.names[0]]), f"ids of {kind}")
    lines = [json.loads(line) for line in ran("export", noon(), "Cow", "--format", "jsonl").splitlines()]
    names = [bytes(name).decode() for name in saved.elements("Cow", "name")]
    expect(names == [line["name"] for line in lines], f"{names}")
    trails = [trail["x"].tolist() for trail in saved.elements("Cow", "trail")]
    expect(trails == [[spot["x"] for spot in line["trail"]] for line in lines], "vectors")
    seen = [keys.tolist() for keys in saved.elements("Cow", "seen")]
    expect(seen == [line["seen"] for line in lines], "sets")
    for wanted, call in ((lambda: World(world(), "dusk"), "morning, noon, again"),
                         (lambda: saved.dtype("Horse"), "herd::Cow"),
                         (lambda: list(saved.elements("Cow", "horns")), "trail"),
                         (lambda: World(KAY), "no file of saved worlds")):
        try:
            wanted()
        except WorldError as problem:
            expect(call in str(problem), f"{problem}")
        else:
            raise wrong(f"what is not there was found ({call})")


def speeds_are_plotted():
    picture = SCRATCH / "speeds.svg"
    done = subprocess.run([sys.executable, PYTHON / "plot_speeds.py", world(), "noon", "--picture", picture],
                          capture_output=True, timeout=TIMEOUT)
    text = done.stdout.decode()
    expect(done.returncode == 0, done.stderr.decode())
    # Lane i has 3 * i cars, and the k-th of them goes k metres in a second.
    speeds = [k * 3.6 for lane in range(5) for k in range(3 * lane)]
    expect(text.startswith(f"{len(speeds)} cars, {sum(speeds) / len(speeds):.1f} km/h on the average\n"), text)
    expect(f"   0 to    5 km/h {sum(speed < 5 for speed in speeds):9d} #" in text, text)
    expect("<svg" in picture.read_text()[:300], "no picture")
    bad = subprocess.run([sys.executable, PYTHON / "plot_speeds.py", KAY], capture_output=True, timeout=TIMEOUT)
    expect(bad.returncode == 1 and bad.stderr.startswith(b"plot_speeds: "), f"{bad.stderr}")


def sound_files_are_sound():
    for name, snapshots in (("first.kay", 4), ("second.kay", 1), ("empty.kay", 0)):
        text = ran("check", world(name))
        expect(f"{snapshots} snapshots, " in text and text.endswith("pages: all is well\n"), text)
    expect("1 snapshots, " in ran("check", noon()), "of one snapshot")


def bad_words_are_refused():
    text = scratch_file("text.kay", b"no world at all\n" * 2000)
    expect_refused("info", SCRATCH / "none.kay", says=["none.kay", "No such file"])
    expect_refused("info", text, says=["text.kay", "no file of saved worlds"])
    expect_refused("info", scratch_file("nothing.kay", b""), says=["no file of saved worlds"])
    expect_refused("info", SCRATCH, says=["is no file"])
    for name in ("info", "types", "check"):
        expect_refused(name, f"{world()}@dusk", says=['"dusk"', "morning", "noon", "again"])
    expect_refused("types", world("empty.kay"), says=["has no snapshot", "none at all"])
    expect_refused("actors", noon(), "Horse", says=['"Horse"', "herd::Cow", "herd::Stone"])
    expect_refused("export", noon(), "Horse", "--format", "csv", says=["herd::Cow"])
    expect_refused("export", noon(), "Cow", "--format", "arrow", says=["csv", "jsonl", "npy"])
    expect_refused("actors", noon(), "Cow", "--where", "horns=2", says=["'horns'", "where.x", "trail"])
    expect_refused("actors", noon(), "Cow", "--where", "horns", says=["a field, one of"])
    expect_refused("actors", noon(), "Cow", "--limit", "-3", says=["--limit"])
    expect_refused("show", noon(), "3:1", says=["not an id"])
    expect_refused("show", noon(), "3:1:0", says=["is an id of city::Lane, herd::Cow, herd::Stone"])
    expect_refused("show", noon(), "2:1:0", "Cow", says=["no actor of herd::Cow has the id 2:1:0"])
    expect_refused("show", noon(), "3999:1:0", says=["no actor has the id"])
    expect_refused("show", noon(), f"herd::Cow@{IDS[3]}", "Stone", says=["is no id of a Stone"])
    expect_refused("diff", noon(), SCRATCH / "none.kay", says=["none.kay"])
    expect_refused("diff", noon(), says=["OTHER"])
    expect_refused(says=["there is info, types, actors"])
    expect_refused("frob", says=["no command 'frob'", "there is info, types, actors"])
    expect_refused("export", noon(), "Cow", "--format", "csv", "-o", SCRATCH / "no" / "folder", says=["cannot be written"])
    copy = scratch_copy(world())
    expect_refused("export", copy, "Cow", "--format", "csv", "-o", copy, says=["would be overwritten"])
    expect(copy.read_bytes() == world().read_bytes(), "the world was overwritten")
    expect("diff" in ran("--help"), "help")
    expect("--where" in ran("actors", "--help"), "help of a command")
    if os.path.exists("/dev/full"):
        expect_refused("export", noon(), "Stone", "--format", "csv", "-o", "/dev/full", says=["/dev/full"])


def names_may_have_an_at():
    path = SCRATCH / "a@b.kay"
    path.write_bytes(world().read_bytes())
    lines_have(ran("info", path), 'snapshot: "evening"')
    lines_have(ran("info", f"{path}@noon"), 'snapshot: "noon"')


def scratch_file(name, data):
    path = SCRATCH / name
    path.write_bytes(data)
    return path


def scratch_copy(path):
    return scratch_file("copy.kay", path.read_bytes())


def first_page(path, snapshot, kind):
    saved = World(path, snapshot)
    return next(run.pages[0][0] for _, store in saved._stores_of(saved._find_actor(kind)) for run in store.runs
                if run.chunks)


def page_position(path, snapshot, page):
    return World(path, snapshot)._position(page)


def damage(path, at, bits=1):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ bits]))


def damaged_pages_are_named():
    for kind, says in (("herd::Stone", "actors of herd::Stone in place 0"), ("herd::Cow", "actors of herd::Cow in place")):
        copy = scratch_copy(world())
        page = first_page(copy, "noon", kind)
        damage(copy, page_position(copy, "noon", page) + 20)
        text = ran("check", copy, code=1)
        expect(f'copy.kay: snapshot "noon": page {page} is damaged' in text and says in text, text)
        expect('snapshot "again"' in text, f"what shares a page is damaged too: {text}")
        done = run("actors", f"{copy}@noon", kind)
        expect(done.returncode == 2 and f"page {page} is damaged".encode() in done.stderr, f"{done.stderr}")
        expect(run("export", f"{copy}@noon", kind, "--format", "npy").returncode == 2, "was exported all the same")
    copy = scratch_copy(world())
    saved = World(copy, "noon")
    slots = saved._stores_of(saved._find_actor("Cow"))[0][1].slot_pages[0]
    damage(copy, saved._position(slots) + 3)
    expect("ids of herd::Cow in place 0" in ran("check", copy, code=1), "ids")


def every_page_that_matters_is_checked():
    """A flipped bit in any page of any snapshot is told."""
    copy = scratch_copy(world())
    extents = {int(e) for name in World(copy).snapshots() for e in World(copy, name)._pages["extent"]}
    chance = random.Random(5)
    for extent in chance.sample(sorted(extents), 25):
        at = extent * EXTENT + chance.randrange(EXTENT)
        bit = 1 << chance.randrange(8)
        damage(copy, at, bit)
        text = ran("check", copy, code=1)
        expect("is damaged" in text, text)
        damage(copy, at, bit)
    expect(ran("check", copy).endswith("all is well\n"), "is not whole again")


def nothing_crashes_on_damaged_files():
    copy = scratch_copy(world())
    whole = copy.read_bytes()
    chance = random.Random(7)
    commands = [("info",), ("types",), ("check",), ("actors", "Cow"), ("show", "0:1:0", "Cow"),
                ("export", "Stone", "--format", "csv"), ("export", "Cow", "--format", "npy")]
    words = [[name, copy, *more] for name, *more in commands] + [["diff", copy, f"{world()}@morning"]]
    told = 0
    # Superblocks, and anything anywhere.
    places = [chance.randrange(16384) for _ in range(15)] + [chance.randrange(len(whole)) for _ in range(40)]
    for at in places:
        damage(copy, at, 1 << chance.randrange(8))
        told += run(*chance.choice(words)).returncode == 2
        told += run("check", copy).returncode == 1
        read_as_arrays(copy)
        copy.write_bytes(whole)
    expect(told > 10, f"only {told} were told")
    for length in [0, 1, 511, 512, 4096, 8704, 16384, EXTENT, 3 * EXTENT + 5] + \
            [chance.randrange(len(whole)) for _ in range(20)]:
        copy.write_bytes(whole[:length])
        for command in words:
            done = run(*command) # an older generation may be whole
            expect(done.returncode != 0 or done.stderr, f"{command} of a file cut off at {length}")
        read_as_arrays(copy)


def read_as_arrays(path):
    """Whatever comes out, or an error: nothing else."""
    try:
        saved = World(path)
        for name in saved.types():
            for chunk, ids in zip(saved.chunks(name), saved.ids(name)):
                expect(len(chunk) == len(ids), "ids beside actors")
        list(saved.elements("Cow", "trail"))
    except (WorldError, ValueError, MemoryError, TypeError, OverflowError):
        pass


def main():
    global KAY, WORLDS, SCRATCH, PYTHON, World, WorldError
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    KAY, herd, PYTHON = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    sys.path.insert(0, str(PYTHON))
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    from kay_world import World, WorldError
    checks = [info_says_what_there_is, types_have_their_fields, actors_are_lines, tests_choose_actors,
              one_actor_is_shown_in_full, differences_are_named, the_same_does_not_differ,
              tables_have_what_actors_have, arrays_have_what_tables_have, the_module_has_what_kay_exports,
              speeds_are_plotted, sound_files_are_sound, bad_words_are_refused, names_may_have_an_at,
              damaged_pages_are_named, every_page_that_matters_is_checked, nothing_crashes_on_damaged_files]
    # A symbolizer that is missing, or is of another version, is told on the standard error output.
    os.environ["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "symbolize=0"]))
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kay-worlds-") as worlds:
        WORLDS = pathlib.Path(worlds)
        made = subprocess.run([herd, worlds], capture_output=True, timeout=TIMEOUT, check=True)
        IDS.update((int(number), text) for number, text in map(str.split, made.stdout.decode().splitlines()))
        for check in checks:
            with tempfile.TemporaryDirectory(prefix="kay-tool-") as folder:
                SCRATCH = pathlib.Path(folder)
                try:
                    check()
                    print("ok  ", check.__name__, flush=True)
                except (wrong, subprocess.TimeoutExpired, OSError, ValueError, KeyError, IndexError,
                        WorldError) as problem:
                    failed += 1
                    print("FAIL", check.__name__ + ":", repr(problem), flush=True)
    print(f"{len(checks) - failed} of {len(checks)} checks passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
