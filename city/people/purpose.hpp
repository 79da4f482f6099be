// SPDX-License-Identifier: MIT
//
// What somebody is at a place for, and so why somebody goes there.
#pragma once

#include <cstdint>

namespace city {

enum class purpose : std::uint8_t { home, work, school, shop, errand, leisure, other };
inline constexpr std::uint32_t purposes = 7;

} // namespace city
