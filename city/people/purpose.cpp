// SPDX-License-Identifier: MIT
#include "purpose.hpp"

#include <algorithm>
#include <array>

namespace city {
namespace {

constexpr std::array<std::string_view, purposes> names{"home",   "work",    "school", "shop",
                                                       "errand", "leisure", "other"};

} // namespace

std::string_view name_of(purpose what) { return names[static_cast<std::size_t>(what)]; }

std::optional<purpose> purpose_of(std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return {};
    return static_cast<purpose>(found - names.begin());
}

} // namespace city
