// SPDX-License-Identifier: MIT
#include "arterials.hpp"

#include <algorithm>
#include <cmath>

namespace city {
namespace {

constexpr double apart_min = 48;   ///< metres between two joints
constexpr double corner_min = 62;  ///< metres between a joint and a corner
constexpr double ramp_min = 75;    ///< metres between a ramp and anything else
constexpr double bend_every = 110; ///< metres

} // namespace

arterials::arterials(const city_plan& city, street_plan& streets)
    : city_(city), streets_(streets), joints_(std::size_t{city.corners()} * city.corners() * 2),
      corners_(std::size_t{city.corners()} * city.corners(), none) {}

point arterials::at(side s, double part) const {
    return s.north ? city_.place(s.i, s.j + part) : city_.place(s.i + part, s.j);
}

double arterials::length(side s) const {
    const point a = at(s, 0), b = at(s, 1);
    return std::hypot(double{b.x} - a.x, double{b.y} - a.y);
}

std::uint32_t arterials::attach(side s, double part) {
    if (!has(s)) return none;
    const double metres = length(s);
    if (part * metres < corner_min || (1 - part) * metres < corner_min) return none;
    for (const joint& j : joints_[index(s)]) {
        const double away = std::abs(j.part - part) * metres;
        if (j.is_ramp && away < ramp_min) return none;
        if (away < apart_min) return j.node;
    }
    const std::uint32_t node = streets_.add_node(at(s, part));
    joints_[index(s)].push_back({part, node, false});
    return node;
}

std::uint32_t arterials::attach_ramp(side s, double part) {
    const std::uint32_t node = streets_.add_node(at(s, part), true);
    joints_[index(s)].push_back({part, node, true});
    return node;
}

std::uint32_t arterials::corner(std::uint32_t i, std::uint32_t j) {
    std::uint32_t& node = corners_[std::size_t{j} * city_.corners() + i];
    if (node != none) return node;
    node = streets_.add_node(city_.place(i, j));
    int arms = city_.has_east(i, j) + city_.has_north(i, j);
    if (i > 0) arms += city_.has_east(i - 1, j);
    if (j > 0) arms += city_.has_north(i, j - 1);
    const bool is_central = city_.is_in(i, j) && city_.at(i, j).distance < 0.6f;
    if (arms > 2 && (is_central || city_.is_main(i) || city_.is_main(j)))
        streets_.set_signals(node);
    return node;
}

street_kind arterials::kind_of(side s) const {
    const point middle = at(s, 0.5);
    const float away = std::hypot(middle.x, middle.y) / city_.radius();
    if (is_main(s)) return {road_class::primary, 2, away < 0.3f ? 50.0f : 60.0f};
    return {road_class::secondary, away < 0.45f ? 2u : 1u, 50};
}

void arterials::lay() {
    for (std::uint32_t j = 0; j < city_.corners(); ++j)
        for (std::uint32_t i = 0; i < city_.corners(); ++i)
            for (const bool north : {false, true}) {
                const side s{i, j, north};
                if (!has(s)) continue;
                auto joints = joints_[index(s)];
                joints.push_back({0, corner(i, j), false});
                joints.push_back({1, north ? corner(i, j + 1) : corner(i + 1, j), false});
                std::sort(joints.begin(), joints.end());
                const double metres = length(s);
                const std::uint32_t district = city_.is_in(i, j) ? city_.number(i, j)
                                               : north           ? city_.number(i - 1, j)
                                                                 : city_.number(i, j - 1);
                for (std::size_t n = 1; n < joints.size(); ++n) {
                    const double from = joints[n - 1].part, step = joints[n].part - from;
                    const auto bends = static_cast<int>(step * metres / bend_every);
                    std::vector<point> between;
                    for (int b = 1; b <= bends; ++b)
                        between.push_back(at(s, from + step * b / (bends + 1)));
                    streets_.add(joints[n - 1].node, joints[n].node, kind_of(s), district, between);
                }
            }
}

} // namespace city
