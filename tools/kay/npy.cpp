// SPDX-License-Identifier: MIT
#include "npy.hpp"

#include "../../src/persist/value_text.hpp"

#include <algorithm>
#include <cstring>

namespace tool {
namespace {

using kay::detail::saved_field;
using kay::detail::saved_type;
using kay::detail::value_kind;

/// As Python writes it.
std::string quoted(const std::string& name) {
    std::string text = "'";
    for (const char c : name) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + '\'';
}

} // namespace

npy_table::npy_table(const kay::detail::schema& types, std::uint32_t type,
                     const std::string& id_name)
    : types_(types) {
    format_ = "[(" + quoted(id_name) + ", '<u8')" + fields_of(type, 0, "") + ']';
}

/// Nothing in it is a container; a struct without such fields has at least one that is no
/// kay::external.
bool npy_table::is_flat(std::uint32_t number) const {
    const saved_type& type = types_[number];
    switch (type.kind) {
    case value_kind::vector:
    case value_kind::string:
    case value_kind::set:
    case value_kind::map:
    case value_kind::external: return false;
    case value_kind::array:
    case value_kind::optional: return is_flat(type.parts[0]);
    case value_kind::structure:
        return std::any_of(type.fields.begin(), type.fields.end(),
                           [&](const saved_field& field) { return is_flat(field.type); });
    default: return true;
    }
}

/// `, ('x', '<f4')` for each field, and what is left out.
std::string npy_table::fields_of(std::uint32_t type, std::uint32_t offset,
                                 const std::string& path) {
    std::string text;
    for (const saved_field& field : types_[type].fields) {
        const std::string name = path + field.name;
        if (is_flat(field.type))
            text += ", (" + quoted(field.name) + ", " +
                    format_of(field.type, offset + field.offset, name + '.') + ')';
        else
            left_out_.push_back(name);
    }
    return text;
}

/// A format, and a shape where it is an array; takes the bytes.
std::string npy_table::format_of(std::uint32_t number, std::uint32_t offset,
                                 const std::string& path) {
    const saved_type& type = types_[number];
    const std::string size = std::to_string(type.size);
    if (kay::detail::is_chars(types_, number)) {
        take(offset, type.size);
        return "'|S" + size + '\'';
    }
    switch (type.kind) {
    case value_kind::structure: {
        const std::string fields = fields_of(number, offset, path);
        return '[' + fields.substr(2) + ']';
    }
    case value_kind::array: {
        std::string shape = "(";
        std::uint32_t element = number, count = 1;
        for (; types_[element].kind == value_kind::array && !kay::detail::is_chars(types_, element);
             element = types_[element].parts[0]) {
            shape += std::to_string(types_[element].count) + ',';
            count *= static_cast<std::uint32_t>(types_[element].count);
        }
        const std::string format = format_of(element, offset, path);
        const std::size_t left_out = left_out_.size();
        for (std::uint32_t i = 1; i < count; ++i)
            format_of(element, offset + i * types_[element].size, path);
        left_out_.resize(left_out); // the others are told with the first
        return format + ", " + shape + ')';
    }
    case value_kind::optional: {
        const std::string value = format_of(type.parts[0], offset, path);
        take(offset + types_[type.parts[0]].size, 1);
        return "[('value', " + value + "), ('has', '|b1')]";
    }
    case value_kind::enumeration: return format_of(type.parts[0], offset, path);
    case value_kind::trait_id: take(offset, 12); return "[('id', '<u8'), ('key', '<u4')]";
    default: break;
    }
    take(offset, type.size);
    const char* const order = type.size == 1 ? "|" : "<";
    switch (type.kind) {
    case value_kind::boolean: return "'|b1'";
    case value_kind::character: return "'|S1'";
    case value_kind::unsigned_number: return '\'' + (order + ('u' + size)) + '\'';
    case value_kind::signed_number: return '\'' + (order + ('i' + size)) + '\'';
    case value_kind::floating: return "'<f" + size + '\'';
    case value_kind::id: return "'<u8'";
    default: return kay::detail::is_duration(type) ? "'<i8'" : "'|V" + size + '\'';
    }
}

void npy_table::take(std::uint32_t offset, std::uint32_t bytes) {
    if (!ranges_.empty() && ranges_.back().offset + ranges_.back().bytes == offset)
        ranges_.back().bytes += bytes;
    else
        ranges_.push_back({offset, bytes});
}

std::string npy_table::header(std::uint64_t rows) const {
    std::string text = "{'descr': " + format_ + ", 'fortran_order': False, 'shape': (" +
                       std::to_string(rows) + ",), }";
    const bool is_ascii = std::all_of(text.begin(), text.end(),
                                      [](char c) { return static_cast<signed char>(c) >= 0; });
    // Version 2 has a longer length than 1, 3 is in UTF-8.
    constexpr std::size_t before = 12, alignment = 64;
    text.append(alignment - 1 - (before + text.size()) % alignment, ' ');
    text += '\n';
    const auto length = static_cast<std::uint32_t>(text.size());
    std::string head = std::string("\x93NUMPY") + (is_ascii ? '\2' : '\3') + '\0';
    char bytes[sizeof length];
    std::memcpy(bytes, &length, sizeof length);
    head.append(bytes, sizeof bytes);
    return head + text;
}

void npy_table::add_row(std::string& to, std::uint64_t id, const std::byte* actor) const {
    to.append(reinterpret_cast<const char*>(&id), sizeof id);
    for (const range& r : ranges_)
        to.append(reinterpret_cast<const char*>(actor) + r.offset, r.bytes);
}

} // namespace tool
