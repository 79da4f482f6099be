// SPDX-License-Identifier: MIT
//
// Trips as files have them, before their ends are looked up in the map.
#pragma once

#include "../map/road_map.hpp"
#include "byte_source.hpp"
#include "demand.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace city {

/// Where a trip begins or ends.
struct raw_end {
    enum class form : std::uint8_t {
        unknown, ///< an edge of which nothing is known
        place,   ///< `at`
        road,    ///< `number`; part 1: its second half, see sumo_export.hpp
        way,     ///< `number`; `part` of it, whole_way: all of it
    };
    static constexpr std::int32_t whole_way = -1;

    std::int64_t number = 0;
    point at;
    std::optional<float> position; ///< metres from the start, below zero: from the end
    std::int32_t part = whole_way;
    form what = form::unknown;
    bool backward = false; ///< against the way
};

struct raw_trip {
    double departure_s = 0;
    raw_end from, to;
    std::uint32_t line = 0;
    purpose what = purpose::other;
};

/// Something that was left out or not understood: how often, and where first.
struct left_out {
    std::size_t count = 0;
    std::uint32_t line = 0;
    std::string example; ///< as it stands there; may be empty

    void add(std::uint32_t at_line, std::string_view text = {});
};

struct raw_demand {
    std::vector<raw_trip> trips;
    left_out edges;        ///< ends on edges and routes that are called like nothing we know
    left_out purposes;     ///< that are called like nothing we know
    left_out without_ends; ///< trips whose ends are said in a way that is not understood
    left_out not_cars;     ///< people on foot, bicycles, trains
    left_out triggered;    ///< vehicles that wait for others, flows by chance
};

/// The bytes that were read ahead to tell a format, and the rest.
struct input {
    std::string start;
    byte_source& rest;
};

/// Both throw broken_file, with the line in it.
void read_csv_demand(input in, const road_map& map, const demand_limits& limits, raw_demand& made);
void read_sumo_demand(input in, const road_map& map, const demand_limits& limits, raw_demand& made);

/// A finite number and nothing else.
std::optional<double> number_in(std::string_view text);
/// Seconds, HH:MM, HH:MM:SS or D:HH:MM:SS.
std::optional<double> seconds_in(std::string_view text);
std::string_view trimmed(std::string_view text);
/// In quotes, and no longer than fits into a line.
std::string in_quotes(std::string_view text);

/// A place by its longitude and latitude. Throws broken_file if these are none, or if the map has
/// no place on earth.
raw_end end_on_earth(const road_map& map, double longitude, double latitude);
/// A place in the map's plane.
raw_end end_in_plane(double x, double y);
/// Throws broken_file if it is too late, or before midnight.
void check_departure(double seconds);

} // namespace city
