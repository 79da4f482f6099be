// SPDX-License-Identifier: MIT
//
// What somebody is at a place for, and so why somebody goes there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace city {

enum class purpose : std::uint8_t { home, work, school, shop, errand, leisure, other };
inline constexpr std::uint32_t purposes = 7;

std::string_view name_of(purpose what);
/// None for a word that is no purpose.
std::optional<purpose> purpose_of(std::string_view name);

} // namespace city
