// SPDX-License-Identifier: MIT
//
// How containers lie in a block, for whoever has only their bytes: a kay::vector as sixteen bytes,
// and strings, sets and maps as a vector.
#pragma once

#include "schema.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kay::detail {

/// As kay::vector lies in memory.
struct row_head {
    std::int64_t offset = 0; ///< from the head to the first element
    std::uint32_t size = 0;
    std::uint32_t capacity = 0; ///< its highest bit: the elements are on the heap

    static row_head read(const std::byte* at) {
        row_head head;
        std::memcpy(&head, at, sizeof head);
        return head;
    }
};
static_assert(sizeof(row_head) == 16);

/// An entry of a map: key and value as a struct of two fields has them.
struct entry_layout {
    std::uint32_t value_offset;
    std::uint32_t size;

    entry_layout(const saved_type& key, const saved_type& value)
        : value_offset(round_up_to(key.size, value.alignment)),
          size(round_up_to(value_offset + value.size, std::max(key.alignment, value.alignment))) {}

private:
    static constexpr std::uint32_t round_up_to(std::uint32_t bytes, std::uint32_t alignment) {
        return (bytes + alignment - 1) / alignment * alignment;
    }
};

} // namespace kay::detail
