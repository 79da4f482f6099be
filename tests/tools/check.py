# SPDX-License-Identifier: MIT
"""Runs the command kay from end to end: check.py KAY_BINARY HERD_BINARY PYTHON_FOLDER.

On worlds and logs that herd makes: every command's output, the Python module beside what kay exports, bad
words, damaged files. Says what it did, a line each. Ends with 1 when anything was wrong. KAY_LOG_BITS=all flips
every bit of a log and cuts it off everywhere, not here and there; KAY_LOG_SEEDS says how many logs are made senseless.
"""
import csv
import io
import json
import os
import pathlib
import random
import struct
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

KAY = HERD = WORLDS = SCRATCH = PYTHON = World = WorldError = None
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
    told = done.stderr.decode(errors="replace")
    expect(done.returncode in (0, 1, 2) and "Sanitizer" not in told and "runtime error" not in told,
           f"{words}: ends with {done.returncode}: {told[-2000:]}")
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


# ---- logs

def small_log_steps():
    return ["turn 1 begins: 2 spawns, 1 place chosen, 3 timers, 1 constant",
            "turn 2 begins: 6 messages, 1 timer, 1 timer cancelled, 1 constant", "turn 4 begins: 1 message",
            "turn 4 tries the message that failed again: no inputs", "turn 4 skips the message that failed: 1 message",
            "turn 5 begins: 1 spawn, 1 place chosen, 1 type"]


def steps_of(text):
    return [line for line in text.splitlines() if line.startswith("turn ")]


def logs_are_told_turn_by_turn():
    size = world("small.log").stat().st_size
    text = ran("replay", world("small.log"))
    lines_have(text, "places: 2", "seed: 7", "step: 100000000 ns", "begins after turn: 0", "sessions: 2", "steps: 6",
               "last turn: 10", "acknowledged: turn 10 at least", f"whole up to byte: {size}",
               "bytes after the end: 0", "damaged: nothing")
    expect(steps_of(text) == small_log_steps(), text)
    sessions = [line for line in text.splitlines() if line.startswith("session ")]
    expect(len(sessions) == 2 and sessions[0].startswith("session 1 after turn 0: state ") and
           sessions[0].endswith(", 2 actor types, 0 constants") and
           sessions[1].startswith("session 2 after turn 4: state ") and sessions[1].endswith(", 1 constant"), text)
    expect(text.index("session 2") > text.index("turn 4 skips"), "sessions in their order")
    large = ran("replay", world("first.log"))
    lines_have(large, "seed: 42", "turn 1 begins: 20025 spawns, 20025 places chosen, 1 timer, 1 constant",
               "turn 2 begins: 4 messages, 1 spawn, 1 place chosen", "turn 3 begins: 1 message", "last turn: 3")
    lines_have(ran("replay", world("late.log")), "begins after turn: 3", "last turn: 4")
    # Cut off behind each frame, as by a kill: the turn of the last step may not have ended.
    whole, before = world("small.log").read_bytes(), 0
    for end, kind, turn in frames_of(whole):
        text = ran("replay", scratch_file("killed.log", whole[:end]))
        lines_have(text, f"last turn: {turn}", f"whole up to byte: {end}")
        acknowledged = int(text.split("acknowledged: turn ")[1].split(" ")[0])
        expect(before <= acknowledged <= (turn - 1 if kind == 3 else turn), f"up to byte {end}: {text}")
        before = acknowledged
    expect(before == 10, "of all")


def frames_of(log):
    """Where each ends, its kind and turn."""
    at, frames = 1024, []
    while at < len(log):
        count, kind, _, turn = struct.unpack_from("<IHHQ", log, at)
        at += 48 + (count + 7) // 8 * 8
        frames.append((at, kind, turn))
    return frames


