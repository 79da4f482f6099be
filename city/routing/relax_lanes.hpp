// SPDX-License-Identifier: MIT
//
// relax_row for registers of any width. Included by sources that are compiled for different
// processors, so that everything here is their own and nothing else is included.
#pragma once

#include "relax.hpp"

#include <cstring>

namespace city {
namespace {

using lanes_4 = std::int32_t __attribute__((vector_size(16)));

template <class Lanes>
inline void relax_at(labels to, std::uint32_t at, const std::uint32_t* from, std::int32_t base,
                     std::int32_t node) {
    Lanes old, now, by;
    std::memcpy(&old, to.times + at, sizeof old);
    std::memcpy(&now, from, sizeof now);
    now += base;
    const Lanes less = now < old;
    const Lanes least = less ? now : old;
    std::memcpy(to.times + at, &least, sizeof least);
    if (!to.nodes) return;
    std::memcpy(&by, to.nodes + at, sizeof by);
    by = less ? Lanes{} + node : by;
    std::memcpy(to.nodes + at, &by, sizeof by);
}

template <class Lanes>
inline void relax_run(labels to, const std::uint32_t* from, std::uint32_t level,
                      std::uint32_t count, std::int32_t base, std::int32_t node) {
    constexpr std::uint32_t width = sizeof(Lanes) / 4;
    std::uint32_t i = 0;
    for (; i + width <= count; i += width) relax_at<Lanes>(to, level + i, from + i, base, node);
    for (; i < count; i += 4) relax_at<lanes_4>(to, level + i, from + i, base, node);
}

template <class Lanes>
inline void relax_row_by(const arc_row& row, std::uint32_t from_block, const labels* to,
                         const std::uint32_t* bases, std::uint32_t base_count, std::uint32_t node) {
    const std::uint32_t* times = row.end;
    for (const level_run* run = row.last; run-- != row.first;) {
        const std::uint32_t end = run->first + run->count;
        if (end <= from_block) return;
        const std::uint32_t first = run->first < from_block ? from_block : run->first;
        const std::uint32_t count = (end - first) * levels_in_block;
        times -= count;
        for (std::uint32_t k = 0; k < base_count; ++k)
            relax_run<Lanes>(to[k], times, first * levels_in_block, count,
                             static_cast<std::int32_t>(bases[k]), static_cast<std::int32_t>(node));
    }
}

} // namespace
} // namespace city
