// SPDX-License-Identifier: MIT
//
// Small values that timers are set with.
#pragma once

#include <kay/core/layout.hpp>

#include <compare>
#include <cstdint>

namespace kay {

/// A number of turns, as a delay or a period. Zero is taken as one.
struct turns {
    std::uint64_t count = 1;
};

/// Names a timer, to cancel it. All zero is no timer. May be kept in an actor's state.
struct timer_id {
    std::uint32_t place = 0;
    std::uint32_t index = 0;
    std::uint32_t generation = 0; ///< never zero in a real one

    explicit operator bool() const { return generation != 0; }
    friend auto operator<=>(const timer_id&, const timer_id&) = default;
};

} // namespace kay
