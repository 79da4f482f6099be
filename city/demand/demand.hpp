// SPDX-License-Identifier: MIT
//
// Who drives when from where to where: the demand of a city, read from files.
#pragma once

#include "../map/road_map.hpp"
#include "../people/purpose.hpp"

#include <kay/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace city {

struct planned_trip {
    double departure_s = 0; ///< since midnight
    std::uint32_t from_road = 0;
    float from_position = 0; ///< metres from the road's start
    std::uint32_t to_road = 0;
    float to_position = 0;
    purpose what = purpose::other;

    friend bool operator==(const planned_trip&, const planned_trip&) = default;
};

/// Trips, the earliest first, and what was understood of the file, a line each.
struct demand {
    std::vector<planned_trip> trips;
    std::vector<std::string> lines;
};

/// What a file may hold at most.
struct demand_limits {
    std::size_t trips_max = 20'000'000;
    std::uint64_t bytes_max = 16'000'000'000; ///< once unpacked
};

inline constexpr double departure_max_s = 366.0 * 86'400;
/// Metres from the nearest street from which on a place is off the map.
inline constexpr float off_map = 500;

/// Reads trips, from a CSV file or one of SUMO's (trips, flows, vehicles with their routes), plain
/// or compressed by gzip; which one it is tells the file itself.
///
/// CSV has a header line with the names of its columns, in any order: `depart_s`, seconds or
/// HH:MM:SS; one pair of `from_lon,from_lat,to_lon,to_lat`, `from_x,from_y,to_x,to_y` (metres in
/// the map's plane) and `from_road,to_road`, the latter with `from_position,to_position` (metres),
/// else in the middle; and maybe `purpose`. Places belong to the nearest street with doors.
///
/// SUMO's edges are those of its importer, which are called by ways of OpenStreetMap: 123, -123
/// (backwards), 123#4 (the fifth part); or those of write_sumo_network: r17, road 17. Where a way
/// is cut into more parts there than here, the part is taken that lies about there. Without
/// departPos and arrivalPos one goes from an edge's start to an edge's end.
///
/// Trips with an end off the map, or on an edge that is not there, are left out and told in
/// `lines`. An error is one line, with the file and the line in it.
kay::result<demand> read_demand(const std::string& path, const road_map& map,
                                const demand_limits& limits = {});

/// The same from memory; `name` stands in errors.
kay::result<demand> read_demand_bytes(std::string_view bytes, const std::string& name,
                                      const road_map& map, const demand_limits& limits = {});

/// Writes what read_demand reads, by roads.
kay::result<void> write_demand_csv(const std::vector<planned_trip>& trips, const std::string& file);

} // namespace city
