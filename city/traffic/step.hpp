// SPDX-License-Identifier: MIT
//
// How much time passes in a turn of the city.
#pragma once

#include <cstdint>

namespace city {

inline constexpr std::uint32_t turns_per_second = 10;
inline constexpr float step_s = 0.1f;

} // namespace city
