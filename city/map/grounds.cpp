// SPDX-License-Identifier: MIT
#include "grounds.hpp"

#include <algorithm>
#include <cmath>

namespace city {
namespace {

constexpr double cells_max = 5000;   ///< of one ground
constexpr std::size_t vast_max = 64; ///< larger grounds than that, in a map

} // namespace

double area_of(std::span<const point> line) {
    double twice = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const point a = line[i], b = line[(i + 1) % line.size()];
        twice += double{a.x} * b.y - double{b.x} * a.y;
    }
    return std::abs(twice) / 2;
}

point middle_of(std::span<const point> line) {
    double x = 0, y = 0;
    const std::size_t count =
        line.size() > 1 && line.front().x == line.back().x && line.front().y == line.back().y
            ? line.size() - 1
            : line.size();
    for (std::size_t i = 0; i < count; ++i) x += line[i].x, y += line[i].y;
    const auto n = static_cast<double>(std::max<std::size_t>(count, 1));
    return {static_cast<float>(x / n), static_cast<float>(y / n)};
}

bool is_inside(point at, std::span<const point> line) {
    bool inside = false;
    for (std::size_t i = 0, j = line.size() - 1; i < line.size(); j = i++) {
        const point a = line[i], b = line[j];
        if ((a.y > at.y) == (b.y > at.y)) continue;
        if (at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
    }
    return inside;
}

void grounds::add(std::vector<point> line, use_kind use) {
    if (line.size() < 3) return;
    const double area = area_of(line);
    all_.push_back({std::move(line), area, use});
}

void grounds::seal() {
    std::stable_sort(all_.begin(), all_.end(),
                     [](const ground& a, const ground& b) { return a.area < b.area; });
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
        float west = 1e30f, east = -1e30f, south = 1e30f, north = -1e30f;
        for (const point& p : all_[i].line) {
            west = std::min(west, p.x);
            east = std::max(east, p.x);
            south = std::min(south, p.y);
            north = std::max(north, p.y);
        }
        const auto cell_of = [](float x) {
            return static_cast<std::int64_t>(std::floor(x / cell));
        };
        const double cells =
            (double{east} - west + cell) * (double{north} - south + cell) / (double{cell} * cell);
        if (cells > cells_max) {
            if (vast_.size() < vast_max) vast_.push_back(i);
            continue;
        }
        for (std::int64_t y = cell_of(south); y <= cell_of(north); ++y)
            for (std::int64_t x = cell_of(west); x <= cell_of(east); ++x)
                in_cell_[key(x, y)].push_back(i);
    }
}

use_kind grounds::use_at(point at) const {
    const auto x = static_cast<std::int64_t>(std::floor(at.x / cell)),
               y = static_cast<std::int64_t>(std::floor(at.y / cell));
    if (const auto found = in_cell_.find(key(x, y)); found != in_cell_.end())
        for (const std::uint32_t i : found->second)
            if (is_inside(at, all_[i].line)) return all_[i].use;
    for (const std::uint32_t i : vast_)
        if (is_inside(at, all_[i].line)) return all_[i].use;
    return use_kind::none;
}

} // namespace city
