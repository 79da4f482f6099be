// SPDX-License-Identifier: MIT
#include "district.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/math.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace city {
namespace {

/// What streets in a kind of district are like.
struct pattern {
    double block;    ///< metres between two streets
    double left_out; ///< share of the streets that no one needs to come through
    double joined;   ///< share of the streets that meet the arterials
    double swirl;    ///< radians by which the middle is turned at most
    double jitter;   ///< of a crossing, as a share of a block
    street_kind street;
};

pattern pattern_of(district_kind kind) {
    const street_kind residential{road_class::residential, 1, 30};
    switch (kind) {
    case district_kind::centre: return {88, 0.05, 1.0, 0.12, 0.05, residential};
    case district_kind::inner: return {100, 0.12, 0.75, 0.3, 0.08, residential};
    case district_kind::industry:
        return {210, 0.10, 0.7, 0.1, 0.04, {road_class::residential, 1, 50}};
    default: return {104, 0.24, 0.35, 0.62, 0.13, residential};
    }
}

class filler {
public:
    filler(const city_plan& city, std::uint32_t i, std::uint32_t j, std::uint64_t seed,
           const motorways& motorway, arterials& around, street_plan& streets)
        : city_(city), i_(i), j_(j), motorway_(motorway), around_(around), streets_(streets),
          random_(seed, 0x66696c6c, city.number(i, j)), like_(pattern_of(city.at(i, j).kind)) {
        const auto blocks = [&](side s) {
            const double varied = like_.block * kay::uniform_real(random_, 0.88, 1.16);
            return static_cast<std::uint32_t>(
                std::clamp(std::round(around.length(s) / varied), 2.0, 14.0));
        };
        columns_ = blocks({i, j, false});
        rows_ = blocks({i, j, true});
        swirl_ = like_.swirl * kay::uniform_real(random_, -1, 1);
        nodes_.assign(std::size_t{columns_ + 1} * (rows_ + 1), arterials::none);
        group_.resize(nodes_.size());
        std::iota(group_.begin(), group_.end(), 0u);
    }

    void fill() {
        place_crossings();
        std::vector<link> links = all_links();
        for (link& l : links) l.is_collector = is_collector(l);
        const auto collectors_end = std::partition(links.begin(), links.end(),
                                                   [](const link& l) { return l.is_collector; });
        for (auto l = links.begin(); l != collectors_end; ++l) add(*l);
        for (std::size_t n = links.end() - collectors_end; n > 1; --n)
            std::swap(collectors_end[static_cast<std::ptrdiff_t>(n - 1)],
                      collectors_end[static_cast<std::ptrdiff_t>(
                          kay::uniform_int(random_, std::size_t{0}, n - 1))]);
        for (auto l = collectors_end; l != links.end(); ++l) {
            const bool meets_arterial = is_edge(l->a) || is_edge(l->b);
            const double chance = kay::uniform_real(random_, 0, 1);
            if (meets_arterial ? chance < like_.joined
                               : root(l->a) != root(l->b) || chance >= like_.left_out)
                add(*l);
        }
    }

private:
    /// Between two crossings of the lattice, by their numbers.
    struct link {
        std::uint32_t a, b;
        bool is_collector;
    };

    std::uint32_t number(std::uint32_t column, std::uint32_t row) const {
        return row * (columns_ + 1) + column;
    }
    std::uint32_t column(std::uint32_t n) const { return n % (columns_ + 1); }
    std::uint32_t row(std::uint32_t n) const { return n / (columns_ + 1); }
    bool is_edge(std::uint32_t n) const {
        return column(n) == 0 || row(n) == 0 || column(n) == columns_ || row(n) == rows_;
    }
    bool is_collector(const link& l) const {
        if (city_.at(i_, j_).kind == district_kind::industry) return false;
        return (column(l.a) == columns_ / 2 && column(l.b) == columns_ / 2) ||
               (row(l.a) == rows_ / 2 && row(l.b) == rows_ / 2);
    }

