// SPDX-License-Identifier: MIT
//
// The command line of the city.
#pragma once

#include <kay/core/result.hpp>

#include <cstdint>
#include <string>

namespace city {

struct options {
    std::string map = "metropolis"; ///< or a file
    std::uint64_t people = 0;       ///< zero: as suits the map
    std::uint64_t sleepers = 0;     ///< more people, who stay at home on the first day
    std::uint64_t turns = 6'000;    ///< zero: until Ctrl-C
    std::uint64_t seed = 1;
    std::uint32_t workers = 0; ///< zero: one for each core
    std::uint32_t places = 16;
    double speed = 0; ///< simulated seconds in a second; zero: as fast as it goes
    std::uint32_t start_s = 7 * 3600 + 30 * 60; ///< time of day when it begins
    bool start_given = false;
    bool turns_given = false;
    bool day = false;          ///< one whole day
    bool usual = false;        ///< habits as counted, instead of a rush hour
    bool stress = false;       ///< everybody drives, all the time
    bool fixed_routes = false; ///< nobody hears of jams
    bool headless = false;
    std::string picture;            ///< empty: none
    std::string report;             ///< empty: none
    std::string trips;              ///< file for a table of trips; empty: none
    std::string demand;             ///< file with trips; empty: residents
    std::string save, load;         ///< FILE[@NAME]; empty: none
    std::uint64_t save_every_s = 0; ///< simulated seconds; zero: at the end only
    std::string record;             ///< input log; empty: none
    std::uint64_t replay_to = 0;    ///< turn, of the log; zero: to its end
    std::uint64_t until = 0;        ///< turn of the city; zero: `turns` more
    std::string export_sumo;        ///< directory for the map and its demand; empty: none
    std::uint64_t random_trips = 0; ///< instead of residents, within random_trips_s
    std::uint64_t random_trips_s = 0;

    std::string help; ///< not empty: was asked for; nothing else counts
};

/// FILE[@NAME]; a file that there is may have an @ in its name.
struct snapshot_name {
    std::string file;
    std::string name; ///< empty: none is given
};
snapshot_name read_snapshot_name(const std::string& text);

/// Reads the command line. An error has one line that says what is wrong with what.
kay::result<options> read_options(int count, const char* const* words);

} // namespace city
