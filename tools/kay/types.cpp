// SPDX-License-Identifier: MIT
#include "commands.hpp"
#include "world.hpp"

#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

namespace tool {
namespace {

using kay::detail::saved_field;
using kay::detail::saved_type;
using kay::detail::schema;
using kay::detail::value_kind;

const char* text_of(value_kind kind) {
    switch (kind) {
    case value_kind::boolean: return "bool";
    case value_kind::character: return "char";
    case value_kind::unsigned_number: return "unsigned";
    case value_kind::signed_number: return "signed";
    case value_kind::floating: return "floating";
    case value_kind::enumeration: return "enumeration";
    case value_kind::structure: return "structure";
    case value_kind::array: return "array";
    case value_kind::id: return "id";
    case value_kind::trait_id: return "trait id";
    case value_kind::vector: return "vector";
    case value_kind::string: return "string";
    case value_kind::set: return "set";
    case value_kind::map: return "map";
    case value_kind::optional: return "optional";
    case value_kind::external: return "external";
    case value_kind::opaque: return "opaque";
    }
    return "unknown";
}

/// A line for the type, and one for each field: offset, bytes, name, kind and type.
std::string lines_of(const schema& types, std::uint32_t number, const char* what) {
    const saved_type& type = types[number];
    char part[96];
    std::snprintf(part, sizeof part, ": %s, %u bytes, alignment %u, layout %016" PRIx64 "\n", what,
                  type.size, type.alignment, type.layout_hash);
    std::string lines = type.name + part;
    for (const saved_field& field : type.fields) {
        const saved_type& of = types[field.type];
        std::snprintf(part, sizeof part, "  %5u %5u  ", field.offset, of.size);
        lines += part + field.name + ": " + text_of(of.kind) + ' ' + of.name + '\n';
    }
    return lines;
}

} // namespace

kay::result<int> show_types(const options& o, output& out) {
    const auto w = open_world(o.world);
    if (!w) return w.error();
    const schema& types = w->view.types();
    std::vector<bool> is_actor(types.count());
    for (std::uint32_t t = 0; t < w->view.manifest().head.types.size(); ++t) {
        is_actor[w->view.layout_of(t)] = true;
        out.add(lines_of(types, w->view.layout_of(t), "actor"));
    }
    for (std::uint32_t t = 0; t < types.count(); ++t) {
        const value_kind kind = types[t].kind;
        if (kind == value_kind::structure && !is_actor[t]) out.add(lines_of(types, t, "structure"));
        if (kind == value_kind::enumeration)
            out.add(
                lines_of(types, t, ("enumeration of " + types[types[t].parts[0]].name).c_str()));
    }
    return 0;
}

} // namespace tool
