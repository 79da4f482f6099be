// SPDX-License-Identifier: MIT
//
// What the tags of a way say about its lanes. Lanes are counted from the left one on, as a driver
// sees them.
#pragma once

#include "tags.hpp"

#include <array>
#include <cstdint>

namespace city {

inline constexpr unsigned lanes_max = 8; ///< of a road

/// The arrows on a lane; none at all leaves everything open.
using arrows = std::uint8_t;
inline constexpr arrows arrow_left = 1, arrow_through = 2, arrow_right = 4, arrow_back = 8;

/// [lane]
using lane_marks = std::array<arrows, lanes_max>;

enum class one_way : std::uint8_t { no, forward, backward, reversible };

/// `implied` where the class of the road makes it one-way unless the tags deny that.
one_way one_way_of(const tags& t, bool implied);

struct lane_counts {
    std::uint8_t forward = 0;
    std::uint8_t backward = 0;
};

/// Lanes of either direction, at least one of each that is open and at most lanes_max. What the
/// tags do not share out is halved; a lane for both directions (lanes:both_ways) belongs to none.
/// Those of buses (lanes:bus, lanes:psv) are none for cars. `usual` is a direction's where no tag
/// says anything.
lane_counts lanes_of(const tags& t, one_way direction, unsigned usual);

/// Arrows by lane, from turn:lanes or, `direction` being "forward" or "backward", its own key. All
/// zero where there are none, or where their number is not that of the lanes.
lane_marks marks_of(const tags& t, std::string_view direction, bool is_one_way, unsigned lanes);

} // namespace city
