// SPDX-License-Identifier: MIT
//
// OpenStreetMap files for tests, written in metres, and ways to ask what became of them.
#pragma once

#include "city/map/osm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace city_test {

using tag_list = std::initializer_list<std::pair<const char*, const char*>>;

/// Members are "way 5 from" and the like.
class osm_text {
public:
    /// Nodes are placed around this point.
    explicit osm_text(double latitude = 0, double longitude = -20)
        : latitude_(latitude), longitude_(longitude) {}

    void node(int id, double x, double y, tag_list tags = {}) {
        const double degree = 6371008.8 * std::numbers::pi / 180;
        char text[160];
        std::snprintf(text, sizeof text, "<node id=\"%d\" lat=\"%.7f\" lon=\"%.7f\">", id,
                      latitude_ + y / degree,
                      longitude_ + x / degree / std::cos(latitude_ * std::numbers::pi / 180));
        nodes_ += text + of(tags) + "</node>\n";
    }
    void way(int id, std::initializer_list<int> nodes, tag_list tags = {}) {
        ways_ += "<way id=\"" + std::to_string(id) + "\">";
        for (const int n : nodes) ways_ += "<nd ref=\"" + std::to_string(n) + "\"/>";
        ways_ += of(tags) + "</way>\n";
    }
    void relation(int id, std::initializer_list<const char*> members, tag_list tags) {
        relations_ += "<relation id=\"" + std::to_string(id) + "\">";
        for (const std::string m : members) {
            const auto a = m.find(' '), b = m.find(' ', a + 1);
            relations_ += "<member type=\"" + m.substr(0, a) + "\" ref=\"" +
                          m.substr(a + 1, b - a - 1) + "\" role=\"" + m.substr(b + 1) + "\"/>";
        }
        relations_ += of(tags) + "</relation>\n";
    }

    std::string text() const { return head + nodes_ + ways_ + relations_ + "</osm>\n"; }
    std::string upside_down() const { return head + relations_ + ways_ + nodes_ + "</osm>\n"; }

    city::imported_map read() const {
        auto made = city::read_osm_bytes(text(), "osm");
        if (made) return std::move(*made);
        ADD_FAILURE() << made.error().text;
        return {};
    }

private:
    static constexpr const char* head = "<osm version=\"0.6\">\n";
    static std::string of(tag_list tags) {
        std::string text;
        for (const auto& [key, value] : tags)
            text += std::string("<tag k=\"") + key + "\" v=\"" + value + "\"/>";
        return text;
    }

    double latitude_, longitude_;
    std::string nodes_, ways_, relations_;
};

/// Roads and turns of a map by compass: those of a crossing in the middle of everything, with one
/// street to each side.
class compass {
public:
    explicit compass(const city::road_map& map) : map_(map) {
        double best = -1;
        std::vector<int> ends(map.intersections.size());
        for (const city::road& r : map.roads) ++ends[r.from], ++ends[r.to];
        for (std::uint32_t i = 0; i < ends.size(); ++i)
            if (ends[i] > best) best = ends[i], middle_ = i;
    }

    std::uint32_t middle() const { return middle_; }
    /// The road that comes from a side: 'n', 'e', 's' or 'w'; null if there is none.
    const city::road* from(char side) const {
        for (const city::road& r : map_.roads)
            if (r.to == middle_ && side_of(map_.course_of(r).front()) == side) return &r;
        return nullptr;
    }
    const city::turn* turn(char from_side, char to_side) const {
        const city::road* r = from(from_side);
        if (!r) return nullptr;
        for (const city::turn& t : map_.turns_of(*r))
            if (side_of(map_.course_of(map_.roads[t.to]).back()) == to_side) return &t;
        return nullptr;
    }
    /// Where one may go from a side: "ens" for a T.
    std::string ways_from(char from_side) const {
        std::string sides;
        for (const char to : std::string("nesw"))
            if (turn(from_side, to)) sides += to;
        return sides;
    }

private:
    char side_of(city::point p) const {
        const float x = p.x - map_.intersections[middle_].at.x,
                    y = p.y - map_.intersections[middle_].at.y;
        return std::abs(x) > std::abs(y) ? (x > 0 ? 'e' : 'w') : (y > 0 ? 'n' : 's');
    }

    const city::road_map& map_;
    std::uint32_t middle_ = 0;
};

} // namespace city_test
