# SPDX-License-Identifier: MIT
"""Saved worlds of kay as NumPy arrays that are views of the file: nothing is copied.

    from kay_world import World
    world = World("city.kay", "noon")              # without a name: the snapshot that was saved last
    world.turn, world.places, world.types()
    for chunk in world.chunks("city::Lane"):       # a structured array for each chunk of actors
        print(chunk["length"].mean())
    for ids in world.ids("city::Lane"):            # beside them, their ids as numbers of 64 bits
        ...
    for cars in world.elements("city::Lane", "cars"):   # for each actor what a container of it holds
        print(cars["speed"])

The format is docs/formats/world.md. Arrays are read-only and keep the file mapped; nobody should save into
it meanwhile. A field that is a container is its head (offset, size, capacity) in
a chunk; elements() follows it. An optional is its value and whether it has one.

Needs Python's standard library and NumPy. Checksums are XXH3, which neither has: verify() needs the
package xxhash (python3-xxhash in Debian) too, and `kay check FILE` does it without. Until somebody has
asked for one of the two, a damaged page is taken for what it says.
"""
import dataclasses
import mmap
import struct

import numpy as np

EXTENT = 65536
PAGE_REF = np.dtype([("extent", "<u4"), ("reserved", "<u4"), ("hash", "<u8")])
SLOT = np.dtype([("handle", "<u4"), ("meta", "<u4")])
HEAD = np.dtype([("offset", "<i8"), ("size", "<u4"), ("capacity", "<u4")])  # of a container
LEAF_PAGES = EXTENT // PAGE_REF.itemsize
NO_PAGE = None
LIVE = 1
ROWS_LOG2, SLOTS_LOG2 = 12, 13
GENERATION_SHIFT, PLACE_SHIFT = 26, 44
TIMER_TABLES = (6 * 64 + 1) * 8 + 6 * 8
CATALOGUE, TABLE, LEAF, MANIFEST, SCHEMA = 1, 2, 3, 4, 5  # kinds of blobs

(BOOL, CHAR, UNSIGNED, SIGNED, FLOATING, ENUMERATION, STRUCTURE, ARRAY, ID, TRAIT_ID, VECTOR, STRING, SET, MAP,
 OPTIONAL, EXTERNAL, OPAQUE) = range(1, 18)
ROWS = (VECTOR, STRING, SET, MAP)


class WorldError(Exception):
    """A file that is none of saved worlds, is damaged, or has not what was asked for."""


@dataclasses.dataclass
class Field:
    name: str
    offset: int
    type: int  # in the schema


@dataclasses.dataclass
class Type:
    kind: int
    name: str
    size: int
    alignment: int
    layout_hash: int
    count: int  # of an array's elements
    fields: list
    parts: list


