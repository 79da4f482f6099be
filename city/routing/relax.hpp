// SPDX-License-Identifier: MIT
//
// The loop that customization and queries spend their time in: the arcs of one node make the times
// of its higher neighbours less. Several times are compared at once, and signed, since sums of two
// times fit in 31 bits. Where the processor has wider registers than those that are always there,
// they are used; the result is the same.
#pragma once

#include <cstdint>

namespace city {

inline constexpr std::uint32_t levels_in_block = 4;

/// Blocks of levels at which a node has higher neighbours: first, first + 1, ...
struct level_run {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

/// The arcs of one node in one direction.
struct arc_row {
    const level_run* first = nullptr;   ///< run
    const level_run* last = nullptr;    ///< and past the last one
    const std::uint32_t* end = nullptr; ///< past the time of the last arc
};

/// Times by level, and by which node each one came about. Without nodes, times alone are kept.
struct labels {
    std::uint32_t* times;
    std::uint32_t* nodes;
};

/// For each base k and each arc from a block of levels on: where base + time of the arc is less
/// than to[k] has at its level, it becomes that, by way of `node`. All of `to` have nodes, or none
/// has. Requires that no time is above `never`, which stays as it is.
void relax_row(const arc_row& row, std::uint32_t from_block, const labels* to,
               const std::uint32_t* bases, std::uint32_t base_count, std::uint32_t node);

namespace detail {
/// Only where the processor has AVX2.
void relax_row_avx2(const arc_row& row, std::uint32_t from_block, const labels* to,
                    const std::uint32_t* bases, std::uint32_t base_count, std::uint32_t node);
} // namespace detail

} // namespace city
