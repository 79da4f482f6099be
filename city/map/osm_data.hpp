// SPDX-License-Identifier: MIT
//
// What an OpenStreetMap file holds that a city needs, as plain arrays. The reader fills them in any
// order of the file's objects; seal() makes them agree: ways are sorted by their ids, each is there
// once, and nodes are found by number.
#pragma once

#include "building_tags.hpp"
#include "restriction.hpp"
#include "street_tags.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace city {

/// A sign or a light that stands at a node.
struct node_sign {
    right_of_way what = right_of_way::equal; ///< equal: there is none
    std::int8_t towards = 0; ///< 1: for those who go along the way, -1: against it, 0: not said
};

struct node_data {
    double longitude = 0;
    double latitude = 0;
    std::uint32_t uses = 0; ///< by streets; an end of a street counts as two
    bool is_there = false;
    node_sign sign;
};

/// A stretch of osm_data::refs.
struct ref_range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

struct street_way {
    std::int64_t id = 0;
    street_tags meaning;
    ref_range nodes;
    std::uint32_t name = 0; ///< in osm_data::names
};

/// A building, or ground of one use, by its outline.
struct area_way {
    std::int64_t id = 0;
    land_use use;
    ref_range nodes;
};

/// A shop or an office that is drawn as a point.
struct place_node {
    double longitude = 0;
    double latitude = 0;
    land_use use;
};

/// How many objects were understood as what.
struct osm_counts {
    std::array<std::size_t, 7> ways{}; ///< [way_kind]
    std::size_t broken_ways = 0;       ///< streets of one node or none
    std::size_t restrictions = 0;
    std::array<std::size_t, 4> left_restrictions{}; ///< [restriction_kind]; what is left out
};

struct osm_data {
    std::vector<street_way> streets;
    std::vector<area_way> areas;
    std::vector<place_node> places;
    std::vector<restriction> restrictions;
    std::vector<std::string> names{""}; ///< of streets, each once; the first one: it has none
    std::vector<std::int64_t> node_ids; ///< [node], sorted once sealed
    std::vector<node_data> nodes;       ///< [node]
    std::vector<std::int64_t> refs;     ///< of ways: ids of nodes; once sealed, their numbers
    osm_counts counts;
    std::size_t left_sided = 0, right_sided = 0; ///< streets that say on which side one drives

    void seal();
    /// The number of a node; none where no way needs it.
    std::uint32_t find_node(std::int64_t id) const;

    static constexpr std::uint32_t none = ~0u;
};

} // namespace city