def inputs_have_their_fields():
    bare = ran("replay", world("small.log"), "--inputs")
    lines_have(bare, "  message herd::Feed to herd::Cow@0:1:0: 8 bytes", "  spawn herd::Dog@1:1:0: 8 bytes",
               "  timer 1:1 due in turn 4, then every 4: herd::Feed to herd::Cow@0:1:0: 8 bytes",
               "  constant 0 herd::spot: 16 bytes", "  timer 5:1 cancelled", "  place chosen for herd::Cow")
    text = ran("replay", world("small.log"), "--inputs", "--with", f"{world('small.kay')}@end")
    lines_have(text, "  spawn herd::Dog@1:1:0 meals=5", "  message herd::Feed to herd::Cow@0:1:0 kg=5",
               "  timer 1:1 due in turn 4, then every 4: herd::Feed to herd::Cow@0:1:0 kg=0.25",
               "  timer 2:1 due in turn 2: herd::Feed to all herd::Dog kg=0.75",
               "  timer 3:1 due in turn 2: herd::Feed to all that receive herd::Feed kg=1.25",
               "  message herd::Feed to all herd::Dog kg=6", "  message herd::Feed to all that receive herd::Feed kg=7",
               "  message herd::Feed to herd::Dog@1:1:0 kg=8", "  message herd::Meet to herd::Cow@0:1:0 other=herd::Cow@0:1:0",
               "  timer 5:1 due in turn 10: herd::Sell to herd::Cow@0:1:0", "  message herd::Sell to herd::Cow@0:1:0",
               '  message herd::Bark to herd::Dog@1:1:0 loud=3 text="a word of more than eight letters"',
               "  spawn herd::Cat@0:1:0 meals=1")
    cows = [line for line in text.splitlines() if line.startswith("  spawn herd::Cow@0:1:0 number=3 color=200 ")]
    expect(len(cows) == 1 and cows[0].endswith(
        'name="cow \\"3\\", spotted" heard=[] trail=[{x=0 y=2}, {x=1 y=2}, {x=2 y=2}] seen=[3, 5] words={1: "one"} '
        'age=none cache=external'), text)
    expect(any(line.startswith("  type herd::Cat, layout ") and line.endswith(", receives herd::Feed")
               for line in text.splitlines()), "the type that was added")
    # Between the lines of their steps, in their order.
    lines = [line for line in text.splitlines() if line[:2] == "  " and not line.startswith("  type herd::")]
    expect(len(lines) == 20, f"{len(lines)} inputs")
    at = text.splitlines().index
    expect(at(small_log_steps()[1]) < at("  message herd::Feed to herd::Cow@0:1:0 kg=5") < at(small_log_steps()[2]), "order")
    # Constants that this snapshot knows; another world's are others.
    lines_have(ran("replay", world("small.log"), "--inputs", "--with", f"{world('small.kay')}@first"),
               "  constant 0 herd::spot {x=1 y=2}", "  constant 0 herd::spot {x=3 y=4}")
    other = ran("replay", world("small.log"), "--inputs", "--with", noon())
    lines_have(other, "  constant 0 herd::spot: 16 bytes", "  message herd::Feed to herd::Cow@0:1:0 kg=5",
               "  spawn herd::Dog@1:1:0: 8 bytes")


def inputs_are_chosen():
    steps = small_log_steps()
    def chosen(*words):
        return steps_of(ran("replay", world("small.log"), *words))
    expect(chosen("--from", 2, "--to", 4) == steps[1:5], "--from and --to")
    expect(chosen("--from", 5) == steps[5:] and chosen("--to", 1) == steps[:1], "one of them")
    expect(chosen("--from", 6) == [], "nothing entered")
    early = ran("replay", world("small.log"), "--to", 1)
    lines_have(early, "last turn: 10", "sessions: 2")
    expect("session 2 " not in early and "session 1 " in early, "sessions outside of the turns")
    dogs = ["turn 1 begins: 1 spawn, 1 timer", "turn 2 begins: 2 messages", "turn 4 begins: 1 message",
            "turn 4 skips the message that failed: 1 message"]
    expect(chosen("--type", "Dog") == dogs and chosen("--type", "herd::Dog") == dogs, "an actor type")
    expect(chosen("--type", "Sell") == ["turn 2 begins: 1 message, 1 timer"], "a message type")
    expect(chosen("--type", "Cat", "--to", 4) == [], "of none in these turns")
    text = ran("replay", world("small.log"), "--inputs", "--type", "Meet")
    expect([line for line in text.splitlines() if line.startswith("  ")] ==
           ["  message herd::Meet to herd::Cow@0:1:0: 8 bytes"], text)
    expect_refused("replay", world("small.log"), "--type", "Horse",
                   says=["small.log", 'named "Horse"', "herd::Bark, herd::Cat, herd::Cow, herd::Dog"])


