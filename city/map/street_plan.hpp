// SPDX-License-Identifier: MIT
//
// Streets while a city is being planned.
#pragma once

#include "raw_map.hpp"

#include <cstdint>
#include <vector>

namespace city {

/// What a street is like, whichever way it goes.
struct street_kind {
    road_class kind = road_class::residential;
    std::uint32_t lanes = 1; ///< of a direction
    float km_in_hour = 30;
    bool one_way = false; ///< from a to b
    bool link = false;

    bool operator==(const street_kind&) const = default;
};

struct planned_street {
    std::uint32_t a = 0, b = 0;
    street_kind kind;
    std::uint32_t district = 0;
    std::vector<point> course; ///< both ends included
};

class street_plan {
public:
    std::uint32_t add_node(point at, bool signals = false);
    void add(std::uint32_t a, std::uint32_t b, const street_kind& kind, std::uint32_t district,
             const std::vector<point>& between = {});
    void set_signals(std::uint32_t node) { nodes_[node].signals = true; }
    point at(std::uint32_t node) const { return nodes_[node].at; }
    std::uint32_t nodes() const { return static_cast<std::uint32_t>(nodes_.size()); }

    /// Where two streets of one kind meet and nothing else does, they become one with a bend.
    void dissolve();

    /// `districts` becomes the district of each raw road.
    raw_map finish(std::vector<std::uint32_t>& districts) const;

private:
    std::vector<intersection> nodes_;
    std::vector<planned_street> streets_;
};

} // namespace city
