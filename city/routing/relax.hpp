// SPDX-License-Identifier: MIT
//
// The loop that customization and queries spend their time in. Four times are compared at once;
// sums of two times fit in 31 bits, so that signed comparison, which every machine has, will do.
#pragma once

#include <cstdint>
#include <cstring>

namespace city {

/// Times by level, and by which node each one came about.
struct labels {
    std::uint32_t* times;
    std::uint32_t* nodes;
};

namespace detail {

using lanes = std::int32_t __attribute__((vector_size(16)));

inline lanes load(const std::uint32_t* from) {
    lanes made;
    std::memcpy(&made, from, sizeof made);
    return made;
}

inline void store(std::uint32_t* to, lanes value) { std::memcpy(to, &value, sizeof value); }

} // namespace detail

/// Where base + weight is less than a time, it becomes that time, by way of `node`. Requires times,
/// weights and base of at most `never`, which stays as it is.
inline void relax(labels at, const std::uint32_t* weights, std::uint32_t count, std::uint32_t base,
                  std::uint32_t node) {
    using detail::lanes;
    const auto four = [&](std::uint32_t i) {
        const lanes old = detail::load(at.times + i);
        const lanes now = detail::load(weights + i) + static_cast<std::int32_t>(base);
        const lanes less = now < old;
        const lanes by = detail::load(at.nodes + i);
        detail::store(at.times + i, (now & less) | (old & ~less));
        detail::store(at.nodes + i, (less & static_cast<std::int32_t>(node)) | (by & ~less));
    };
    if (count < 4) {
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::uint32_t now = base + weights[i];
            if (now >= at.times[i]) continue;
            at.times[i] = now;
            at.nodes[i] = node;
        }
        return;
    }
    std::uint32_t i = 0;
    for (; i + 4 <= count; i += 4) four(i);
    if (i < count) four(count - 4); // some of them again: nothing changes
}

} // namespace city