    /// Crossings are turned around the district's middle, less and less towards its sides.
    point place(double s, double t) const {
        const double x = 2 * s - 1, y = 2 * t - 1, edge = std::max(std::abs(x), std::abs(y)),
                     rest = 1 - edge * edge, angle = swirl_ * rest * rest;
        const double c = kay::math::cos(angle), d = kay::math::sin(angle);
        return city_.place(i_ + (x * c - y * d + 1) / 2, j_ + (x * d + y * c + 1) / 2);
    }

    void place_crossings() {
        for (std::uint32_t r = 1; r < rows_; ++r)
            for (std::uint32_t c = 1; c < columns_; ++c) {
                const double dx = like_.jitter * kay::uniform_real(random_, -1, 1),
                             dy = like_.jitter * kay::uniform_real(random_, -1, 1);
                nodes_[number(c, r)] =
                    streets_.add_node(place((c + dx) / columns_, (r + dy) / rows_));
            }
    }

    std::vector<link> all_links() const {
        std::vector<link> links;
        for (std::uint32_t r = 0; r <= rows_; ++r)
            for (std::uint32_t c = 0; c <= columns_; ++c) {
                if (c < columns_ && r > 0 && r < rows_)
                    links.push_back({number(c, r), number(c + 1, r), false});
                if (r < rows_ && c > 0 && c < columns_)
                    links.push_back({number(c, r), number(c, r + 1), false});
            }
        return links;
    }

    /// The node of a crossing; at the district's sides one of the arterial's, if it lets one.
    std::uint32_t node(std::uint32_t n) {
        if (nodes_[n] != arterials::none || !is_edge(n)) return nodes_[n];
        const std::uint32_t c = column(n), r = row(n);
        const double s = static_cast<double>(c) / columns_, t = static_cast<double>(r) / rows_;
        nodes_[n] = r == 0       ? around_.attach({i_, j_, false}, s)
                    : r == rows_ ? around_.attach({i_, j_ + 1, false}, s)
                    : c == 0     ? around_.attach({i_, j_, true}, t)
                                 : around_.attach({i_ + 1, j_, true}, t);
        return nodes_[n];
    }

    std::uint32_t root(std::uint32_t n) {
        for (; group_[n] != n; n = group_[n]) group_[n] = group_[group_[n]];
        return n;
    }

    void add(const link& l) {
        const auto where = [&](std::uint32_t n) {
            return is_edge(n) ? place(static_cast<double>(column(n)) / columns_,
                                      static_cast<double>(row(n)) / rows_)
                              : streets_.at(nodes_[n]);
        };
        if (!l.is_collector && motorway_.is_near(where(l.a), where(l.b))) return;
        const std::uint32_t a = node(l.a), b = node(l.b);
        if (a == arterials::none || b == arterials::none || a == b) return;
        group_[root(l.a)] = root(l.b);
        if (!l.is_collector) return streets_.add(a, b, like_.street, city_.number(i_, j_));
        streets_.add(a, b, {road_class::tertiary, 1, 50}, city_.number(i_, j_));
        if (city_.at(i_, j_).distance > 0.75f) return;
        if (is_edge(l.a)) streets_.set_signals(a);
        if (is_edge(l.b)) streets_.set_signals(b);
    }

    const city_plan& city_;
    std::uint32_t i_, j_;
    const motorways& motorway_;
    arterials& around_;
    street_plan& streets_;
    kay::random_stream random_;
    pattern like_;
    std::uint32_t columns_ = 0, rows_ = 0;
    double swirl_ = 0;
    std::vector<std::uint32_t> nodes_; ///< [crossing of the lattice], none until there is one
    std::vector<std::uint32_t> group_; ///< [crossing]: those that hang together, as a forest
};

} // namespace

void fill_district(const city_plan& city, std::uint32_t i, std::uint32_t j, std::uint64_t seed,
                   const motorways& motorway, arterials& around, street_plan& streets) {
    const district_kind kind = city.at(i, j).kind;
    if (kind == district_kind::outside || kind == district_kind::park ||
        kind == district_kind::river)
        return;
    filler(city, i, j, seed, motorway, around, streets).fill();
}

} // namespace city
