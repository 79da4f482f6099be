// SPDX-License-Identifier: MIT
//
// Trips that have ended, and their sums by hour and purpose. Plain data.
#pragma once

#include "../people/purpose.hpp"

#include <array>
#include <cstdint>

namespace city {

/// A trip that has ended.
struct trip_record {
    std::uint32_t person = 0;
    std::uint32_t departure = 0; ///< turn
    std::uint32_t arrival = 0;   ///< turn
    std::uint32_t from = 0;      ///< road
    std::uint32_t to = 0;        ///< road
    float from_position = 0;     ///< metres from its start
    float to_position = 0;
    float distance = 0; ///< driven, metres
    purpose what = purpose::other;
    bool given_up = false;
};

/// Seconds since midnight before a run that began at a time of day.
double second_of(std::uint32_t turn, std::uint32_t start_s);

/// Sums. A value: parts may be added up anywhere and merged, best in a fixed order.
struct flows {
    struct sums {
        std::uint64_t trips = 0;    ///< that arrived
        std::uint64_t given_up = 0; ///< that did not; they are not in the next two
        double travel_s = 0;        ///< waiting for room at the start included
        double distance_m = 0;

        double mean_travel_s() const { return trips ? travel_s / static_cast<double>(trips) : 0; }
        double mean_distance_m() const {
            return trips ? distance_m / static_cast<double>(trips) : 0;
        }
    };

    std::array<std::uint64_t, 24> departures{}; ///< [hour of the day], of trips that have ended
    std::array<std::uint64_t, 24> arrivals{};   ///< [hour of the day], those given up left out
    std::array<sums, purposes> by_purpose{};    ///< [purpose of the place one goes to]

    /// `start_s` is the time of day when the first turn began.
    void add(const trip_record& t, std::uint32_t start_s);
    void merge(const flows& other);
    sums all() const;
};

} // namespace city
