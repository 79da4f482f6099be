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

void check(const city::road_map& map) {
    KAY_ASSERT(!map.roads.empty());
    for (const city::road& r : map.roads) {
        KAY_ASSERT(r.from < map.intersections.size() && r.to < map.intersections.size());
        KAY_ASSERT(r.length >= city::shortest_road && std::isfinite(r.length));
        KAY_ASSERT(r.speed_limit > 0 && std::isfinite(r.speed_limit));
        KAY_ASSERT(r.lanes >= 1 && r.first_lane + r.lanes <= map.lanes());
        KAY_ASSERT(r.points >= 2 && r.first_point + r.points <= map.points.size());
        KAY_ASSERT(r.turns >= 1 && r.first_turn + r.turns <= map.turns.size());
        for (std::uint32_t t = 0; t < r.turns; ++t)
            KAY_ASSERT(map.roads[map.turns[r.first_turn + t]].from == r.to);
    }
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
