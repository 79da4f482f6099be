// SPDX-License-Identifier: MIT
//
// The trips of a run as a table.
#pragma once

#include "map/road_map.hpp"
#include "people/purpose.hpp"
#include "traffic/flows.hpp"

#include <kay/core/result.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace city {

/// One that has ended. Times are seconds since midnight before the run began.
struct trip {
    std::uint64_t person = 0;
    double departure_s = 0; ///< when one wanted to leave; waiting for room counts as travel
    double arrival_s = 0;
    point from;
    point to;              ///< where it ended
    double distance_m = 0; ///< by road
    purpose what = purpose::home;
    bool given_up = false; ///< ended in a jam, not where it wanted

    double travel_s() const { return arrival_s - departure_s; }
};

/// Where and when a trip was. `start_s` is the time of day when the first turn began.
trip trip_of(const trip_record& record, const road_map& map, std::uint32_t start_s);

/// A row for each trip, below a row of names: person, purpose, departure_s, arrival_s, travel_s,
/// from_x, from_y, to_x, to_y, distance_m, given_up (0 or 1). Seconds and metres have one decimal;
/// lines end with a line feed. About 80 bytes a trip. First beside the file and then in its place.
kay::result<void> write_trips_csv(std::span<const trip> trips, const std::string& file);

} // namespace city
