// SPDX-License-Identifier: MIT
//
// Values of a saved world as text, told from their bytes and the schema alone. Bytes have to be
// sound (content_plan::is_sound): containers are followed.
//
//   text   for people, on one line: {x=1 y=2}, [1, 2], {1: "one"}, Car@3:1:42, none
//   json   for programs: objects, arrays, numbers, strings; ids as "3:1:42"; what JSON has no
//          number for (NaN, the infinities) is null
//
// What a kay::external held is not in a file. Bytes that kay keeps to itself are hexadecimal.
#pragma once

#include "schema.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kay::detail {

/// What a container holds: elements in a row. Of a map they are its entries.
struct element_row {
    const std::byte* first = nullptr;
    std::uint32_t count = 0;
    std::uint32_t stride = 0;       ///< bytes from one to the next
    std::uint32_t type = 0;         ///< of elements, or of a map's keys
    std::uint32_t value_type = 0;   ///< of a map's values
    std::uint32_t value_offset = 0; ///< in an entry

    const std::byte* operator[](std::uint32_t i) const { return first + std::size_t{i} * stride; }
};

/// Of an array, vector, set or map.
element_row elements_of(const schema& types, std::uint32_t type, const std::byte* at);
/// Of a string, and of an array of char up to the zeros at its end.
std::string_view chars_of(const schema& types, std::uint32_t type, const std::byte* at);
/// An array of char, which is shown as text.
bool is_chars(const schema& types, std::uint32_t type);
/// std::chrono::duration: a signed number of 64 bits.
bool is_duration(const saved_type& type);
/// Of an optional.
bool has_value(const schema& types, std::uint32_t type, const std::byte* at);

void add_text(std::string& to, const schema& types, std::uint32_t type, const std::byte* at);
void add_json(std::string& to, const schema& types, std::uint32_t type, const std::byte* at);
/// Lines, a field or element each, indented; for values that are large.
void add_tree(std::string& to, const schema& types, std::uint32_t type, const std::byte* at,
              unsigned indent);

void add_quoted(std::string& to, std::string_view text); ///< for people: \x for what is no text
void add_json_string(std::string& to, std::string_view text);

/// A field that is no struct of fields itself, such as where.x.
struct flat_field {
    std::string name;
    std::uint32_t type = 0;
    std::uint32_t offset = 0;
};
std::vector<flat_field> flat_fields(const schema& types, std::uint32_t type);

/// A number or truth value, to be compared with others. False: it is none.
bool read_number(const schema& types, std::uint32_t type, const std::byte* at, long double& to);

} // namespace kay::detail
