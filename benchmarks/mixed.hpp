// SPDX-License-Identifier: MIT
//
// What handlers of mixed/1M do: the same for kay and for others.
#pragma once

#include "workload.hpp"

#include <array>
#include <cstdint>

namespace bench::mixed {

inline constexpr std::uint64_t count = 1'000'000, kinds = 8;

/// By the number of the message's type: steps of xorshift, each of which needs the one before. A
/// hop takes one.
inline constexpr std::array<unsigned, kinds> steps{1, 1, 1, 2, 2, 3, 5, 9};

template <std::uint64_t Message>
std::uint64_t work(std::uint64_t value) {
    for (unsigned i = 0; i < steps[Message]; ++i) value = next_value(value);
    return value;
}

} // namespace bench::mixed
