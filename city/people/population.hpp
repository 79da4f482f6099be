// SPDX-License-Identifier: MIT
//
// Who lives in a city: for each of its people a home, where they work or learn, and the shops and
// friends they go to. All are doors of the map. The same for the same map, count and seed, on every
// platform.
//
// People are numbered by the square and the door where they live, so that neighbours have near
// numbers. Every door has the residents its weight gives it, to within one.
#pragma once

#include "../map/road_map.hpp"
#include "gravity.hpp"

#include <cstdint>
#include <vector>

namespace city {

enum class occupation : std::uint8_t {
    at_home, ///< retired, not yet at school, or without work
    worker,
    pupil, ///< students too
};

/// Doors are positions in road_map::doors, or no_door.
struct resident {
    std::uint32_t home = no_door;
    std::uint32_t daily = no_door; ///< where a worker works and a pupil learns
    std::uint32_t shop = no_door;
    std::uint32_t shop_by_work = no_door; ///< for those who have a daily door
    std::uint32_t errand = no_door;       ///< a doctor or an office
    std::uint32_t leisure = no_door;      ///< friends' home, or a place where one goes out
    std::uint16_t commute_s = 0;          ///< expected seconds from home to the daily door
    occupation what = occupation::at_home;
    bool part_time = false;
};
static_assert(sizeof(resident) == 28);

struct population {
    std::vector<resident> residents;
};

/// Everybody has a home where the map has homes at all; where it has none there is nobody (see
/// add_missing_doors). A worker without work on the map, or a pupil without school, is at home.
///
/// Time: below a microsecond a resident, and a few hundred milliseconds a large map. Memory beside
/// the result: 40 bytes a door and 4 a resident.
population make_population(const road_map& map, std::uint64_t count, std::uint64_t seed);

/// Seconds that a car takes, as people would guess it: streets are a third longer than the way as
/// the crow flies, and one drives 30 km/h on the whole, with a minute and a half to get going and
/// to park.
std::uint32_t expected_drive_s(double metres);

} // namespace city
