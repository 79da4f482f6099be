// SPDX-License-Identifier: MIT
//
// A town on which tests of demand know every road.
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
