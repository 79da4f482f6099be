// SPDX-License-Identifier: MIT
//
// The types of a saved world as its file describes them. Parts come before the whole, so that
// whoever reads types one after the other knows all that one is made of. Plain values; any thread
// may read them.
#pragma once

#include "../core/bytes.hpp"

#include <kay/core/result.hpp>
#include <kay/core/schema.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kay::detail {

/// What a type is, in as much detail as somebody needs who reads its bytes.
enum class value_kind : std::uint8_t {
    boolean = 1,
    character,
    unsigned_number,
    signed_number,
    floating,
    enumeration,
    structure,
    array,
    id,       ///< 64 bits: place, generation, slot
    trait_id, ///< that, and the key of the actor type
    vector,   ///< offset, size, capacity; the elements lie elsewhere in the block
    string,   ///< a vector of char
    set,      ///< a vector in order
    map,      ///< a vector of entries in order
    optional, ///< the value's bytes, then whether there is one
    external, ///< eight bytes that mean nothing outside of their program
    opaque,   ///< bytes whose meaning kay keeps to itself: random_stream, timer_id
};

struct saved_field {
    std::string name;
    std::uint32_t offset = 0;
    std::uint32_t type = 0; ///< in the schema
};

struct saved_type {
    value_kind kind = value_kind::opaque;
    std::string name;
    std::uint32_t size = 0; ///< bytes
    std::uint32_t alignment = 1;
    std::uint64_t layout_hash = 0;
    std::uint64_t count = 0;          ///< of an array's elements
    std::vector<saved_field> fields;  ///< of a structure
    std::vector<std::uint32_t> parts; ///< of arrays, containers, enumerations: what they hold
};

class schema {
public:
    /// Adds a type with all that it is made of; again: nothing new. Returns its number.
    std::uint32_t add(const schema_node& node);

    std::uint32_t count() const { return static_cast<std::uint32_t>(types_.size()); }
    const saved_type& operator[](std::uint32_t type) const { return types_[type]; }
    std::optional<std::uint32_t> find(std::string_view name) const;

    void write(byte_writer& to) const;
    /// Anybody's bytes. What comes back makes sense: parts come before the whole, fields lie inside
    /// and do not overlap, sizes are those of the parts.
    static result<schema> read(byte_reader& from);

private:
    std::uint32_t keep(saved_type type);
    bool makes_sense(const saved_type& type) const;

    std::vector<saved_type> types_;
    std::unordered_map<std::string, std::uint32_t> by_name_;
};

/// How the layout of a type in one schema differs from that in another, a line for each field that
/// came, went, moved or became something else, also inside of its parts. Empty: it does not.
std::string difference(const schema& saved, std::uint32_t saved_type, const schema& now,
                       std::uint32_t now_type);

} // namespace kay::detail
