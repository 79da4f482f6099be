// SPDX-License-Identifier: MIT
//
// What the tags of an OpenStreetMap way say to somebody who drives a car: whether this is a road,
// whether it is open, and how one drives on it. Pure functions. The keys are those of the wiki:
// Key:highway, Key:access, Key:oneway, Lanes, Key:maxspeed.
#pragma once

#include "lane_tags.hpp"
#include "road_map.hpp"
#include "tags.hpp"

#include <array>
#include <optional>

namespace city {

/// What a way is to a driver.
enum class way_kind : std::uint8_t {
    street,
    service,    ///< drives, aisles of car parks, alleys, ways round a house
    closed,     ///< private, or not for cars
    reversible, ///< changes its direction by the hour
    ferry,
    path, ///< some other highway: a footway, a track, steps, one that is being built
    other,
};

/// Of a way, along it as it was drawn and against it.
struct street_direction {
    std::uint8_t lanes = 0; ///< zero: not in this direction
    float speed_limit = 0;  ///< metres in a second
    lane_marks marks{};
};

struct street_tags {
    road_class kind = road_class::residential;
    bool link = false;
    bool ring = false;
    bool destination_only = false;
    street_direction forward, backward;
};

way_kind kind_of_way(const tags& t);

/// Requires that it is a street.
street_tags read_street(const tags& t);

/// May a car use it; what is for residents, customers or deliveries only ends a trip, or begins it.
enum class car_access : std::uint8_t { open, destination, closed };

/// By the most particular of access, vehicle, motor_vehicle and motorcar.
car_access access_of(const tags& t);

/// Metres in a second of a maxspeed value: "50", "30 mph", "walk", "none", "DE:urban". None for
/// "signals", "variable" and what is no speed.
std::optional<float> read_speed(std::string_view value);

} // namespace city
