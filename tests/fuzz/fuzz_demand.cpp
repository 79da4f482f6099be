// SPDX-License-Identifier: MIT
//
// Any bytes as a demand on a small map. Either the reader says what is wrong, in one line, or every
// trip that it found can be driven.
#include "city/demand/demand.hpp"
#include "city/map/osm.hpp"

#include <kay/core/assert.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace {

const city::road_map& map() {
    static const city::road_map made = [] {
        const auto read = city::read_osm_bytes(
            "<osm version=\"0.6\"><node id=\"1\" lat=\"50\" lon=\"8\"/>"
            "<node id=\"2\" lat=\"50\" lon=\"8.01\"/><node id=\"3\" lat=\"50\" lon=\"8.02\"/>"
            "<node id=\"4\" lat=\"50.01\" lon=\"8.01\"/>"
            "<way id=\"100\"><nd ref=\"1\"/><nd ref=\"2\"/><nd ref=\"3\"/>"
            "<tag k=\"highway\" v=\"residential\"/></way>"
            "<way id=\"200\"><nd ref=\"2\"/><nd ref=\"4\"/>"
            "<tag k=\"highway\" v=\"residential\"/></way></osm>",
            "osm");
        KAY_ASSERT(read.has_value());
        return read->map;
    }();
    return made;
}

void check_end(std::uint32_t road, float position) {
    KAY_ASSERT(road < map().roads.size());
    KAY_ASSERT(position >= 0 && position <= map().roads[road].length);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto read = city::read_demand_bytes(bytes, "demand", map(),
                                              {.trips_max = 10'000, .bytes_max = 10'000'000});
    if (!read) {
        for (const char c : read.error().text) KAY_ASSERT(static_cast<unsigned char>(c) >= ' ');
        return 0;
    }
    KAY_ASSERT(!read->trips.empty());
    double before = 0;
    for (const city::planned_trip& t : read->trips) {
        KAY_ASSERT(t.departure_s >= before && t.departure_s <= city::departure_max_s);
        check_end(t.from_road, t.from_position);
        check_end(t.to_road, t.to_position);
        before = t.departure_s;
    }
    return 0;
}
