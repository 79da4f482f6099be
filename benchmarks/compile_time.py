# SPDX-License-Identifier: MIT
"""How long programs that use kay take to compile, and how much memory that takes.

  benchmarks/compile_time.py [--json FILE] [--compiler NAME ...] [--keep FOLDER]

Compiled as an application would be, at -O2: examples/hello.cpp, and a program made here of 100 actor types with 500
handlers: as ten files of ten types each, with a header, as many at a time as there are cores; the same with that
header precompiled, as CMake's target_precompile_headers does, which is part of the time; and as a single file. Seconds
by the clock and of processor time, each the best of three, or of fewer where these take more than a minute in all;
and the largest peak memory of a compiler. Without --compiler it is g++ and clang++, those that there are. --keep
leaves the programs in FOLDER, to be looked at and profiled. Ends with 1 if something did not compile, with 2 for a
command line that makes no sense; what misses its target is said, no more.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import string
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = ["-std=c++20", "-O2", "-ffp-contract=off", "-I", str(ROOT / "include"), "-c", "-o"]
REPETITIONS = 3
ENOUGH_S = 60
SECONDS_MAX = 600
MIB = 1 << 20
PROGRAM_TARGET = (30, 1536 * MIB)
TARGETS = {"hello": (3, None), "100_types": PROGRAM_TARGET, "100_types_precompiled": PROGRAM_TARGET,
           "100_types_one_file": PROGRAM_TARGET}  # seconds, bytes
TYPES = 100
TYPES_IN_FILE = 10


class failed(Exception):
    pass


def compilers():
    """g++, and the clang that kay is tested with or else any."""
    clang = next((name for name in ("clang++-19", "clang++") if shutil.which(name)), None)
    return [name for name in ("g++", clang) if name and shutil.which(name)]


# What there is a hundred times, with other numbers: $t is the actor's own, $next and $far are those of two others.
MESSAGES = string.Template("""
struct Pay$t { float amount; std::uint32_t count; kay::id<Actor$before> from; };
struct Move$t { float x, y, z; std::uint32_t steps; };
struct Tell$t { std::uint64_t value; float share; bool urgent; };
struct Offer$t { kay::id<Actor$before> from; std::array<float, 4> prices; std::uint16_t kind; };
struct Wait$t { std::uint32_t left; float amount; double at; };
""")
ACTOR = string.Template("""
struct Actor$t {
    using messages = kay::messages<Pay$t, Move$t, Tell$t, Offer$t, Wait$t>;
    float x = 0, y = 0;
    std::uint32_t seen = 0;
    kay::id<Actor$next> next = {};
    $field
    void on(const Pay$t& m, kay::world& w);
    void on(const Move$t& m, kay::world& w);
    void on(const Tell$t& m, kay::world& w);
    void on(const Offer$t& m, kay::world& w);
    void on(const Wait$t& m, kay::world& w);
};
""")
HANDLERS = string.Template("""
inline void Actor$t::on(const Pay$t& m, kay::world& w) {
    x += m.amount * static_cast<float>(m.count);
    $use
    if (next) w.send(next, Pay$next{.amount = x, .count = 1, .from = w.id_of(*this)});
}
inline void Actor$t::on(const Move$t& m, kay::world& w) {
    x += m.x;
    y += m.y * m.z;
    if (m.steps > 0) w.send(kay::all<Actor$far>, Move$far{.x = x, .y = y, .z = 1, .steps = m.steps - 1});
}
inline void Actor$t::on(const Tell$t& m, kay::world& w) {
    if (m.urgent) seen += static_cast<std::uint32_t>(m.value);
    y += m.share;
    if (!next) next = w.spawn<Actor$next>();
    if (m.urgent) w.send(next, Offer$next{.from = w.id_of(*this), .prices = {x, y, 1, 2}, .kind = 7});
}
inline void Actor$t::on(const Offer$t& m, kay::world& w) {
    for (const float price : m.prices) y += price;
    if (m.from) w.send(m.from, Wait$before{.left = 3, .amount = y, .at = 0.5});
    if (next) w.send(next, Tell$next{.value = m.kind, .share = y, .urgent = false});
}
inline void Actor$t::on(const Wait$t& m, kay::world& w) {
    y += m.amount;
    if (m.left > 0) w.after(kay::turns{2}, w.id_of(*this), Wait$t{.left = m.left - 1, .amount = y, .at = m.at});
    if (m.at > 1e6) w.die();
}
""")
# What else an actor holds, and what its first handler does with it.
FIELDS = [("kay::vector<float> history = {};", "history.push_back(m.amount);"),
          ("kay::string name = {};", "name += \"x\";"),
          ("std::array<std::uint32_t, 6> counts = {};", "counts[seen % 6] += 1;"),
          ("kay::vector<kay::id<Actor$before>> payers = {};", "payers.push_back(m.from);"),
          ("double energy = 1;", "energy += 0.5;")]
# One function for ten types, in the file with their handlers.
ADD = string.Template("""
void add_part$part(kay::actor_system& system) {
    system.add<$actors>();
}
""")
MAIN = string.Template("""
int main() {
    kay::actor_system system{{.places = 16, .seed = 42}};
    $adds
    const auto first = system.spawn<Actor0>();
    system.send(first, Tell0{.value = 1, .share = 0.5f, .urgent = true});
    for (int i = 0; i < 10; ++i)
        if (!system.turn()) return 1;
    std::printf("%llu messages\\n", static_cast<unsigned long long>(system.statistics().messages));
}
""")
HEAD = """#include <kay/kay.hpp>

