// SPDX-License-Identifier: MIT
//
// Any bytes as a map: the first one picks the format, the rest is the file. Either the importer
// says what is wrong, in one line, or the map that it made is whole.
#include "city/map/osm.hpp"

#include <kay/core/assert.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace {

void check(const city::road_map& map, const city::road& from, const city::turn& t) {
    KAY_ASSERT(t.to < map.roads.size());
    const city::road& to = map.roads[t.to];
    KAY_ASSERT(to.from == from.to);
    KAY_ASSERT(t.from_lanes != 0 && t.from_lanes >> from.lanes == 0);
    KAY_ASSERT(t.to_lanes != 0 && t.to_lanes >> to.lanes == 0);
    KAY_ASSERT(t.rank <= 4);
    for (std::uint32_t lane = 0; lane < from.lanes; ++lane) {
        if (!(t.from_lanes >> lane & 1)) continue;
        const unsigned into = city::lanes_into(t, lane);
        KAY_ASSERT(into != 0 && (into & ~unsigned{t.to_lanes}) == 0);
    }
}

void check(const city::road_map& map) {
    KAY_ASSERT(!map.roads.empty());
    KAY_ASSERT(map.origins.empty() || map.origins.size() == map.roads.size());
    for (const city::road& r : map.roads) {
        KAY_ASSERT(r.from < map.intersections.size() && r.to < map.intersections.size());
        KAY_ASSERT(r.length >= city::shortest_road && std::isfinite(r.length));
        KAY_ASSERT(r.speed_limit > 0 && std::isfinite(r.speed_limit));
        KAY_ASSERT(r.lanes >= 1 && r.first_lane + r.lanes <= map.lanes());
        KAY_ASSERT(r.points >= 2 && r.first_point + r.points <= map.points.size());
        KAY_ASSERT(r.turns >= 1 && r.first_turn + r.turns <= map.turns.size());
        for (std::uint32_t t = 0; t < r.turns; ++t) check(map, r, map.turns[r.first_turn + t]);
        unsigned used = 0;
        for (const city::turn& t : map.turns_of(r)) used |= t.from_lanes;
        KAY_ASSERT(used == (1u << r.lanes) - 1);
        KAY_ASSERT(r.first_door + r.doors <= map.doors.size());
        for (const city::door& d : map.doors_of(r)) {
            KAY_ASSERT(&map.roads[d.road] == &r);
            KAY_ASSERT(d.position >= 0 && d.position <= r.length);
            KAY_ASSERT(d.weight > 0 && std::isfinite(d.weight));
        }
    }
    KAY_ASSERT(map.roads.back().first_door + map.roads.back().doors == map.doors.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array formats{"osm", "osm.gz", "osm.bz2", "osm.pbf"};
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto read = city::read_osm_bytes(bytes, formats[data[0] % formats.size()]);
    if (read)
        check(read->map);
    else
        KAY_ASSERT(read.error().text.find('\n') == std::string::npos);
    return 0;
}