def inputs_without_a_turn_are_void():
    text = ran("replay", world("void.log"), "--inputs")
    void = [line for line in text.splitlines() if "void" in line]
    expect(len(void) == 1 and void[0].startswith("turn 2 was not recorded, void: 2"), text)
    expect([line for line in steps_of(text) if line != void[0]] ==
           ["turn 1 begins: 1 spawn, 1 place chosen", "turn 2 begins: 1 spawn, 1 place chosen"], text)
    expect(text.count("  spawn herd::Stone") == 2, "void inputs are shown")
    lines_have(text, "sessions: 2", "last turn: 2", "damaged: nothing")


def a_program_replays():
    def replays(to_turn, start="morning", out="there.kay@x", *more):
        done = subprocess.run([KAY, "replay", f"{world()}@{start}", world("first.log"), "--to", str(to_turn), "--program",
                               HERD, "--save", SCRATCH / out, *more], capture_output=True, timeout=TIMEOUT)
        return done
    for start, to_turn, name in (("morning", 2, "noon"), ("morning", 3, "evening"), ("noon", 3, "evening"),
                                 ("noon", 2, "noon")):
        done = replays(to_turn, start)
        expect(done.returncode == 0 and done.stdout.startswith(f"turn {to_turn}, state ".encode()), f"{done}")
        expect(ran("diff", SCRATCH / "there.kay@x", f"{world()}@{name}") == "The worlds are the same.\n",
               f"from {start} to {to_turn}")
    expect(replays(3, "noon", "there.kay@x", "--", "--end-with", "7").returncode == 7, "the program's exit code")
    killed = replays(3, "noon", "no/where.kay@x")
    expect(killed.returncode == 1 and killed.stderr.startswith(b"herd: "), f"the program's errors: {killed}")
    # What the program is given, word for word; no shell has looked at it.
    log = world("first.log")
    words = ["$(false)", "two words", "--load", "", "--", "-x"]
    echo = [sys.executable, "-c", "import sys; print(sys.argv[1:])"]
    script = scratch_file("echo", f"#!{echo[0]}\nimport sys\nprint(sys.argv[1:])\n".encode())
    script.chmod(0o755)
    text = ran("replay", world(), log, "--to", 3, "--program", script, "--", *words)
    expect(text == f"{['--load', f'{world()}@evening', '--record', str(log), '--replay-to', '3', *words]}\n", text)
    text = ran("replay", f"{world()}@noon", log, "--to", 3, "--save", "a b@c", "--program", script)
    expect(text == f"{['--load', f'{world()}@noon', '--record', str(log), '--replay-to', '3', '--save', 'a b@c']}\n", text)
    expect(ran("replay", noon(), log, "--to", 2, "--program", "true") == "", "a program on the PATH")


