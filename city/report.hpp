// SPDX-License-Identifier: MIT
//
// What a run has to say in figures.
#pragma once

#include "busy_streets.hpp"
#include "traffic/step.hpp"

#include <kay/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace city {

struct flows;

/// What it took to save the city, all saves of a run together.
struct snapshot_figures {
    std::uint64_t count = 0; ///< that are durable
    std::uint64_t failed = 0;
    double pause_ms_max = 0; ///< for which a turn had to wait
    std::uint64_t bytes = 0; ///< written
    double seconds = 0;      ///< until durable, beside the turns
};

struct report {
    std::uint64_t turns = 0;     ///< of the city, since it was made
    std::uint64_t turns_run = 0; ///< in this run
    std::uint64_t people = 0;
    std::uint64_t driving = 0;         ///< cars on the road at the end
    std::uint64_t driving_max = 0;     ///< at any second
    std::uint64_t arrived = 0;         ///< trips
    std::uint64_t given_up = 0;        ///< trips that ended in a jam
    double mean_travel_s = 0;          ///< of those that arrived, waiting at the start included
    std::vector<float> turn_ms;        ///< of each turn
    double wall_s = 0;                 ///< of all turns, waiting for the clock left out
    std::uint64_t vehicle_updates = 0; ///< since it was made
    std::uint64_t vehicle_updates_before = 0; ///< this run
    std::uint64_t messages = 0;
    std::uint64_t dead_letters = 0;
    std::uint64_t state_hash = 0;
    std::uint32_t workers = 0;
    std::uint32_t places = 0;
    std::uint64_t lanes = 0;
    double lane_km = 0;
    std::uint64_t intersections = 0;
    std::string map;
    std::uint32_t start_s = 0;                ///< time of day when it began
    std::vector<busy_street> busy_streets;    ///< the most loaded one first
    std::optional<snapshot_figures> snapshot; ///< if it was saved
    std::optional<double> load_ms; ///< until its first turn could begin, if it was loaded

    double per_second(std::uint64_t count) const {
        return wall_s > 0 ? static_cast<double>(count) / wall_s : 0;
    }
    /// Of the day, when it began.
    std::uint64_t first_turn() const { return std::uint64_t{start_s} * turns_per_second; }
    double realtime_factor() const {
        return wall_s > 0 ? static_cast<double>(turns_run) / turns_per_second / wall_s : 0;
    }
};

/// Writes it as JSON, first beside the file and then in its place; straight into what is no file.
/// Trips by hour and purpose come with it where there are some.
kay::result<void> write_report(const report& r, const std::string& file,
                               const flows* trips = nullptr);

/// The highest memory that this process has had, in bytes.
std::uint64_t peak_rss_bytes();

} // namespace city
