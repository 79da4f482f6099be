// SPDX-License-Identifier: MIT
//
// Draws a map with its traffic into a PNG file: streets by class in greys, lanes with cars in
// colours that say how fast they are, and a legend with title, colours, scale and who made the map
// data.
#pragma once

#include "road_map.hpp"

#include <kay/core/result.hpp>

#include <string>
#include <vector>

namespace city {

/// `lane_speeds` has for each lane the cars' mean share of the speed limit, or a number below zero
/// where there is no car. `title` has the picture's name and up to three lines below it. The longer
/// side of the map has 2,000 pixels; north is up.
kay::result<void> draw_picture(const road_map& map, const std::vector<float>& lane_speeds,
                               const std::vector<std::string>& title, const std::string& file);

} // namespace city
