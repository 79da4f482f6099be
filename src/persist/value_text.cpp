// SPDX-License-Identifier: MIT
#include "value_text.hpp"

#include "row_head.hpp"

#include <kay/core/id.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace kay::detail {
namespace {

template <class T>
T read_as(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <class T>
void add_number(std::string& to, T value) {
    char digits[64];
    const auto [end, problem] = std::to_chars(digits, digits + sizeof digits, value);
    to.append(digits, end);
}

/// Calls f with a whole number of the size and sign of the type.
template <class F>
void with_whole(const saved_type& type, const std::byte* at, F&& f) {
    const bool is_signed = type.kind == value_kind::signed_number;
    switch (type.size) {
    case 1: return is_signed ? f(read_as<std::int8_t>(at)) : f(read_as<std::uint8_t>(at));
    case 2: return is_signed ? f(read_as<std::int16_t>(at)) : f(read_as<std::uint16_t>(at));
    case 4: return is_signed ? f(read_as<std::int32_t>(at)) : f(read_as<std::uint32_t>(at));
    default: return is_signed ? f(read_as<std::int64_t>(at)) : f(read_as<std::uint64_t>(at));
    }
}

template <class F>
void with_floating(const saved_type& type, const std::byte* at, F&& f) {
    type.size == 4 ? f(read_as<float>(at)) : f(read_as<double>(at));
}

void add_hex(std::string& to, const std::byte* at, std::size_t count) {
    constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < count; ++i) {
        const auto byte = std::to_integer<unsigned>(at[i]);
        to += digits[byte >> 4];
        to += digits[byte & 15];
    }
}

std::string raw_id_text(const std::byte* at) {
    const raw_id id(read_as<std::uint64_t>(at));
    return to_string(id);
}

/// `Car` of id<Car>.
std::string_view holder_of(std::string_view name) {
    const std::size_t open = name.find('<');
    if (open == std::string_view::npos || name.back() != '>') return {};
    return name.substr(open + 1, name.size() - open - 2);
}

/// kay::constant: a number from one on, and four bytes of nothing.
bool is_constant(const saved_type& type) {
    return type.kind == value_kind::opaque && type.size == 8 && type.name.starts_with("constant<");
}

/// Bytes of a character in UTF-8 at the front, zero where there is none.
std::size_t utf8_bytes(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80) return 1;
    const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || bytes > text.size()) return 0;
    for (std::size_t i = 1; i < bytes; ++i)
        if ((at(i) & 0xc0) != 0x80) return 0;
    // Spellings longer than needed, surrogates, and what lies beyond all characters.
    if ((lead == 0xe0 && at(1) < 0xa0) || (lead == 0xed && at(1) > 0x9f) ||
        (lead == 0xf0 && at(1) < 0x90) || (lead == 0xf4 && at(1) > 0x8f))
        return 0;
    return bytes;
}

