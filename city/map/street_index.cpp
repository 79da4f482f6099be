// SPDX-License-Identifier: MIT
#include "street_index.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace city {
namespace {

constexpr float cell_min = 100;        ///< metres
constexpr float cells_in_a_row = 1500; ///< at most
constexpr float from_the_ends = 6;     ///< metres between a door and a crossing

} // namespace

std::int64_t street_index::column(float x) const {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>((x - west_) / size_), 0,
                                    columns_ - 1);
}
std::int64_t street_index::row(float y) const {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>((y - south_) / size_), 0, rows_ - 1);
}

/// The cells that a line touches, give or take one.
template <class Use>
void street_index::for_each_cell(point a, point b, Use use) const {
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    const auto steps = static_cast<int>(length / size_ * 2) + 1;
    std::int64_t last = -1;
    for (int i = 0; i <= steps; ++i) {
        const float part = static_cast<float>(i) / static_cast<float>(steps);
        const std::int64_t cell =
            row(a.y + (b.y - a.y) * part) * columns_ + column(a.x + (b.x - a.x) * part);
        if (cell != last) use(static_cast<std::size_t>(cell));
        last = cell;
    }
}

street_index::street_index(const road_map& map) : map_(map), has_doors_(map.roads.size()) {
    bool some = false;
    for (std::size_t r = 0; r < map.roads.size(); ++r)
        some |= has_doors_[r] = may_have_doors(map.roads[r]);
    if (!some) has_doors_.assign(map.roads.size(), true);

    float east = -1e30f, north = -1e30f;
    west_ = south_ = 1e30f;
    for (const point& p : map.points) {
        west_ = std::min(west_, p.x);
        south_ = std::min(south_, p.y);
        east = std::max(east, p.x);
        north = std::max(north, p.y);
    }
    if (map.points.empty()) west_ = south_ = east = north = 0;
    size_ = std::max(cell_min, std::max(east - west_, north - south_) / cells_in_a_row);
    columns_ = static_cast<std::int64_t>((east - west_) / size_) + 1;
    rows_ = static_cast<std::int64_t>((north - south_) / size_) + 1;

    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        if (!has_doors_[r]) continue;
        const auto course = map.course_of(map.roads[r]);
        float before = 0;
        for (std::uint32_t i = 0; i + 1 < course.size(); ++i) {
            segments_.push_back({r, i, before});
            before += std::hypot(course[i + 1].x - course[i].x, course[i + 1].y - course[i].y);
        }
    }
    const auto ends = [&](const segment& s) {
        return &map_.course_of(map_.roads[s.road])[s.index];
    };
    first_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
    for (const segment& s : segments_)
        for_each_cell(ends(s)[0], ends(s)[1], [&](std::size_t cell) { ++first_[cell + 1]; });
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    in_cell_.resize(first_.back());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (std::uint32_t i = 0; i < segments_.size(); ++i)
        for_each_cell(ends(segments_[i])[0], ends(segments_[i])[1],
                      [&](std::size_t cell) { in_cell_[next[cell]++] = i; });
}

bool street_index::find(point at, place_at_road& found, float reach) const {
    float best = reach;
    bool any = false;
    const auto look = [&](std::int64_t x, std::int64_t y) {
        if (x < 0 || y < 0 || x >= columns_ || y >= rows_) return;
        const auto cell = static_cast<std::size_t>(y * columns_ + x);
        for (std::uint32_t i = first_[cell]; i < first_[cell + 1]; ++i) {
            const segment& s = segments_[in_cell_[i]];
            const road& r = map_.roads[s.road];
            const auto course = map_.course_of(r);
            const point a = course[s.index], b = course[s.index + 1];
            const float dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
            const float part =
                square > 0
                    ? std::clamp(((at.x - a.x) * dx + (at.y - a.y) * dy) / square, 0.0f, 1.0f)
                    : 0.0f;
            const float away = std::hypot(at.x - a.x - dx * part, at.y - a.y - dy * part);
            const bool is_left = dx * (at.y - a.y) - dy * (at.x - a.x) > 0;
            // Of two directions that lie on one line this decides, and else nothing.
            const float cost = away + (is_left == map_.drives_left ? 0.0f : 0.5f);
            if (cost >= best) continue;
            best = cost;
            any = true;
            const float off = std::min(from_the_ends, r.length / 2);
            const float along = s.before + std::sqrt(square) * part;
            found = {s.road, std::clamp(along, off, r.length - off), away};
        }
    };
    const std::int64_t x = column(at.x), y = row(at.y);
    const auto rings = static_cast<std::int64_t>(reach / size_) + 2;
    for (std::int64_t ring = 0; ring <= rings; ++ring) {
        // What lies in rings further out is at least so far away.
        if (any && best < static_cast<float>(ring - 1) * size_) break;
        for (std::int64_t i = -ring; i <= ring; ++i) {
            look(x + i, y - ring);
            if (ring > 0) look(x + i, y + ring);
            if (i > -ring && i < ring) {
                look(x - ring, y + i);
                look(x + ring, y + i);
            }
        }
    }
    return any;
}

} // namespace city
