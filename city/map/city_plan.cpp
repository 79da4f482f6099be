// SPDX-License-Identifier: MIT
#include "city_plan.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/math.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace city {
namespace {

constexpr double district_min = 560, district_max = 860; ///< metres of a side
constexpr double river_width = 190;                      ///< metres, banks included
constexpr std::uint32_t river_from = 40;                 ///< districts that a city with a river has
constexpr double lanes_in_a_square_metre = 0.0395;       ///< metres of lane, as measured

double usual_of(district_kind kind) {
    return kind == district_kind::river ? 0.1 : kind == district_kind::park ? 0.25 : 1;
}

} // namespace

city_plan::city_plan(double lane_metres, std::uint64_t seed) {
    kay::random_stream random(seed, 0x706c616e, 0);
    const double area = lane_metres / lanes_in_a_square_metre;
    constexpr double mean = (district_min + district_max) / 2;
    middle_ = static_cast<std::uint32_t>(std::ceil(std::sqrt(area) / mean * 0.75)) + 2;
    side_ = 2 * middle_;
    const bool has_river = area / (mean * mean) > river_from;
    if (has_river) river_ = middle_ + 1 + static_cast<std::uint32_t>(area > 100e6);

    for (auto* lines : {&lines_x_, &lines_y_}) {
        lines->push_back(0);
        for (std::uint32_t i = 0; i < side_; ++i) {
            const bool is_river = lines == &lines_y_ && i == river_;
            lines->push_back(
                lines->back() +
                (is_river ? river_width : kay::uniform_real(random, district_min, district_max)));
        }
        const double origin = (*lines)[middle_];
        for (double& line : *lines) line -= origin;
    }
    for (std::uint32_t c = 0; c < corners() * corners(); ++c)
        shifts_.push_back({static_cast<float>(kay::uniform_real(random, -45, 45)),
                           static_cast<float>(kay::uniform_real(random, -45, 45))});
    for (double& w : waves_) w = kay::uniform_real(random, 0, 2 * std::numbers::pi);
    if (has_river) // banks keep their distance
        for (std::uint32_t i = 0; i < corners(); ++i)
            shifts_[std::size_t{river_ + 1} * corners() + i] =
                shifts_[std::size_t{river_} * corners() + i];

    choose_kinds(seed);
    // From the middle outwards, with an outline that is no circle.
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::uint32_t j = 0; j < side_; ++j)
        for (std::uint32_t i = 0; i < side_; ++i) {
            const point p = place(i + 0.5, j + 0.5);
            const double angle = kay::math::atan2(double{p.y}, double{p.x}),
                         out = 1 + 0.10 * kay::math::sin(2 * angle + waves_[10]) +
                               0.07 * kay::math::sin(5 * angle + waves_[11]);
            order.push_back({std::hypot(p.x, p.y) / out, number(i, j)});
        }
    std::sort(order.begin(), order.end());
    double built = 0, covered = 0;
    std::size_t taken = 0;
    for (; taken < order.size() && (built < area || taken < 4); ++taken) {
        const std::uint32_t n = order[taken].second, i = n % side_, j = n / side_;
        const double size = (lines_x_[i + 1] - lines_x_[i]) * (lines_y_[j + 1] - lines_y_[j]);
        built += size * usual_of(districts_[n].kind);
        covered += size;
    }
    radius_ = static_cast<float>(std::sqrt(covered / std::numbers::pi));
    for (std::size_t o = 0; o < order.size(); ++o) {
        district& d = districts_[order[o].second];
        d.distance = static_cast<float>(order[o].first) / radius_;
        if (o >= taken)
            d.kind = district_kind::outside;
        else if (d.kind == district_kind::suburb && d.distance < 0.22f)
            d.kind = district_kind::centre;
        else if (d.kind == district_kind::suburb && d.distance < 0.55f)
            d.kind = district_kind::inner;
    }
}

/// All begin as suburbs; those near the middle become something else. Industry keeps together, by a
/// wave.
void city_plan::choose_kinds(std::uint64_t seed) {
    kay::random_stream random(seed, 0x6b696e64, 0);
    districts_.assign(std::size_t{side_} * side_, {});
    for (std::uint32_t j = 0; j < side_; ++j)
        for (std::uint32_t i = 0; i < side_; ++i) {
            const std::int64_t x = std::int64_t{i} - middle_, y = std::int64_t{j} - middle_;
            const bool is_central = x * x + y * y <= 4;
            const double works = kay::math::sin(0.55 * static_cast<double>(x) + waves_[8]) +
                                 kay::math::sin(0.62 * static_cast<double>(y) + waves_[9]);
            const double chance = kay::uniform_real(random, 0, 1);
            district_kind kind = district_kind::suburb;
            if (j == river_)
                kind = district_kind::river;
            else if (!is_central && works > 1.25)
                kind = district_kind::industry;
            else if (!is_central && chance < 0.05)
                kind = district_kind::park;
            districts_[number(i, j)].kind = kind;
        }
}

bool city_plan::is_in(std::int64_t i, std::int64_t j) const {
    if (i < 0 || j < 0 || i >= side_ || j >= side_) return false;
    return at(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)).kind !=
           district_kind::outside;
}

bool city_plan::is_bridge(std::uint32_t i) const {
    const auto away = i > middle_ ? i - middle_ : middle_ - i;
    return is_main(i) || away <= 2;
}

bool city_plan::has_east(std::uint32_t i, std::uint32_t j) const {
    return is_in(i, j) || is_in(i, std::int64_t{j} - 1);
}
bool city_plan::has_north(std::uint32_t i, std::uint32_t j) const {
    if (j == river_ && !is_bridge(i)) return false;
    return is_in(i, j) || is_in(std::int64_t{i} - 1, j);
}

point city_plan::place(double i, double j) const {
    const auto last = static_cast<double>(side_) - 1e-9;
    i = std::clamp(i, 0.0, last);
    j = std::clamp(j, 0.0, last);
    const auto column = static_cast<std::size_t>(i), row = static_cast<std::size_t>(j);
    const double s = i - static_cast<double>(column), t = j - static_cast<double>(row);
    const double x = lines_x_[column] + s * (lines_x_[column + 1] - lines_x_[column]),
                 y = lines_y_[row] + t * (lines_y_[row + 1] - lines_y_[row]);
    const point* shift = shifts_.data() + row * corners() + column;
    const auto between = [&](float point::* axis) {
        return (1 - t) * ((1 - s) * shift[0].*axis + s * shift[1].*axis) +
               t * ((1 - s) * shift[corners()].*axis + s * shift[corners() + 1].*axis);
    };
    // Waves of some kilometres; their slopes add up to little enough that nothing overlaps.
    const auto wave = [&](double along, double length, double phase) {
        return kay::math::sin(along * (2 * std::numbers::pi / length) + phase);
    };
    const double dx = 170 * wave(y, 5200, waves_[0]) + 60 * wave(y + x, 2900, waves_[1]) +
                      330 * wave(y - x / 2, 11000, waves_[2]),
                 dy = 170 * wave(x, 5700, waves_[3]) + 60 * wave(x - y, 3100, waves_[4]) +
                      330 * wave(x + y / 2, 12000, waves_[5]);
    return {static_cast<float>(x + dx + between(&point::x)),
            static_cast<float>(y + dy + between(&point::y))};
}

} // namespace city