def what_does_not_fit_is_not_run():
    script = scratch_file("touch", f"#!/bin/sh\ntouch '{SCRATCH}/it-ran'\n".encode())
    script.chmod(0o755)
    small, log = world("small.kay"), world("small.log")
    def refused(snapshot, log, to_turn, says):
        expect_refused("replay", snapshot, log, "--to", to_turn, "--program", script, says=says)
        expect(not (SCRATCH / "it-ran").exists(), f"{says}: was run")
    refused(noon(), log, 3, ["small.log", "another world", "places: 2, not 4"])
    refused(f"{small}@first", world("seed.log"), 1, ["seed.log", "another world", "the seed 8, not 7"])
    refused(f"{small}@first", world("step.log"), 1, ["step.log", "another world", "1000000000, not 100000000"])
    refused(f"{small}@first", world("late.log"), 4, ["late.log: begins after turn 3", "small.kay@first is at turn 1"])
    refused(f"{small}@end", log, 9, ["small.kay@end: is at turn 10 already"])
    refused(f"{small}@first", log, 11, ["small.log: goes to turn 10, not to 11"])
    refused(f"{small}@stopped", log, 9, ["small.kay@stopped: stopped in the middle of turn 2"])
    refused(f"{small}@never", log, 9, ['"never"', "first"])
    refused(SCRATCH / "none.kay", log, 9, ["none.kay"])
    refused(f"{small}@first", SCRATCH / "none.log", 9, ["none.log"])
    refused(f"{small}@first", small, 9, ["small.kay: this is no input log"])
    refused(log, f"{small}@first", 9, ["small.log", "no file of saved worlds"])
    # Damage counts as far as a replay reads: up to the record behind the turn.
    damaged = scratch_file("damaged.log", log.read_bytes())
    damage(damaged, log.read_bytes().index(b"herd::Cat") + 3)
    refused(f"{small}@first", damaged, 4, ["damaged.log: the input log is damaged at byte "])
    ran("replay", f"{small}@first", damaged, "--to", 2, "--program", script)
    expect((SCRATCH / "it-ran").exists(), "up to the damage it fits")
    expect_refused("replay", f"{small}@first", log, "--to", 3, "--program", SCRATCH / "no-program",
                   says=["no-program: cannot be run: No such file"])
    expect_refused("replay", f"{small}@first", log, "--to", 3, "--program", SCRATCH, says=["cannot be run: Permission"])


def bad_words_about_logs_are_refused():
    log, small = world("small.log"), world("small.kay")
    expect_refused("replay", says=["FILE"])
    expect_refused("replay", SCRATCH / "none.log", says=["none.log", "No such file"])
    expect_refused("replay", SCRATCH, says=["is no file"])
    expect_refused("replay", small, says=["small.kay: this is no input log"])
    expect_refused("replay", scratch_file("nothing.log", b""), says=["nothing.log: this is no input log"])
    expect_refused("replay", log, "--with", log, says=["small.log", "no file of saved worlds"])
    expect_refused("replay", log, "--with", f"{small}@never", says=['"never"', "first"])
    for option in ("--from", "--to"):
        for word in ("-3", "x", "", "1e3", "99999999999999999999"):
            expect_refused("replay", log, option, word, says=[option])
    expect_refused("replay", small, log, says=["LOG", "--program"])
    expect_refused("replay", log, "--save", "a.kay", says=["--save", "--program"])
    expect_refused("replay", log, "--", "x", says=["--program"])
    expect_refused("replay", small, log, "--program", "true", says=["--to"])
    expect_refused("replay", small, log, "--to", 3, "--program", "", says=["--program"])
    expect_refused("replay", small, log, "--to", 3, "--program", "true", "--save", "", says=["--save"])
    expect_refused("replay", small, "--to", 3, "--program", "true", says=["LOG"])
    for words in (["--inputs"], ["--type", "Cow"], ["--from", 1], ["--with", small]):
        expect_refused("replay", small, log, "--to", 3, "--program", "true", *words, says=[words[0], "--program"])
    expect("--with" in ran("replay", "--help") and "--replay-to TURN" in ran("replay", "--help"), "help")


