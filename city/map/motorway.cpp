// SPDX-License-Identifier: MIT
#include "motorway.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/math.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace city {
namespace {

constexpr float ring_from = 3000, radials_from = 5500; ///< radius of the city, metres
constexpr double step = 40;                            ///< metres between points of a centre line
constexpr double half_width = 14;    ///< metres between a centre line and its carriageways
constexpr double ramp_length = 280;  ///< metres along the motorway
constexpr double ramp_end = 80;      ///< metres along the arterial
constexpr double apart_min = 1300;   ///< metres between two interchanges
constexpr double far_min = 2000;     ///< the same with an arterial that is not a main one
constexpr double from_corners = 175; ///< metres between an interchange and an arterial's corners
constexpr double corridor_cell = 40; ///< metres
constexpr double turn_off = 420;     ///< metres before the ring where a radial ends

constexpr street_kind ring_kind{road_class::motorway, 3, 100, true};
constexpr street_kind radial_kind{road_class::motorway, 2, 90, true};
constexpr street_kind ramp_kind{road_class::motorway, 1, 60, true, true};

std::int64_t cell_of(double x, double y) {
    const auto of = [](double v) {
        return static_cast<std::int64_t>(std::floor(v / corridor_cell));
    };
    return (of(y) << 32) ^ (of(x) & 0xffffffff);
}

/// Where two stretches cut each other, as shares of both.
bool cut(point a, point b, point c, point d, double& on_ab, double& on_cd) {
    const double x = double{b.x} - a.x, y = double{b.y} - a.y, u = double{d.x} - c.x,
                 v = double{d.y} - c.y, area = x * v - y * u;
    if (area == 0) return false;
    on_ab = ((double{c.x} - a.x) * v - (double{c.y} - a.y) * u) / area;
    on_cd = ((double{c.x} - a.x) * y - (double{c.y} - a.y) * x) / area;
    return on_ab >= 0 && on_ab < 1 && on_cd >= 0 && on_cd < 1;
}

} // namespace

motorways::motorways(const city_plan& city, arterials& around, street_plan& streets,
                     std::uint64_t seed)
    : city_(city), around_(around), streets_(streets) {
    if (city.radius() < ring_from) return;
    kay::random_stream random(seed, 0x72696e67, 0);
    const double phase = kay::uniform_real(random, 0, 2 * std::numbers::pi);
    line ring;
    ring.closed = true;
    ring.kind = ring_kind;
    const double radius = 0.60 * city.radius();
    const auto count = static_cast<int>(2 * std::numbers::pi * radius / step);
    for (int i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * i / count;
        const double r = radius * (1 + 0.07 * kay::math::sin(3 * angle + phase) +
                                   0.05 * kay::math::sin(2 * angle - phase));
        ring.centre.push_back({static_cast<float>(r * kay::math::cos(angle)),
                               static_cast<float>(r * kay::math::sin(angle))});
    }
    occupy(ring);
    if (city.radius() >= radials_from) {
        const int radials = city.radius() > 10'000 ? 6 : 4;
        for (int i = 0; i < radials; ++i)
            add_radial(ring, phase + 2 * std::numbers::pi *
                                         (i + kay::uniform_real(random, -0.15, 0.15)) / radials);
    }
    add_interchanges(ring, 0, length(ring));
    lay(ring);
}

double motorways::length(const line& l) const {
    return step * static_cast<double>(l.closed ? l.centre.size() : l.centre.size() - 1);
}

/// As if all points were a step apart, which they nearly are.
point motorways::at(const line& l, double metres, double to_the_right) const {
    const auto count = static_cast<std::int64_t>(l.centre.size());
    const double share = metres / step;
    auto index = static_cast<std::int64_t>(std::floor(share));
    const auto wrap = [&](std::int64_t i) {
        return static_cast<std::size_t>(l.closed ? ((i % count) + count) % count
                                                 : std::clamp<std::int64_t>(i, 0, count - 1));
    };
    if (!l.closed) index = std::clamp<std::int64_t>(index, 0, count - 2);
    const point a = l.centre[wrap(index)], b = l.centre[wrap(index + 1)];
    const double part = share - static_cast<double>(index), dx = double{b.x} - a.x,
                 dy = double{b.y} - a.y, norm = std::max(1e-6, std::sqrt(dx * dx + dy * dy));
    return {static_cast<float>(a.x + dx * part + dy / norm * to_the_right),
            static_cast<float>(a.y + dy * part - dx / norm * to_the_right)};
}

void motorways::occupy(const line& l) {
    for (double s = 0; s < length(l); s += step / 2) {
        const point p = at(l, s, 0);
        for (int x = -1; x <= 1; ++x)
            for (int y = -1; y <= 1; ++y)
                cells_.insert(cell_of(p.x + x * corridor_cell, p.y + y * corridor_cell));
    }
}

