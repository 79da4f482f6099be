// SPDX-License-Identifier: MIT
#include "schema.hpp"

#include <algorithm>

namespace kay::detail {
namespace {

constexpr std::uint32_t types_max = 1u << 20;
constexpr std::uint32_t fields_most = 1024; ///< more than any version of kay allows
constexpr std::uint32_t size_max = 1u << 30;

value_kind kind_of_number(std::string_view name) {
    if (name == "bool") return value_kind::boolean;
    if (name == "char") return value_kind::character;
    switch (name.front()) {
    case 'u': return value_kind::unsigned_number;
    case 'i': return value_kind::signed_number;
    default: return value_kind::floating;
    }
}

value_kind kind_of_own(std::string_view name, std::uint32_t size) {
    if (name.starts_with("id<")) return size == 8 ? value_kind::id : value_kind::trait_id;
    if (name.starts_with("vector<")) return value_kind::vector;
    if (name == "string") return value_kind::string;
    if (name.starts_with("set<")) return value_kind::set;
    if (name.starts_with("map<")) return value_kind::map;
    if (name.starts_with("optional<")) return value_kind::optional;
    if (name.starts_with("external")) return value_kind::external;
    return value_kind::opaque;
}

value_kind kind_of(const schema_node& node) {
    switch (node.kind) {
    case schema_kind::number: return kind_of_number(node.name);
    case schema_kind::enumeration: return value_kind::enumeration;
    case schema_kind::structure: return value_kind::structure;
    case schema_kind::array: return value_kind::array;
    case schema_kind::own: return kind_of_own(node.name, node.size);
    }
    return value_kind::opaque;
}

bool is_number_size(value_kind kind, std::uint32_t size) {
    switch (kind) {
    case value_kind::boolean:
    case value_kind::character: return size == 1;
    case value_kind::unsigned_number:
    case value_kind::signed_number: return size == 1 || size == 2 || size == 4 || size == 8;
    default: return size == 4 || size == 8;
    }
}

} // namespace

std::uint32_t schema::add(const schema_node& node) {
    if (const auto known = find(node.name)) return *known;
    saved_type made;
    made.kind = kind_of(node);
    made.name = node.name;
    made.size = node.size;
    made.alignment = node.alignment;
    made.layout_hash = node.layout_hash;
    made.count = node.count;
    std::vector<std::uint32_t> parts;
    for (const schema_node* part : node.parts) parts.push_back(add(*part));
    if (node.kind == schema_kind::structure)
        for (std::size_t i = 0; i < parts.size(); ++i)
            made.fields.push_back(
                {std::string(node.fields[i].name), node.fields[i].offset, parts[i]});
    else
        made.parts = std::move(parts);
    return keep(std::move(made));
}

std::uint32_t schema::keep(saved_type type) {
    const std::uint32_t number = count();
    by_name_.emplace(type.name, number);
    types_.push_back(std::move(type));
    return number;
}

std::optional<std::uint32_t> schema::find(std::string_view name) const {
    const auto found = by_name_.find(std::string(name));
    if (found == by_name_.end()) return {};
    return found->second;
}

void schema::write(byte_writer& to) const {
    to.number(count());
    for (const saved_type& type : types_) {
        to.number(static_cast<std::uint8_t>(type.kind));
        to.text(type.name);
        to.number(type.size);
        to.number(type.alignment);
        to.number(type.layout_hash);
        to.number(type.count);
        to.number(static_cast<std::uint32_t>(type.fields.size()));
        for (const saved_field& field : type.fields) {
            to.text(field.name);
            to.number(field.offset);
            to.number(field.type);
        }
        to.number(static_cast<std::uint32_t>(type.parts.size()));
        for (const std::uint32_t part : type.parts) to.number(part);
    }
}

result<schema> schema::read(byte_reader& from) {
    const error wrong{error_code::bad_data, "the description of the file's types makes no sense"};
    schema made;
    const auto count = from.number<std::uint32_t>();
    if (from.failed() || count > types_max) return wrong;
    for (std::uint32_t i = 0; i < count; ++i) {
        saved_type type;
        type.kind = static_cast<value_kind>(from.number<std::uint8_t>());
        type.name = from.text();
        type.size = from.number<std::uint32_t>();
        type.alignment = from.number<std::uint32_t>();
        type.layout_hash = from.number<std::uint64_t>();
        type.count = from.number<std::uint64_t>();
        const auto fields = from.number<std::uint32_t>();
        if (fields > fields_most) return wrong;
        for (std::uint32_t f = 0; f < fields && !from.failed(); ++f) {
            saved_field field;
            field.name = from.text();
            field.offset = from.number<std::uint32_t>();
            field.type = from.number<std::uint32_t>();
            type.fields.push_back(std::move(field));
        }
        const auto parts = from.number<std::uint32_t>();
        if (parts > 2) return wrong;
        for (std::uint32_t p = 0; p < parts; ++p)
            type.parts.push_back(from.number<std::uint32_t>());
        if (from.failed() || !made.makes_sense(type)) return wrong;
        made.keep(std::move(type));
    }
    return made;
}

/// All that it is made of is known already.
bool schema::makes_sense(const saved_type& type) const {
    if (type.size == 0 || type.size > size_max || type.alignment == 0 || type.alignment > 8 ||
        (type.alignment & (type.alignment - 1)) || type.size % type.alignment ||
        type.name.empty() || by_name_.contains(type.name))
        return false;
    for (const std::uint32_t part : type.parts)
        if (part >= count()) return false;
    const auto holds = [&](std::size_t parts, std::uint32_t bytes) {
        return type.parts.size() == parts && type.fields.empty() && type.size == bytes;
    };
    switch (type.kind) {
    case value_kind::boolean:
    case value_kind::character:
    case value_kind::unsigned_number:
    case value_kind::signed_number:
    case value_kind::floating: return is_number_size(type.kind, type.size) && holds(0, type.size);
    case value_kind::enumeration: {
        if (type.parts.size() != 1) return false;
        const saved_type& below = types_[type.parts[0]];
        return below.kind <= value_kind::signed_number && holds(1, below.size);
    }
    case value_kind::structure: {
        std::uint64_t end = 0;
        for (const saved_field& field : type.fields) {
            if (field.type >= count() || field.offset < end) return false;
            end = std::uint64_t{field.offset} + types_[field.type].size;
        }
        return type.parts.empty() && end <= type.size;
    }
    case value_kind::array:
        return type.parts.size() == 1 && type.fields.empty() && type.count <= size_max &&
               type.count * types_[type.parts[0]].size == type.size;
    case value_kind::id: return holds(0, 8);
    case value_kind::trait_id: return holds(0, 16);
    case value_kind::vector:
    case value_kind::set: return holds(1, 16);
    case value_kind::string: return holds(0, 16);
    case value_kind::map: return holds(2, 16);
    case value_kind::optional:
        return type.parts.size() == 1 && type.fields.empty() &&
               type.size > types_[type.parts[0]].size;
    case value_kind::external: return holds(0, 8);
    case value_kind::opaque: return type.fields.empty() && type.size > 0;
    }
    return false;
}

namespace {

/// Lines of difference(); `path` names the part that is looked at.
void compare(const schema& saved, const saved_type& a, const schema& now, const saved_type& b,
             const std::string& path, std::string& lines) {
    const auto say = [&](const std::string& what) { lines += "  " + path + ": " + what + '\n'; };
    if (a.layout_hash == b.layout_hash && a.name == b.name) return;
    if (a.kind != b.kind || (a.kind != value_kind::structure && a.name != b.name)) {
        say("was " + a.name + ", is " + b.name);
        return;
    }
    if (a.kind != value_kind::structure) {
        for (std::size_t i = 0; i < std::min(a.parts.size(), b.parts.size()); ++i)
            compare(saved, saved[a.parts[i]], now, now[b.parts[i]], path + "[]", lines);
        return;
    }
    const auto find = [](const saved_type& in, const std::string& name) {
        return std::find_if(in.fields.begin(), in.fields.end(),
                            [&](const saved_field& f) { return f.name == name; });
    };
    for (const saved_field& field : a.fields) {
        const auto same = find(b, field.name);
        const std::string name = path + '.' + field.name;
        if (same == b.fields.end()) {
            lines += "  " + name + ": was there (" + saved[field.type].name + " at byte " +
                     std::to_string(field.offset) + "), is gone\n";
            continue;
        }
        compare(saved, saved[field.type], now, now[same->type], name, lines);
        if (same->offset != field.offset)
            lines += "  " + name + ": was at byte " + std::to_string(field.offset) + ", is at " +
                     std::to_string(same->offset) + '\n';
    }
    for (const saved_field& field : b.fields)
        if (find(a, field.name) == a.fields.end())
            lines += "  " + path + '.' + field.name + ": is new (" + now[field.type].name +
                     " at byte " + std::to_string(field.offset) + ")\n";
    if (a.size != b.size)
        say("had " + std::to_string(a.size) + " bytes, has " + std::to_string(b.size));
}

} // namespace

std::string difference(const schema& saved, std::uint32_t saved_type, const schema& now,
                       std::uint32_t now_type) {
    std::string lines;
    const auto& a = saved[saved_type];
    const auto& b = now[now_type];
    if (a.layout_hash == b.layout_hash) return lines;
    compare(saved, a, now, b, b.name, lines);
    if (lines.empty()) lines = "  " + b.name + ": its layout is another one\n";
    return lines;
}

} // namespace kay::detail