def damaged_logs_are_told():
    """A log with a bit that is another, or that was cut off, is damaged, or ends earlier, and says so."""
    log = world("small.log")
    whole = log.read_bytes()
    words = ("--inputs", "--with", world("small.kay"))
    sound = ran("replay", log, *words).splitlines()
    copy = scratch_file("copy.log", whole)
    def outcome():
        done = run("replay", copy, *words)
        lines = done.stdout.decode().splitlines()
        if done.returncode == 2:
            expect(done.stderr.startswith(b"kay: ") and b"input log" in done.stderr and not lines, f"{done}")
            return 2, []
        told = lines[-7:]
        expect(told[0].startswith("sessions: "), f"{lines}")
        expect(lines[:-7] == sound[:len(lines) - 7], f"tells what was not: {lines}")
        expect((done.returncode == 1) == (told[6] != "damaged: nothing"), f"{done}")
        return done.returncode, told
    bits = range(8 * len(whole))
    chance = random.Random(11)
    if os.environ.get("KAY_LOG_BITS") != "all":
        bits = sorted(chance.sample(bits, 400))
    seen = {0: 0, 1: 0}
    for bit in bits:
        damage(copy, bit // 8, 1 << bit % 8)
        code, told = outcome()
        if bit < 8 * 1024:
            expect(code == 0 and told == sound[-7:], f"bit {bit}: the header's other copy will do")
        else:
            expect(code == 1 or (code == 0 and told[5] != "bytes after the end: 0" and told[4] != sound[-3]),
                   f"bit {bit}: nobody noticed: {told}")
            seen[code] += 1
        damage(copy, bit // 8, 1 << bit % 8)
    expect(seen[0] and seen[1], f"{seen}")
    for at in (3, 515):
        damage(copy, at)
    code, _ = outcome()
    expect(code == 2, "both copies of the header")
    lengths = range(len(whole))
    if os.environ.get("KAY_LOG_BITS") != "all":
        lengths = chance.sample(lengths, 300) + [0, 511, 512, 1023, 1024, 1025]
    for length in lengths:
        copy.write_bytes(whole[:length])
        code, told = outcome()
        expect(code == (2 if length < 512 else 0), f"{length} bytes: {code}")
        if code == 0 and length >= 1024:
            end = int(told[4].split(": ")[1])
            expect(end + int(told[5].split(": ")[1]) == length, f"{length} bytes: {told}")


def nothing_crashes_on_senseless_logs():
    """Bytes of records are others, and all checksums are right."""
    codes = {0: 0, 1: 0, 2: 0}
    for seed in range(int(os.environ.get("KAY_LOG_SEEDS", 150))):
        path = SCRATCH / "senseless.log"
        path.unlink(missing_ok=True)
        subprocess.run([HERD, "--mangle", world("small.log"), path, str(seed)], check=True, timeout=TIMEOUT)
        done = run("replay", path, "--inputs", "--with", world("small.kay"))
        codes[done.returncode] += 1
        expect(all(byte >= 0x20 or byte == 0x0a for byte in done.stdout), f"seed {seed}: what is no text is shown")
        run("replay", path, "--inputs", "--type", "Cow")
    expect(codes[0] and codes[1] and not codes[2], f"{codes}")


def main():
    global KAY, HERD, WORLDS, SCRATCH, PYTHON, World, WorldError
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    KAY, HERD, PYTHON = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    sys.path.insert(0, str(PYTHON))
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    from kay_world import World, WorldError
    checks = [info_says_what_there_is, types_have_their_fields, actors_are_lines, tests_choose_actors,
              one_actor_is_shown_in_full, differences_are_named, the_same_does_not_differ,
              tables_have_what_actors_have, arrays_have_what_tables_have, the_module_has_what_kay_exports,
              speeds_are_plotted, sound_files_are_sound, bad_words_are_refused, names_may_have_an_at,
              damaged_pages_are_named, every_page_that_matters_is_checked, nothing_crashes_on_damaged_files,
              logs_are_told_turn_by_turn, inputs_have_their_fields, inputs_are_chosen, inputs_without_a_turn_are_void,
              a_program_replays, what_does_not_fit_is_not_run, bad_words_about_logs_are_refused,
              damaged_logs_are_told, nothing_crashes_on_senseless_logs]
    # A symbolizer that is missing, or is of another version, is told on the standard error output.
    os.environ["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "symbolize=0"]))
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kay-worlds-") as worlds:
        WORLDS = pathlib.Path(worlds)
        made = subprocess.run([HERD, worlds], capture_output=True, timeout=TIMEOUT, check=True)
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