/// Adds text in quotes; `bad` adds a byte that is no part of a character.
template <class F>
void add_escaped(std::string& to, std::string_view text, F&& bad) {
    to += '"';
    while (!text.empty()) {
        const std::size_t bytes = utf8_bytes(text);
        const auto c = static_cast<unsigned char>(text[0]);
        if (bytes == 0 || (bytes == 1 && (c < 0x20 || c == 0x7f))) {
            if (c == '\n')
                to += "\\n";
            else if (c == '\t')
                to += "\\t";
            else
                bad(c);
        } else {
            if (c == '"' || c == '\\') to += '\\';
            to.append(text.substr(0, bytes));
        }
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    to += '"';
}

/// The parts of a value, written by a style: how brackets, names and ends look.
class value_writer {
public:
    value_writer(std::string& to, const schema& types, bool json)
        : to_(to), types_(types), json_(json) {}

    void add(std::uint32_t number, const std::byte* at) {
        const saved_type& type = types_[number];
        switch (type.kind) {
        case value_kind::boolean: to_ += at[0] == std::byte{0} ? "false" : "true"; break;
        case value_kind::character: add_string({reinterpret_cast<const char*>(at), 1}); break;
        case value_kind::unsigned_number:
        case value_kind::signed_number:
            with_whole(type, at, [&](auto value) { add_number(to_, value); });
            break;
        case value_kind::floating:
            with_floating(type, at, [&](auto value) {
                if (json_ && !std::isfinite(value))
                    to_ += "null";
                else
                    add_number(to_, value);
            });
            break;
        case value_kind::enumeration: add(type.parts[0], at); break;
        case value_kind::structure: add_structure(type, at); break;
        case value_kind::array:
            if (is_chars(types_, number)) return add_string(chars_of(types_, number, at));
            add_row(elements_of(types_, number, at), '[', ']');
            break;
        case value_kind::id:
        case value_kind::trait_id: add_id(type, at); break;
        case value_kind::vector:
        case value_kind::set: add_row(elements_of(types_, number, at), '[', ']'); break;
        case value_kind::map: add_map(elements_of(types_, number, at)); break;
        case value_kind::string: add_string(chars_of(types_, number, at)); break;
        case value_kind::optional:
            if (has_value(types_, number, at))
                add(type.parts[0], at);
            else
                to_ += json_ ? "null" : "none";
            break;
        case value_kind::external: to_ += json_ ? "null" : "external"; break;
        case value_kind::opaque: add_opaque(type, at); break;
        }
    }

private:
    void add_string(std::string_view text) {
        json_ ? add_json_string(to_, text) : add_quoted(to_, text);
    }

    void add_structure(const saved_type& type, const std::byte* at) {
        to_ += '{';
        bool is_first = true;
        for (const saved_field& field : type.fields) {
            if (!is_first) to_ += json_ ? ", " : " ";
            is_first = false;
            if (json_)
                add_json_string(to_, field.name);
            else
                to_ += field.name;
            to_ += json_ ? ": " : "=";
            add(field.type, at + field.offset);
        }
        to_ += '}';
    }

    void add_row(const element_row& row, char open, char close) {
        to_ += open;
        for (std::uint32_t i = 0; i < row.count; ++i) {
            if (i) to_ += ", ";
            add(row.type, row[i]);
        }
        to_ += close;
    }

    /// JSON has objects for text keys alone: a map is its entries.
    void add_map(const element_row& row) {
        to_ += json_ ? '[' : '{';
        for (std::uint32_t i = 0; i < row.count; ++i) {
            if (i) to_ += ", ";
            if (json_) to_ += '[';
            add(row.type, row[i]);
            to_ += json_ ? ", " : ": ";
            add(row.value_type, row[i] + row.value_offset);
            if (json_) to_ += ']';
        }
        to_ += json_ ? ']' : '}';
    }

    void add_id(const saved_type& type, const std::byte* at) {
        std::string text = raw_id_text(at);
        if (type.kind == value_kind::trait_id && text != "null") {
            const auto key = read_as<std::uint32_t>(at + 8);
            std::string name = "#";
            for (unsigned byte = 4; byte-- > 0;) {
                const std::byte part{static_cast<unsigned char>(key >> (8 * byte))};
                add_hex(name, &part, 1);
            }
            text = name + '@' + text;
        } else if (!json_ && text != "null") {
            text = std::string(holder_of(type.name)) + '@' + text;
        }
        if (!json_)
            to_ += text;
        else if (text == "null")
            to_ += text;
        else
            add_json_string(to_, text);
    }

    void add_opaque(const saved_type& type, const std::byte* at) {
        if (is_duration(type)) return add_number(to_, read_as<std::int64_t>(at));
        if (is_constant(type)) {
            const auto number = read_as<std::uint32_t>(at);
            if (number == 0)
                to_ += json_ ? "null" : "none";
            else if (json_)
                add_number(to_, number - 1);
            else
                to_ += "constant " + std::to_string(number - 1);
            return;
        }
        if (json_) to_ += '"';
        to_ += "0x";
        add_hex(to_, at, type.size);
        if (json_) to_ += '"';
    }

    std::string& to_;
    const schema& types_;
    bool json_;
};

/// More than a line can hold: structs, and containers of what is no number.
bool has_lines(const schema& types, std::uint32_t number) {
    const saved_type& type = types[number];
    switch (type.kind) {
    case value_kind::structure: return !type.fields.empty();
    case value_kind::array:
    case value_kind::vector:
    case value_kind::set: return has_lines(types, type.parts[0]);
    case value_kind::map: return true;
    case value_kind::optional: return has_lines(types, type.parts[0]);
    default: return false;
    }
}

void add_branch(std::string& to, const schema& types, std::uint32_t type, const std::byte* at,
                unsigned indent, const std::string& name) {
    to.append(indent, ' ');
    to += name;
    to += ": ";
    const saved_type& what = types[type];
    if (what.kind == value_kind::optional && has_lines(types, type) && has_value(types, type, at))
        type = what.parts[0];
    const value_kind kind = types[type].kind;
    const bool is_row = kind == value_kind::array || kind == value_kind::vector ||
                        kind == value_kind::set || kind == value_kind::map;
    if (!has_lines(types, type) || kind == value_kind::optional) {
        add_text(to, types, type, at);
        to += '\n';
        return;
    }
    if (is_row) {
        const std::uint32_t count = elements_of(types, type, at).count;
        to += std::to_string(count) + (count == 1 ? " element" : " elements");
    } else {
        to.pop_back();
    }
    to += '\n';
    add_tree(to, types, type, at, indent + 2);
}

} // namespace

