// SPDX-License-Identifier: MIT
//
// Grounds of one use, such as a residential area, and which of them a point lies in.
#pragma once

#include "building_tags.hpp"
#include "road_map.hpp"

#include <span>
#include <unordered_map>
#include <vector>

namespace city {

/// Square metres within a line that returns to its start; and the middle of its corners.
double area_of(std::span<const point> line);
point middle_of(std::span<const point> line);
bool is_inside(point at, std::span<const point> line);

class grounds {
public:
    void add(std::vector<point> line, use_kind use);
    /// After the last one is added.
    void seal();
    /// Of the smallest ground that a point lies in; none where it lies in none.
    use_kind use_at(point at) const;

private:
    struct ground {
        std::vector<point> line;
        double area = 0;
        use_kind use = use_kind::none;
    };

    static constexpr float cell = 250; ///< metres
    static std::int64_t key(std::int64_t x, std::int64_t y) { return (y << 32) ^ (x & 0xffffffff); }

    std::vector<ground> all_;                                              ///< smallest first
    std::unordered_map<std::int64_t, std::vector<std::uint32_t>> in_cell_; ///< smallest first
    std::vector<std::uint32_t> vast_; ///< those over too many cells
};

} // namespace city
