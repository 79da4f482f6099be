// SPDX-License-Identifier: MIT
//
// Finds the road at which a house stands.
#pragma once

#include "road_map.hpp"

#include <cstdint>
#include <vector>

namespace city {

struct place_at_road {
    std::uint32_t road = 0;
    float position = 0; ///< metres from its start, off its ends where it is long enough
    float distance = 0; ///< metres
};

/// The roads at which there may be doors, in a grid. Immutable.
class street_index {
public:
    /// If a map has no road with doors at all, every road has some.
    explicit street_index(const road_map& map);

    /// The nearest of them; of the two directions of a street the one on whose side the point lies.
    /// False where there is none within reach.
    bool find(point at, place_at_road& found, float reach = reach_max) const;
    bool has_doors(std::uint32_t road) const { return has_doors_[road]; }

    static constexpr float reach_max = 300; ///< metres

private:
    struct segment {
        std::uint32_t road = 0;
        std::uint32_t index = 0; ///< of its first point in the course
        float before = 0;        ///< metres of the course before it
    };

    std::int64_t column(float x) const;
    std::int64_t row(float y) const;
    template <class Use>
    void for_each_cell(point a, point b, Use use) const;

    const road_map& map_;
    std::vector<bool> has_doors_;
    std::vector<segment> segments_;
    std::vector<std::uint32_t> first_;   ///< [cell], and where the last one's end
    std::vector<std::uint32_t> in_cell_; ///< segments
    float west_ = 0, south_ = 0, size_ = 100;
    std::int64_t columns_ = 1, rows_ = 1;
};

} // namespace city
