# SPDX-License-Identifier: MIT
"""Worlds that another build has written are this build's too:  other_build.py HERD KAY FOLDER COMPILER

Leaves worlds and logs of its own in FOLDER, which lies in a folder of this build. Those that other
builds beside this one have left there, made by another compiler or with other options, are loaded and go on
with their log: they have to come to the very state that their own build has saved. A planted fault,
the comparison with another turn, has to be found. Where no other build is there: skipped (77).
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile


def run(*words, code=0):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=300)
    if code is not None and done.returncode != code:
        sys.exit(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def description():
    """Of the format and of what is in the worlds: builds of other sources are left alone."""
    root = pathlib.Path(__file__).resolve().parents[2]
    text = b"".join((root / f).read_bytes() for f in (
        "docs/formats/world.md", "docs/formats/log.md", "tests/tools/herd.cpp"))
    return hashlib.sha256(text).hexdigest()


def writer_of(worlds):
    try:
        return json.loads((worlds / "written_by.json").read_text())
    except (OSError, ValueError):
        return {}


def main():
    herd, kay, folder, compiler = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4]
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    run(herd, folder)
    (folder / "written_by.json").write_text(
        json.dumps({"compiler": compiler, "sources": description()}))
    build, place = folder.parents[1], folder.relative_to(folder.parents[1])
    others = [o / place for o in sorted(build.parent.iterdir())
              if o != build and writer_of(o / place).get("sources") == description()]
    for other in others:
        with tempfile.TemporaryDirectory() as room:
            gone_on = pathlib.Path(room) / "gone_on.kay"
            run(herd, "--load", f"{other}/first.kay@morning", "--record", f"{other}/first.log",
                "--replay-to", 3, "--save", f"{gone_on}@then")
            same = run(kay, "diff", f"{gone_on}@then", f"{other}/first.kay@evening", code=None)
            apart = run(kay, "diff", f"{gone_on}@then", f"{other}/first.kay@noon", code=None)
            if same.returncode != 0:
                sys.exit(f"{other} went on differently:\n{same.stdout}{same.stderr}")
            if apart.returncode != 1:
                sys.exit(f"another turn was taken for the same:\n{apart.stdout}{apart.stderr}")
        print(f"{other}: written by {writer_of(other)['compiler']}, goes on here ({compiler}) to the same state")
    if not others:
        print("skipped: there is no other build beside this one")
        sys.exit(77)


main()
