// SPDX-License-Identifier: MIT
//
// Draws a map with its traffic into a PNG file.
#pragma once

#include "road_map.hpp"

#include <kay/core/result.hpp>

#include <string>
#include <vector>

namespace city {

/// `lane_speeds` has for each lane the cars' mean share of the speed limit, or a number below zero
/// where there is no car; `title` stands in the legend. Lines up to three, for what matters.
kay::result<void> draw_picture(const road_map& map, const std::vector<float>& lane_speeds,
                               const std::vector<std::string>& title, const std::string& file);

} // namespace city