element_row elements_of(const schema& types, std::uint32_t number, const std::byte* at) {
    const saved_type& type = types[number];
    element_row row;
    row.type = type.parts[0];
    row.stride = types[row.type].size;
    if (type.kind == value_kind::array) {
        row.first = at;
        row.count = static_cast<std::uint32_t>(type.count);
        return row;
    }
    const auto head = row_head::read(at);
    row.first = head.size ? at + head.offset : at; // of none it may be anything
    row.count = head.size;
    if (type.kind == value_kind::map) {
        row.value_type = type.parts[1];
        const entry_layout entry(types[row.type], types[row.value_type]);
        row.value_offset = entry.value_offset;
        row.stride = entry.size;
    }
    return row;
}

bool is_duration(const saved_type& type) {
    return type.kind == value_kind::opaque && type.size == 8 && type.name.starts_with("duration<");
}

bool is_chars(const schema& types, std::uint32_t type) {
    return types[type].kind == value_kind::array &&
           types[types[type].parts[0]].kind == value_kind::character;
}

std::string_view chars_of(const schema& types, std::uint32_t type, const std::byte* at) {
    if (types[type].kind == value_kind::array) {
        std::string_view text(reinterpret_cast<const char*>(at), types[type].size);
        return text.substr(0, text.find_last_not_of('\0') + 1);
    }
    const auto head = row_head::read(at);
    if (head.size == 0) return {};
    return {reinterpret_cast<const char*>(at + head.offset), head.size};
}

bool has_value(const schema& types, std::uint32_t type, const std::byte* at) {
    return at[types[types[type].parts[0]].size] != std::byte{0};
}

void add_text(std::string& to, const schema& types, std::uint32_t type, const std::byte* at) {
    value_writer(to, types, false).add(type, at);
}

void add_json(std::string& to, const schema& types, std::uint32_t type, const std::byte* at) {
    value_writer(to, types, true).add(type, at);
}

void add_tree(std::string& to, const schema& types, std::uint32_t number, const std::byte* at,
              unsigned indent) {
    const saved_type& type = types[number];
    if (type.kind == value_kind::structure) {
        for (const saved_field& field : type.fields)
            add_branch(to, types, field.type, at + field.offset, indent, field.name);
        return;
    }
    const element_row row = elements_of(types, number, at);
    for (std::uint32_t i = 0; i < row.count; ++i) {
        if (type.kind != value_kind::map) {
            add_branch(to, types, row.type, row[i], indent, '[' + std::to_string(i) + ']');
            continue;
        }
        std::string key = "[";
        add_text(key, types, row.type, row[i]);
        add_branch(to, types, row.value_type, row[i] + row.value_offset, indent, key + ']');
    }
}

void add_quoted(std::string& to, std::string_view text) {
    add_escaped(to, text, [&](unsigned char c) {
        to += "\\x";
        const std::byte byte{c};
        add_hex(to, &byte, 1);
    });
}

/// A byte that is no part of a character becomes U+FFFD.
void add_json_string(std::string& to, std::string_view text) {
    add_escaped(to, text, [&](unsigned char c) {
        to += c < 0x80 ? "\\u00" : "\\ufffd";
        const std::byte byte{c};
        if (c < 0x80) add_hex(to, &byte, 1);
    });
}

namespace {

void add_flat(std::vector<flat_field>& to, const schema& types, std::uint32_t type,
              std::uint32_t offset, const std::string& before) {
    for (const saved_field& field : types[type].fields) {
        const std::string name = before + field.name;
        if (types[field.type].kind == value_kind::structure)
            add_flat(to, types, field.type, offset + field.offset, name + '.');
        else
            to.push_back({name, field.type, offset + field.offset});
    }
}

} // namespace

std::vector<flat_field> flat_fields(const schema& types, std::uint32_t type) {
    std::vector<flat_field> all;
    add_flat(all, types, type, 0, "");
    return all;
}

bool read_number(const schema& types, std::uint32_t number, const std::byte* at, long double& to) {
    const saved_type& type = types[number];
    const auto take = [&](auto value) { to = static_cast<long double>(value); };
    switch (type.kind) {
    case value_kind::boolean: to = at[0] == std::byte{0} ? 0 : 1; return true;
    case value_kind::unsigned_number:
    case value_kind::signed_number: with_whole(type, at, take); return true;
    case value_kind::floating: with_floating(type, at, take); return true;
    case value_kind::enumeration: return read_number(types, type.parts[0], at, to);
    case value_kind::optional:
        return has_value(types, number, at) && read_number(types, type.parts[0], at, to);
    case value_kind::opaque:
        if (!is_duration(type)) return false;
        take(read_as<std::int64_t>(at));
        return true;
    default: return false;
    }
}

} // namespace kay::detail
