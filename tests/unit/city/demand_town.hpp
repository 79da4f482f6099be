// SPDX-License-Identifier: MIT
//
// Streets on which tests of demand know every road.
#pragma once

#include "city/map/origin_index.hpp"
#include "osm_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace city_test {

/// A street from west to east, way 100, which another one, way 200, meets from the north, 200 m
/// east of its middle; way 300 goes around. All 50 km/h, right-hand.
inline const city::road_map& town() {
    static const city::road_map map = [] {
        osm_text t(50, 8);
        t.node(1, -1000, 0);
        t.node(2, 200, 0);
        t.node(3, 1000, 0);
        t.node(4, 200, 1000);
        t.way(100, {1, 2, 3}, {{"highway", "residential"}});
        t.way(200, {2, 4}, {{"highway", "residential"}});
        t.way(300, {1, 4, 3}, {{"highway", "motorway"}, {"oneway", "no"}});
        return t.read().map;
    }();
    return map;
}

/// Two streets that end 12 m from each other on a third one, way 10, so that all is one crossing;
/// way 13 lies in it altogether.
inline city::road_map crossing_of_two() {
    osm_text t;
    t.node(1, -500, 0);
    t.node(2, 0, 0);
    t.node(3, 12, 0);
    t.node(4, 500, 0);
    t.node(5, 0, 500);
    t.node(6, 12, -500);
    t.way(10, {1, 2, 3, 4}, {{"highway", "residential"}});
    t.way(11, {2, 5}, {{"highway", "residential"}});
    t.way(12, {3, 6}, {{"highway", "residential"}});
    t.node(7, 6, 8);
    t.way(13, {2, 7, 3}, {{"highway", "residential"}, {"oneway", "yes"}});
    return t.read().map;
}

inline std::uint32_t road_of(const city::road_map& map, std::int64_t way, bool backward,
                             std::uint16_t part) {
    const city::origin_index index(map);
    for (const auto& e : index.of(way, backward))
        if (e.part == part) return e.road;
    ADD_FAILURE() << "way " << way << " has no part " << part;
    return 0;
}
inline std::uint32_t road_of(std::int64_t way, bool backward = false, std::uint16_t part = 0) {
    return road_of(town(), way, backward, part);
}

} // namespace city_test