#include <array>
#include <cstdint>
#include <cstdio>

"""


def parts_of_program():
    """What all files include, one text for each ten types, and main."""
    numbers = [{"t": t, "before": (t - 1) % TYPES, "next": (t + 1) % TYPES, "far": (t * 7 + 3) % TYPES}
               for t in range(TYPES)]
    for n in numbers:
        n["field"], n["use"] = (string.Template(text).substitute(n) for text in FIELDS[n["t"] % len(FIELDS)])
    declared = [f"struct Actor{t};\n" for t in range(TYPES)]
    declared += [part.substitute(n).lstrip() for part in (MESSAGES, ACTOR) for n in numbers]
    parts = []
    for first in range(0, TYPES, TYPES_IN_FILE):
        number = first // TYPES_IN_FILE
        declared.append(f"void add_part{number}(kay::actor_system& system);\n")
        actors = ", ".join(f"Actor{t}" for t in range(first, first + TYPES_IN_FILE))
        parts.append("".join(HANDLERS.substitute(n).lstrip() for n in numbers[first:first + TYPES_IN_FILE]) +
                     ADD.substitute(part=number, actors=actors))
    adds = "\n    ".join(f"add_part{number}(system);" for number in range(len(parts)))
    return HEAD + "".join(declared), parts, MAIN.substitute(adds=adds)


def write_programs(folder):
    """The sources of the program of many files, their header, and the source of the one of one."""
    head, parts, main_part = parts_of_program()
    header = folder / "actors.hpp"
    header.write_text(f"#ifndef ACTORS_HPP\n#define ACTORS_HPP\n{head}#endif\n", encoding="utf-8")
    files = []
    for number, text in enumerate(parts + [main_part]):
        files.append(folder / f"part{number}.cpp")
        files[-1].write_text('#include "actors.hpp"\n\n' + text, encoding="utf-8")
    whole = folder / "one_file.cpp"
    whole.write_text(head + "".join(parts) + main_part, encoding="utf-8")
    return files, header, whole


def compile_once(compiler, source, target, *words):
    """Of the compiler and what it starts: seconds by the clock, of processors, and the peak of memory in bytes."""
    environment = dict(os.environ, LC_ALL="C", CCACHE_DISABLE="1")
    began = time.monotonic()
    child = subprocess.Popen([compiler, *FLAGS, str(target), *words, str(source)], env=environment)
    too_long = threading.Timer(SECONDS_MAX, child.kill)
    too_long.start()
    _, status, usage = os.wait4(child.pid, 0)
    took = time.monotonic() - began
    too_long.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise failed(f"{compiler} ended with {child.returncode} after {took:.0f} s, compiling {source}")
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def compile_all(compiler, sources, header, folder):
    """The same of all files of a program, as many at a time as there are cores; memory is the largest. With a header
    it is precompiled first."""
    began = time.monotonic()
    runs, words = [], []
    precompiled = pathlib.Path(f"{header}.gch")  # where compilers look for it
    try:
        if header:
            runs.append(compile_once(compiler, header, precompiled, "-x", "c++-header"))
            words = ["-include", str(header)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            runs += pool.map(lambda source: compile_once(compiler, source, folder / f"{source.stem}.o", *words),
                             sources)
    finally:
        precompiled.unlink(missing_ok=True)
    return time.monotonic() - began, sum(run[1] for run in runs), max(run[2] for run in runs)


def version_of(compiler):
    said = subprocess.run([compiler, "-dumpfullversion", "-dumpversion"], capture_output=True, text=True, check=False)
    return f"{pathlib.Path(compiler).name} {said.stdout.split()[0]}" if said.stdout.split() else compiler


def read_options():
    parser = argparse.ArgumentParser(prog="compile_time.py", usage=__doc__.split("\n\n")[1], description=__doc__)
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--compiler", action="append", metavar="NAME")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER")
    options = parser.parse_args()
    for name in options.compiler or []:
        if not shutil.which(name):
            parser.error(f"--compiler: there is no {name}")
    return options


def measure(name, compiler, sources, header, folder):
    """The row of one program by one compiler."""
    runs = []
    while len(runs) < REPETITIONS and sum(seconds for seconds, _, _ in runs) < ENOUGH_S:
        runs.append(compile_all(compiler, sources, header, folder))
    seconds, processor_s, peaks = zip(*runs)
    seconds_max, bytes_max = TARGETS[name]
    missed = min(seconds) > seconds_max or (bytes_max is not None and max(peaks) > bytes_max)
    return {"name": f"compile/{name}", "impl": version_of(compiler), "best_s": min(seconds),
            "best_processor_s": min(processor_s), "bytes_peak": max(peaks), "target_s": seconds_max,
            "target_bytes": bytes_max, "missed": missed}


def show(row):
    target = row["target_bytes"] // MIB if row["target_bytes"] else "-"
    print(f"{row['name']:<30} {row['impl']:<20} {row['best_s']:8.2f} {row['target_s']:>7} "
          f"{row['best_processor_s']:13.2f} {row['bytes_peak'] / MIB:10.0f} {target:>7}{'   missed' if row['missed'] else ''}", flush=True)


def main():
    options = read_options()
    rows, good = [], True
    print(f"{'program':<30} {'compiler':<20} {'seconds':>8} {'target':>7} {'processor, s':>13} {'peak, MiB':>10} "
          f"{'target':>7}")
    with tempfile.TemporaryDirectory(prefix="kay-compile-") as scratch:
        folder = options.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        files, header, whole = write_programs(folder)
        programs = {"hello": ([ROOT / "examples/hello.cpp"], None), "100_types": (files, None),
                    "100_types_precompiled": (files, header), "100_types_one_file": ([whole], None)}
        for name, (sources, precompiled) in programs.items():
            for compiler in options.compiler or compilers():
                try:
                    rows.append(measure(name, compiler, sources, precompiled, pathlib.Path(scratch)))
                    show(rows[-1])
                except failed as problem:
                    print(f"compile_time.py: {problem}", file=sys.stderr)
                    good = False
    if options.json:
        try:
            options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        except OSError as problem:
            print(f"compile_time.py: {options.json} cannot be written: {problem.strerror}", file=sys.stderr)
            sys.exit(2)
    sys.exit(0 if good and rows else 1)


if __name__ == "__main__":
    main()
