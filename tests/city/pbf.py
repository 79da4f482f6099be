# SPDX-License-Identifier: MIT
"""Writes an OpenStreetMap XML file as .osm.pbf: pbf_of(BYTES) -> BYTES.

Small files only: one block of plain nodes and one of ways, as the format's description has them
(https://wiki.openstreetmap.org/wiki/PBF_Format). No metadata of objects.
"""
import struct
import xml.etree.ElementTree
import zlib

RAW_SIZE, ZLIB_DATA = 2, 3  # fields of Blob


def varint(number):
    out = bytearray()
    number &= (1 << 64) - 1
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return varint(number << 1 ^ number >> 63)


def field(number, value):
    """A field that holds a number, or one that holds bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def blob(kind, data):
    body = field(RAW_SIZE, len(data)) + field(ZLIB_DATA, zlib.compress(data))
    head = field(1, kind.encode()) + field(3, len(body))
    return struct.pack(">I", len(head)) + head + body


class strings:
    def __init__(self):
        self.numbers = {"": 0}

    def number(self, text):
        return self.numbers.setdefault(text, len(self.numbers))

    def tags(self, element):
        pairs = [(t.get("k"), t.get("v")) for t in element.findall("tag")]
        keys = b"".join(varint(self.number(k)) for k, _ in pairs)
        values = b"".join(varint(self.number(v)) for _, v in pairs)
        return field(2, keys) + field(3, values) if pairs else b""

    def table(self):
        return b"".join(field(1, text.encode()) for text in self.numbers)


def block(table, group):
    return blob("OSMData", field(1, table.table()) + field(2, group))


def node(element, table):
    def units(name):  # of 100 nanodegrees, the block's default
        return round(float(element.get(name)) * 1e7)
    body = varint(1 << 3) + zigzag(int(element.get("id"))) + table.tags(element)
    return body + varint(8 << 3) + zigzag(units("lat")) + varint(9 << 3) + zigzag(units("lon"))


def way(element, table):
    last, refs = 0, b""
    for ref in element.findall("nd"):
        refs += zigzag(int(ref.get("ref")) - last)
        last = int(ref.get("ref"))
    return field(1, int(element.get("id"))) + table.tags(element) + field(8, refs)


def pbf_of(xml_bytes):
    root = xml.etree.ElementTree.fromstring(xml_bytes)
    out = blob("OSMHeader", field(4, b"OsmSchema-V0.6"))
    for name, number, encode in (("node", 1, node), ("way", 3, way)):
        table = strings()
        group = b"".join(field(number, encode(e, table)) for e in root.findall(name))
        out += block(table, group)
    return out