@dataclasses.dataclass
class Run:
    """Blocks of one size."""
    stride: int
    visible: int
    chunks: list  # numbers, as handles have them
    pages: list  # for each chunk its pages

    @property
    def rows_per_chunk(self):
        return max(1, EXTENT // self.stride)


@dataclasses.dataclass
class Store:
    slot_pages: list  # by slot >> 13; None: no slot was ever used
    runs: list


@dataclasses.dataclass
class Snapshot:
    name: str
    parent: str
    number: int
    turn: int
    saved_ms: int
    pages: int
    blobs: tuple  # of table, manifest and schema


class Reader:
    """Numbers and texts of a record, one after the other."""

    def __init__(self, data):
        self.data, self.at = memoryview(data), 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise WorldError("a record of the file ends too early")
        part = self.data[self.at:self.at + count]
        self.at += count
        return part

    def number(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def numbers(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))

    def text(self):
        return bytes(self.take(self.number("I"))).decode("utf-8", "replace")

    def list(self):
        count = self.number("Q")
        return np.frombuffer(self.take(4 * count), "<u4").tolist()

    def end(self):
        if self.at != len(self.data):
            raise WorldError("a record of the file is too long")


class World:
    """A snapshot of a file of saved worlds."""

    def __init__(self, path, snapshot=None):
        self.path = str(path)
        try:
            with open(path, "rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:
            raise WorldError(f"{path}: this is no file of saved worlds") from None
        self._bytes = np.frombuffer(self._map, np.uint8)
        try:
            self._read_catalogue()
            self._open(snapshot)
        except (struct.error, WorldError) as problem:
            raise WorldError(f"{path}: {problem}") from None

    # ---- what there is

    def snapshots(self):
        return [s.name for s in self._snapshots]

    def types(self):
        """Names of the actor types with how many there are of each."""
        return {name: sum(run.visible for _, store in self._stores_of(t) for run in store.runs)
                for t, (name, _) in enumerate(self._actor_types)}

    def layout(self, name):
        """A type of the schema: an actor's, or a part's; with its fields."""
        return self._types[self._find_layout(name)]

    def dtype(self, name):
        """Of a row of chunks(name)."""
        return self._dtype(self._find_layout(name))

    # ---- actors

    def chunks(self, name):
        """A structured array for each chunk of actors, in the order of places: a view of the file."""
        dtype = self._dtype(self._actor_types[self._find_actor(name)][1])
        for _, run, chunk in self._chunks(name):
            rows = self._rows(run, chunk)
            # An actor's fixed part lies in the first page, however large its block is.
            yield np.ndarray((rows,), dtype, self._map, self._position(run.pages[chunk][0]), (run.stride,))

    def ids(self, name):
        """For each of chunks(name) the ids: place << 44 | generation << 26 | slot."""
        last = None
        for (place, store), run, chunk in self._chunks(name):
            if last is not store:
                handles, ids, last = *self._ids_of(place, store), store
            first = run.chunks[chunk] << ROWS_LOG2
            wanted = first + np.arange(self._rows(run, chunk), dtype=np.int64) * (run.stride // 16)
            at = np.searchsorted(handles, wanted)
            if at.size and (at[-1] >= handles.size or not np.array_equal(handles[at], wanted)):
                raise WorldError(f"{self.path}: slots and instances do not belong together")
            yield ids[at]

    def elements(self, name, field):
        """For each actor an array of what its container holds: a view of the file, but for blocks of
        more than 64 KiB whose pages do not follow each other. `field` may lead into structs: a.b."""
        layout = self._actor_types[self._find_actor(name)][1]
        offset = 0
        for part in field.split("."):
            found = [f for f in self._types[layout].fields if f.name == part]
            if not found:
                raise WorldError(f"{self.path}: {self._types[layout].name} has no field {part!r}; there is "
                                 + ", ".join(f.name for f in self._types[layout].fields))
            offset += found[0].offset
            layout = found[0].type
        container = self._types[layout]
        if container.kind not in ROWS:
            raise WorldError(f"{self.path}: {field} is no container but {container.name}")
        dtype = self._element_dtype(container)
        for _, run, chunk in self._chunks(name):
            block = self._chunk_bytes(run, chunk)
            for row in range(self._rows(run, chunk)):
                yield self._elements(block[row * run.stride:(row + 1) * run.stride], offset, dtype)

    def _elements(self, block, at, dtype):
        offset, size, _ = struct.unpack_from("<qII", block, at)
        if size == 0:
            return np.empty(0, dtype)
        first = at + offset
        if not 0 <= first <= len(block) or size * dtype.itemsize > len(block) - first:
            raise WorldError(f"{self.path}: a container leads out of its block")
        return np.frombuffer(block, dtype, size, first)

    # ---- pages

    def verify(self):
        """Numbers of the pages that are not as they were saved. Needs the package xxhash."""
        try:
            import xxhash
        except ImportError:
            raise WorldError("verify() needs the package xxhash; kay check does it without") from None
        damaged = []
        for number, page in enumerate(self._pages):
            if not page["extent"]:
                continue
            seed = _combine(_combine(*self._uuid), _combine(0, number))
            at = int(page["extent"]) * EXTENT
            if xxhash.xxh3_64_intdigest(self._bytes[at:at + EXTENT].tobytes(), seed) != page["hash"]:
                damaged.append(number)
        return damaged

    def _position(self, page):
        at = int(self._pages["extent"][page]) * EXTENT
        if at == 0 or at + EXTENT > len(self._bytes):
            raise WorldError(f"{self.path}: page {page} is missing: the file was cut off")
        return at

    def _chunk_bytes(self, run, chunk):
        at = [self._position(page) for page in run.pages[chunk]]
        if all(b - a == EXTENT for a, b in zip(at, at[1:])):
            return self._bytes[at[0]:at[-1] + EXTENT]
        return np.concatenate([self._bytes[a:a + EXTENT] for a in at])

    # ---- stores

    def _find_actor(self, name):
        names = [n for n, _ in self._actor_types]
        found = [t for t, n in enumerate(names) if n == name] or \
                [t for t, n in enumerate(names) if n.endswith("::" + name)]
        if len(found) != 1:
            raise WorldError(f"{self.path}: has no actor type {name!r}; there is {', '.join(names) or 'none'}")
        return found[0]

    def _find_layout(self, name):
        if name in self._by_name:
            return self._by_name[name]
        return self._actor_types[self._find_actor(name)][1]

    def _stores_of(self, type):
        return [(place, stores[type]) for place, stores in enumerate(self._stores) if stores[type]]

    def _chunks(self, name):
        for place_and_store in self._stores_of(self._find_actor(name)):
            for run in place_and_store[1].runs:
                for chunk in range(len(run.chunks)):
                    if self._rows(run, chunk):
                        yield place_and_store, run, chunk

    @staticmethod
    def _rows(run, chunk):
        return max(0, min(run.rows_per_chunk, run.visible - chunk * run.rows_per_chunk))

    def _ids_of(self, place, store):
        """Handles of the live slots, in order, and their ids."""
        handles, ids = [], []
        for number, page in enumerate(store.slot_pages):
            if page is NO_PAGE:
                continue
            slots = np.frombuffer(self._map, SLOT, EXTENT // SLOT.itemsize, self._position(page))
            live = np.flatnonzero((slots["meta"] & 255) == LIVE)
            generation = (slots["meta"][live] >> 8).astype(np.uint64)
            slot = (live + (number << SLOTS_LOG2)).astype(np.uint64)
            handles.append(slots["handle"][live].astype(np.int64))
            ids.append(np.uint64(place << PLACE_SHIFT) | generation << np.uint64(GENERATION_SHIFT) | slot)
        handles = np.concatenate(handles) if handles else np.empty(0, np.int64)
        ids = np.concatenate(ids) if ids else np.empty(0, np.uint64)
        order = np.argsort(handles, kind="stable")
        return handles[order], ids[order]

    # ---- types as NumPy has them

    def _dtype(self, number):
        if number not in self._dtypes:
            self._dtypes[number] = self._make_dtype(self._types[number])
        return self._dtypes[number]

    def _make_dtype(self, type):
        if type.kind == STRUCTURE:
            return np.dtype({"names": [f.name for f in type.fields],
                             "formats": [self._dtype(f.type) for f in type.fields],
                             "offsets": [f.offset for f in type.fields], "itemsize": type.size})
        if type.kind == ARRAY:
            element = self._types[type.parts[0]]
            if element.kind == CHAR:
                return np.dtype(f"S{type.size}")
            return np.dtype((self._dtype(type.parts[0]), (type.count,)))
        if type.kind == ENUMERATION:
            return self._dtype(type.parts[0])
        if type.kind == OPTIONAL:
            value = self._dtype(type.parts[0])
            return np.dtype({"names": ["value", "has"], "formats": [value, "?"],
                             "offsets": [0, self._types[type.parts[0]].size], "itemsize": type.size})
        if type.kind in ROWS:
            return HEAD
        if type.kind == TRAIT_ID:
            return np.dtype([("id", "<u8"), ("key", "<u4"), ("reserved", "<u4")])
        if type.kind == OPAQUE and type.name.startswith("duration<") and type.size == 8:
            return np.dtype("<i8")
        simple = {BOOL: "?", CHAR: "S1", UNSIGNED: f"<u{type.size}", SIGNED: f"<i{type.size}",
                  FLOATING: f"<f{type.size}", ID: "<u8"}
        return np.dtype(simple.get(type.kind, f"V{type.size}"))

    def _element_dtype(self, container):
        if container.kind == STRING:
            return np.dtype("u1")
        if container.kind != MAP:
            return self._dtype(container.parts[0])
        key, value = (self._types[part] for part in container.parts)
        at = _round_up(key.size, value.alignment)
        return np.dtype({"names": ["key", "value"], "formats": [self._dtype(p) for p in container.parts],
                         "offsets": [0, at],
                         "itemsize": _round_up(at + value.size, max(key.alignment, value.alignment))})

    # ---- reading the file

    def _read_catalogue(self):
        """Of the newest generation whose two copies agree, or else of the newest one."""
        found = []
        for place in range(4):
            block = bytes(self._map[place * 4096:place * 4096 + 512])
            if len(block) < 512 or block[:8] != b"kayworld":
                continue
            version, extent = struct.unpack_from("<II", block, 8)
            if version != 1 or extent != EXTENT:
                continue
            generation = struct.unpack_from("<Q", block, 32)[0]
            if generation and generation % 2 == place // 2:
                found.append((generation, block))
        if not found:
            raise WorldError("this is no file of saved worlds, or one of another version")
        twice = [f for f in found if found.count(f) == 2]
        generation, block = max(twice or found)
        self._uuid = struct.unpack_from("<QQ", block, 16)
        reader = Reader(self._blob(struct.unpack_from("<IIQQ", block, 48), CATALOGUE))
        reader.number("Q")
        self._snapshots = []
        for _ in range(reader.number("I")):
            name, parent = reader.text(), reader.text()
            number, turn, saved_ms, pages, _ = reader.numbers("QQqQQ")
            blobs = tuple(reader.numbers("IIQQ") for _ in range(3))
            self._snapshots.append(Snapshot(name, parent, number, turn, saved_ms, pages, blobs))
        reader.end()

    def _blob(self, reference, kind):
        first, extents, count, _ = reference
        if first == 0 or count > extents * EXTENT or first * EXTENT + count > len(self._map):
            raise WorldError(f"a table of the file (kind {kind}) is missing: it was cut off")
        return self._map[first * EXTENT:first * EXTENT + count]

    def _open(self, name):
        named = [s for s in self._snapshots if s.name == name] if name is not None else self._snapshots
        if not named:
            raise WorldError((f"has no snapshot {name!r}" if name is not None else "has no snapshot") +
                             f"; there is {', '.join(self.snapshots()) or 'none at all'}")
        snapshot = max(named, key=lambda s: s.number)
        self.snapshot, self.parent, self.turn = snapshot.name, snapshot.parent, snapshot.turn
        table = Reader(self._blob(snapshot.blobs[0], TABLE))
        leaves = [self._blob(table.numbers("IIQQ"), LEAF) for _ in range(-(-snapshot.pages // LEAF_PAGES))]
        table.end()
        self._pages = np.frombuffer(b"".join(leaves), PAGE_REF)
        if len(self._pages) != snapshot.pages:
            raise WorldError("the table of the snapshot has another length than it should have")
        self._read_schema(Reader(self._blob(snapshot.blobs[2], SCHEMA)))
        self._read_manifest(Reader(self._blob(snapshot.blobs[1], MANIFEST)))

    def _read_schema(self, reader):
        self._types, self._dtypes = [], {}
        for number in range(reader.number("I")):
            kind, name = reader.number("B"), reader.text()
            size, alignment, layout_hash, count = reader.numbers("IIQQ")
            fields = [Field(reader.text(), *reader.numbers("II")) for _ in range(reader.number("I"))]
            parts = [reader.number("I") for _ in range(reader.number("I"))]
            if any(part >= number for part in parts + [field.type for field in fields]):
                raise WorldError("the description of the file's types makes no sense")
            self._types.append(Type(kind, name, size, alignment, layout_hash, count, fields, parts))
        reader.end()
        self._by_name = {type.name: number for number, type in enumerate(self._types)}

    def _read_manifest(self, reader):
        places, self.seed, self.step_ns, *_ = reader.numbers("IQqQQ")
        self.places = places
        self._actor_types = []
        for _ in range(reader.number("I")):
            name = reader.text()
            reader.numbers("QI")
            for _ in range(reader.number("I")): # messages
                reader.text()
                reader.number("Q")
            if name not in self._by_name:
                raise WorldError(f"the file does not describe {name}")
            self._actor_types.append((name, self._by_name[name]))
        constants = [reader.text() for _ in range(reader.number("I"))]
        for _ in constants:
            reader.numbers("QQI")
        self._stores = []
        for _ in range(places):
            self._stores.append([self._read_store(reader) if reader.number("B") else None
                                 for _ in self._actor_types])
            self._skip_leases(reader)
            self._skip_timers(reader)
        reader.take(len(self._actor_types))
        self._skip_leases(reader)
        self._skip_timers(reader)
        self._skip_waiting(reader)
        reader.end()

    def _read_store(self, reader):
        reader.numbers("II")
        slot_pages = []
        for _ in range(reader.number("I")):
            index, page = reader.numbers("II")
            slot_pages += [NO_PAGE] * (index + 1 - len(slot_pages))
            slot_pages[index] = self._take_pages(page, 1)[0]
        chunk_pages, row_pages = reader.list(), reader.list()
        reader.list()
        if len(chunk_pages) != len(row_pages):
            raise WorldError("the manifest of the world makes no sense")
        runs = []
        for _ in range(reader.number("I")):
            stride, visible, _ = reader.numbers("III")
            chunks = reader.list()
            if stride == 0 or stride % 16 or any(chunk >= len(chunk_pages) for chunk in chunks):
                raise WorldError("the manifest of the world makes no sense")
            each = -(-stride // EXTENT)
            sharing = EXTENT // 4 // max(1, EXTENT // stride)
            pages = []
            for position, chunk in enumerate(chunks):
                pages.append(self._take_pages(int(chunk_pages[chunk]), each))
                if position % sharing == 0:
                    self._take_pages(int(row_pages[chunk]), 1)
            runs.append(Run(stride, visible, chunks, pages))
        return Store(slot_pages, runs)

    def _take_pages(self, first, count):
        if first + count > len(self._pages):
            raise WorldError("pages of the snapshot are missing")
        return range(first, first + count)

    @staticmethod
    def _skip_leases(reader):
        for _ in range(reader.number("I")):
            reader.take(12)
            reader.take(8 * reader.number("I"))
        reader.take(24 * reader.number("I"))
        reader.take(8 * reader.number("Q"))

    def _skip_waiting(self, reader):
        reader.numbers("BQ")
        for _ in range(reader.number("I")):
            reader.number("I")
            reader.text()
            reader.number("Q")
            reader.text(), reader.text()
            reader.number("B")
        rows = reader.number("I")
        if rows:
            reader.take(16 * self.places)
        for _ in range(rows):
            reader.numbers("BIII")
            reader.take(reader.number("Q"))

    def _skip_timers(self, reader):
        reader.take(32)
        for _ in range(reader.number("I")):
            self._take_pages(reader.number("I"), 1)
        if reader.number("B"):
            reader.take(TIMER_TABLES)


def _round_up(size, alignment):
    return -(-size // alignment) * alignment


def _mix(x):
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & 0xffffffffffffffff
    x = (x ^ x >> 27) * 0x94d049bb133111eb & 0xffffffffffffffff
    return x ^ x >> 31


def _combine(a, b):
    """As kay::combine of kay/core/hash.hpp."""
    return _mix(_mix(a + 0x9e3779b97f4a7c15 & 0xffffffffffffffff) ^ b)