bool motorways::is_near(point a, point b) const {
    if (cells_.empty()) return false;
    constexpr int samples = 6;
    for (int i = 0; i <= samples; ++i) {
        const double part = static_cast<double>(i) / samples;
        if (cells_.contains(cell_of(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)))
            return true;
    }
    return false;
}

std::vector<motorways::meeting> motorways::meetings(const line& l, double first,
                                                    double last) const {
    constexpr int pieces = 12; // of an arterial's side
    std::vector<meeting> found;
    for (std::uint32_t j = 0; j < city_.corners(); ++j)
        for (std::uint32_t i = 0; i < city_.corners(); ++i)
            for (const bool north : {false, true}) {
                const side s{i, j, north};
                if (!around_.has(s)) continue;
                const double metres = around_.length(s);
                if (metres < 2 * from_corners) continue; // a bridge, for one
                for (int piece = 0; piece < pieces; ++piece) {
                    const point a = around_.at(s, static_cast<double>(piece) / pieces),
                                b = around_.at(s, (piece + 1.0) / pieces);
                    // Only a piece that touches the corridor can cut the line in it.
                    if (!is_near(a, b)) continue;
                    const auto count = l.centre.size();
                    for (std::size_t c = 0; c + !l.closed < count; ++c) {
                        const point from = l.centre[c], to = l.centre[(c + 1) % count];
                        double on_side = 0, on_line = 0;
                        if (!cut(a, b, from, to, on_side, on_line)) continue;
                        const double part = (piece + on_side) / pieces,
                                     where = (static_cast<double>(c) + on_line) * step;
                        if (part * metres < from_corners || (1 - part) * metres < from_corners)
                            continue;
                        if (where >= first && where <= last) found.push_back({where, s, part});
                    }
                }
            }
    std::sort(found.begin(), found.end(),
              [](const meeting& a, const meeting& b) { return a.at < b.at; });
    return found;
}

std::uint32_t motorways::stop_at(line& l, bool forward, double metres) {
    if (l.closed) metres = std::fmod(metres + length(l), length(l));
    const std::uint32_t node = streets_.add_node(at(l, metres, forward ? half_width : -half_width));
    (forward ? l.forward : l.backward).push_back({metres, node});
    return node;
}

void motorways::add_ramp(std::uint32_t from, std::uint32_t to, const std::vector<point>& between) {
    streets_.add(from, to, ramp_kind, 0, between);
}

/// A diamond: each carriageway has a ramp that leaves it before the arterial and one that joins it
/// after that, and they meet the arterial on its own side of the motorway.
void motorways::add_interchanges(line& l, double first, double last) {
    const std::vector<meeting> all = meetings(l, first, last);
    std::vector<meeting> chosen;
    const auto away = [&](double a, double b) {
        const double straight = std::abs(a - b);
        return l.closed ? std::min(straight, length(l) - straight) : straight;
    };
    const auto is_free = [&](double where, double apart) {
        for (const auto* stops : {&l.forward, &l.backward})
            for (const stop& s : *stops)
                if (away(s.at, where) < ramp_length + 200) return false;
        return std::none_of(chosen.begin(), chosen.end(),
                            [&](const meeting& m) { return away(m.at, where) < apart; });
    };
    // Main arterials first, then others where there is a long way between those.
    for (const bool main : {true, false})
        for (const meeting& m : all)
            if (around_.is_main(m.arterial) == main && is_free(m.at, main ? apart_min : far_min))
                chosen.push_back(m);
    for (const meeting& m : chosen) {
        const double along = ramp_end / around_.length(m.arterial);
        const point from = at(l, m.at - 5, 0), to = at(l, m.at + 5, 0),
                    further = around_.at(m.arterial, m.part + along);
        const bool is_right =
            (to.x - from.x) * (further.y - from.y) - (to.y - from.y) * (further.x - from.x) < 0;
        const double right = m.part + (is_right ? along : -along),
                     left = m.part - (is_right ? along : -along);
        const std::uint32_t right_end = around_.attach_ramp(m.arterial, right),
                            left_end = around_.attach_ramp(m.arterial, left);
        const double aside = half_width + 22;
        add_ramp(stop_at(l, true, m.at - ramp_length), right_end,
                 {at(l, m.at - ramp_length + 110, aside), at(l, m.at - 70, aside + 25)});
        add_ramp(right_end, stop_at(l, true, m.at + ramp_length),
                 {at(l, m.at + 70, aside + 25), at(l, m.at + ramp_length - 110, aside)});
        add_ramp(stop_at(l, false, m.at + ramp_length), left_end,
                 {at(l, m.at + ramp_length - 110, -aside), at(l, m.at + 70, -aside - 25)});
        add_ramp(left_end, stop_at(l, false, m.at - ramp_length),
                 {at(l, m.at - 70, -aside - 25), at(l, m.at - ramp_length + 110, -aside)});
    }
}

