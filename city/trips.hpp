// SPDX-License-Identifier: MIT
//
// The trips of a run: sums of them by hour and purpose, and all of them as a table.
#pragma once

#include "map/road_map.hpp"
#include "people/purpose.hpp"

#include <kay/core/result.hpp>

#include <array>
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

/// Sums. A value: parts may be added up anywhere and merged, best in a fixed order.
struct flows {
    struct sums {
        std::uint64_t trips = 0;    ///< that arrived
        std::uint64_t given_up = 0; ///< that did not; they are not in the next two
        double travel_s = 0;
        double distance_m = 0;

        double mean_travel_s() const { return trips ? travel_s / static_cast<double>(trips) : 0; }
        double mean_distance_m() const {
            return trips ? distance_m / static_cast<double>(trips) : 0;
        }
    };

    std::array<std::uint64_t, 24> departures{}; ///< [hour of the day], of trips that have ended
    std::array<std::uint64_t, 24> arrivals{};   ///< [hour of the day], those given up left out
    std::array<sums, purposes> by_purpose{};    ///< [purpose of the place one goes to]

    void add(const trip& t);
    void merge(const flows& other);
    sums all() const;
};

/// A row for each trip, below a row of names: person, purpose, departure_s, arrival_s, travel_s,
/// from_x, from_y, to_x, to_y, distance_m, given_up (0 or 1). Seconds and metres have one decimal;
/// lines end with a line feed. About 80 bytes a trip. First beside the file and then in its place.
kay::result<void> write_trips_csv(std::span<const trip> trips, const std::string& file);

} // namespace city
