// SPDX-License-Identifier: MIT
//
// The loop that customization and queries spend their time in: the arcs of one node make the times
// of its higher neighbours less. The four times of a block of levels are compared at once, and
// signed, since sums of two times fit in 31 bits. No step depends on how long a run of neighbours
// is, so that nothing is there to be guessed wrongly but the end of the row.
#pragma once

#include <cstdint>
#include <cstring>

namespace city {

inline constexpr std::uint32_t levels_in_block = 4;

/// The arcs of one node in one direction.
struct arc_row {
    const std::uint16_t* blocks; ///< of levels, in their order
    std::uint32_t count;         ///< of blocks
    const std::uint32_t* times;  ///< of the arcs, block by block
};

/// Times, and by which node each one came about, four to a block. Without nodes, times alone are
/// kept.
struct labels {
    std::uint32_t* times;
    std::uint32_t* nodes;
};

namespace detail {

using four_times = std::int32_t __attribute__((vector_size(16)));
static_assert(sizeof(four_times) == levels_in_block * sizeof(std::uint32_t));

template <bool with_nodes>
inline void relax_block(labels to, std::size_t at, four_times now, std::int32_t node) {
    four_times old, by;
    std::memcpy(&old, to.times + at, sizeof old);
    const four_times less = now < old;
    const four_times least = less ? now : old;
    std::memcpy(to.times + at, &least, sizeof least);
    if constexpr (with_nodes) {
        std::memcpy(&by, to.nodes + at, sizeof by);
        by = less ? four_times{} + node : by;
        std::memcpy(to.nodes + at, &by, sizeof by);
    }
}

} // namespace detail

/// For each arc: where base + its time is less than `to` has at its level, it becomes that, by way
/// of `node`. Requires that no time is above `never`, which stays as it is.
template <bool with_nodes>
inline void relax_row(const arc_row& row, labels to, std::uint32_t base, std::uint32_t node) {
    const std::uint32_t* times = row.times;
    for (std::uint32_t i = 0; i < row.count; ++i, times += levels_in_block) {
        detail::four_times now;
        std::memcpy(&now, times, sizeof now);
        now += static_cast<std::int32_t>(base);
        detail::relax_block<with_nodes>(to, std::size_t{row.blocks[i]} * levels_in_block, now,
                                        static_cast<std::int32_t>(node));
    }
}

} // namespace city
