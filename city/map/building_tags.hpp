// SPDX-License-Identifier: MIT
//
// What the tags of a building, of ground or of a point of interest say about the people there. Pure
// functions.
#pragma once

#include "road_map.hpp"
#include "tags.hpp"

#include <cstdint>

namespace city {

enum class use_kind : std::uint8_t {
    none,    ///< nobody has a door there: a garage, a ruin, ground of no use to us
    unknown, ///< a building that does not say for what
    home,
    office,
    industry,
    shop,
    school,
};

struct land_use {
    use_kind kind = use_kind::none;
    bool is_building = false;
    float levels = 1;
    float people = 0; ///< flats, beds or pupils where the tags tell them; zero: from the floor
};

/// Of a way or a multipolygon.
land_use use_of_area(const tags& t);
/// Of a node.
land_use use_of_node(const tags& t);

/// How many people of each kind a floor has room for, in people for a square metre of gross floor:
/// - homes: 45 m² a person, about what Eurostat and national statistics give for Europe's cities;
/// - jobs: Homes and Communities Agency, Employment Density Guide, 3rd edition, 2015, rounded and
///   with 20 % added for stairs and walls: offices 15 m², shops 24 m², industry and stores 60 m²;
/// - visitors of a shop: 0.5 a day for a square metre, of the order of the ITE Trip Generation
///   Manual for retail (half of 40 trip ends a day and 1,000 square feet, people who come by car);
/// - pupils: 10 m² each.
inline constexpr float floor_of_a_resident = 45, floor_of_an_office_job = 15,
                       floor_of_a_shop_job = 24, floor_of_an_industrial_job = 60,
                       floor_of_a_visitor = 2, floor_of_a_pupil = 10, floor_of_a_school_job = 120;

} // namespace city
