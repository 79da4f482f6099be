// SPDX-License-Identifier: MIT
//
// A clock that costs a few nanoseconds, for guesses only: its unit is about a third of a nanosecond
// to a few nanoseconds, by machine.
#pragma once

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kay::detail {

inline std::uint64_t ticks_now() {
#if defined(__x86_64__)
    return __rdtsc();
#else
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// Taking a processor's counter for one of 3 GHz.
constexpr std::uint64_t ticks_in(std::chrono::nanoseconds time) {
#if defined(__x86_64__)
    return static_cast<std::uint64_t>(time.count()) * 3;
#else
    return static_cast<std::uint64_t>(time.count());
#endif
}

} // namespace kay::detail