/// From a crossing on a main arterial near the middle to the ring, where four ramps lead to both of
/// its directions; two of them fly over it.
void motorways::add_radial(line& ring, double angle) {
    const double c = kay::math::cos(angle), s = kay::math::sin(angle);
    const double from_middle = 0.2 * city_.radius();
    side best{};
    double nearest = 1e18;
    for (std::uint32_t j = 0; j < city_.corners(); ++j)
        for (std::uint32_t i = 0; i < city_.corners(); ++i)
            for (const bool north : {false, true}) {
                const side one{i, j, north};
                if (!around_.has(one) || !around_.is_main(one)) continue;
                if (around_.length(one) < 2 * from_corners) continue;
                const point p = around_.at(one, 0.5);
                const double away = std::hypot(p.x - from_middle * c, p.y - from_middle * s);
                if (away < nearest) nearest = away, best = one;
            }
    if (nearest > city_.radius() / 8) return;
    // The point of the ring in that direction.
    double meets = 0, closest = 1e18;
    for (double at_ring = 0; at_ring < length(ring); at_ring += step) {
        const point p = at(ring, at_ring, 0);
        const double off = std::abs(p.x * s - p.y * c) + (p.x * c + p.y * s > 0 ? 0 : 1e9);
        if (off < closest) closest = off, meets = at_ring;
    }
    const std::uint32_t inner = around_.attach_ramp(best, 0.5);
    const point from = streets_.at(inner), to = at(ring, meets, 0);
    const double metres = std::hypot(to.x - from.x, to.y - from.y) - turn_off;
    const auto count = static_cast<int>(metres / step);
    if (metres < 1500) return;
    line radial;
    radial.kind = radial_kind;
    for (int i = 0; i <= count; ++i) {
        const double part = i * step / (metres + turn_off),
                     bulge = 0.06 * metres * kay::math::sin(std::numbers::pi * part);
        radial.centre.push_back({static_cast<float>(from.x + (to.x - from.x) * part - s * bulge),
                                 static_cast<float>(from.y + (to.y - from.y) * part + c * bulge)});
    }
    occupy(radial);
    const double whole = length(radial);
    radial.forward.push_back({0, inner});
    radial.backward.push_back({0, inner});
    const std::uint32_t out = stop_at(radial, true, whole), in = stop_at(radial, false, whole);
    // Outwards and to the right, against the ring's own sense; to the left over it; and back.
    add_ramp(out, stop_at(ring, false, meets - 380),
             {at(radial, whole + 120, 40), at(ring, meets - 180, -100)});
    add_ramp(out, stop_at(ring, true, meets + 480),
             {at(ring, meets - 20, -60), at(ring, meets + 60, 90), at(ring, meets + 260, 70)});
    add_ramp(stop_at(ring, false, meets + 380), in,
             {at(ring, meets + 180, -100), at(radial, whole + 120, -40)});
    add_ramp(stop_at(ring, true, meets - 480), in,
             {at(ring, meets - 260, 70), at(ring, meets - 60, 90), at(ring, meets + 20, -60)});
    add_interchanges(radial, 900, whole - 700);
    lay(radial);
}

void motorways::lay(line& l) {
    const auto connect = [&](const stop& a, double b_at, std::uint32_t b_node, double right) {
        std::vector<point> between;
        const double metres = b_at - a.at;
        const auto bends = static_cast<int>(std::abs(metres) / 80);
        for (int n = 1; n <= bends; ++n)
            between.push_back(at(l, a.at + metres * n / (bends + 1), right));
        streets_.add(a.node, b_node, l.kind, 0, between);
    };
    std::sort(l.forward.begin(), l.forward.end());
    std::sort(l.backward.begin(), l.backward.end());
    std::reverse(l.backward.begin(), l.backward.end());
    for (const auto* stops : {&l.forward, &l.backward}) {
        const double right = stops == &l.forward ? half_width : -half_width,
                     round = stops == &l.forward ? length(l) : -length(l);
        for (std::size_t i = 0; i + 1 < stops->size(); ++i)
            connect((*stops)[i], (*stops)[i + 1].at, (*stops)[i + 1].node, right);
        if (l.closed && stops->size() > 1)
            connect(stops->back(), stops->front().at + round, stops->front().node, right);
    }
}

} // namespace city
