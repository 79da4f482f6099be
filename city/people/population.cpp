// SPDX-License-Identifier: MIT
#include "population.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/distributions.hpp>
#include <kay/core/math.hpp>

#include <algorithm>

namespace city {
namespace {

/// Of all people, rounded: employed are 54 % in Germany (Destatis, national accounts 2019) and 48 %
/// in the USA (BLS, Current Population Survey 2019); pupils and students 17 % (Destatis, 2019) and
/// 23 % with the smallest (US Census Bureau, school enrollment 2019).
constexpr double workers = 0.50, pupils = 0.17;
/// Of those who work: 29 % in Germany (Destatis 2019), 17 % in the USA (BLS 2019).
constexpr double part_timers = 0.25;

/// A scale of the gravity model, from the median way in metres by road. On an even plane distances
/// of exp(-d / scale) have their median at 1.678 scales, and ways are about 1.3 times as long as
/// the crow flies (Ballou, Rahardja, Sakai: Selected country circuity factors for road travel
/// distance estimation, Transportation Research A 36, 2002).
constexpr double scale_of(double median) { return median / (1.3 * 1.678); }
/// Medians of Mobilitaet in Deutschland 2017 (Nobis, Kuhnimhof: Ergebnisbericht, 2018). That of
/// work comes to 3.7 km; Lenormand et al. found 3.3 km for units of a square kilometre.
constexpr double work_scale = scale_of(8100), school_scale = scale_of(2900),
                 shop_scale = scale_of(2000), errand_scale = scale_of(3600),
                 leisure_scale = scale_of(3900);
constexpr double friends = 0.5; ///< of leisure; the rest is where one goes out

constexpr std::uint64_t choices = 0x70656f70, choices_by_work = 0x73686f70;

class settler {
public:
    settler(const road_map& map, std::uint64_t count, std::uint64_t seed)
        : map_(map), seed_(seed), places_(places_of(map)), grid_(places_),
          square_of_(squares_of(grid_, places_)), homes_(of(door_kind::home)),
          works_(of(door_kind::work)), shops_(of(door_kind::shop)), schools_(of(door_kind::school)),
          work_(grid_, works_, work_scale), school_(grid_, schools_, school_scale),
          shop_(grid_, shops_, shop_scale), errand_(grid_, works_, errand_scale),
          out_(grid_, shops_, leisure_scale), friends_(grid_, homes_, leisure_scale) {
        if (!homes_.is_empty()) all_.resize(count);
    }

    population settle() {
        if (all_.empty()) return {};
        give_homes();
        std::vector<double> origins(grid_.count());
        for (std::uint32_t g = 0; g < homes_.in_squares().size(); ++g)
            origins[homes_.in_squares()[g]] = homes_.weight(g);
        work_.balance(origins);
        school_.balance(origins);
        std::uint32_t square = ~0u;
        daily_square_.assign(all_.size(), nowhere);
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if (const std::uint32_t there = square_of_[all_[i].home]; there != square) {
                square = there;
                for (gravity* g : {&work_, &school_, &shop_, &errand_, &out_, &friends_})
                    g->set_out_from(square);
            }
            choose(i);
        }
        choose_shops_by_work();
        return {std::move(all_)};
    }

private:
    static constexpr std::uint32_t nowhere = ~0u;

    static std::vector<point> places_of(const road_map& map) {
        std::vector<point> places;
        places.reserve(map.doors.size());
        for (const door& d : map.doors) places.push_back(place_of(map, d));
        return places;
    }
    static std::vector<std::uint32_t> squares_of(const squares& grid,
                                                 const std::vector<point>& places) {
        std::vector<std::uint32_t> numbers;
        numbers.reserve(places.size());
        for (const point& p : places) numbers.push_back(grid.of(p));
        return numbers;
    }
    door_groups of(door_kind kind) const { return {map_, kind, square_of_, grid_.count()}; }

    /// Evenly along the doors' weights (systematic sampling).
    void give_homes() {
        kay::random_stream random(seed_, choices, ~0ull);
        const double each = homes_.weight() / static_cast<double>(all_.size());
        const double start = kay::uniform01(random) * each;
        double reached = 0;
        std::size_t next = 0;
        std::uint32_t last = no_door;
        for (std::uint32_t g = 0; g < homes_.in_squares().size(); ++g)
            for (const std::uint32_t d : homes_.doors(g)) {
                reached += double{map_.doors[d].weight};
                for (; next < all_.size() && start + static_cast<double>(next) * each < reached;
                     ++next)
                    all_[next].home = d;
                last = d;
            }
        for (; next < all_.size(); ++next) all_[next].home = last; // lost by rounding
    }

    void choose(std::size_t i) {
        kay::random_stream random(seed_, choices, i);
        resident& r = all_[i];
        const double kind = kay::uniform01(random);
        r.what = kind < workers            ? occupation::worker
                 : kind < workers + pupils ? occupation::pupil
                                           : occupation::at_home;
        r.part_time = r.what == occupation::worker && kind < workers * part_timers;
        r.shop = shop_.draw(random).door;
        r.errand = errand_.draw(random).door;
        r.leisure = (kay::bernoulli(random, friends) ? friends_ : out_).draw(random).door;
        if (r.what == occupation::at_home) return;
        const auto daily = (r.what == occupation::worker ? work_ : school_).draw(random);
        r.daily = daily.door;
        if (r.daily == no_door) {
            r.what = occupation::at_home;
            r.part_time = false;
            return;
        }
        daily_square_[i] = daily.square;
        const double dx = double{places_[r.home].x} - double{places_[r.daily].x},
                     dy = double{places_[r.home].y} - double{places_[r.daily].y};
        const std::uint32_t seconds = expected_drive_s(kay::math::sqrt(dx * dx + dy * dy));
        r.commute_s = static_cast<std::uint16_t>(std::min(seconds, 0xffffu));
    }

    /// Square by square, as a square's chances are worked out once.
    void choose_shops_by_work() {
        std::vector<std::uint32_t> first(grid_.count() + 1);
        for (const std::uint32_t s : daily_square_)
            if (s != nowhere) ++first[s + 1];
        for (std::uint32_t s = 0; s < grid_.count(); ++s) first[s + 1] += first[s];
        std::vector<std::uint32_t> sorted(first.back()), next = first;
        for (std::uint32_t i = 0; i < all_.size(); ++i)
            if (daily_square_[i] != nowhere) sorted[next[daily_square_[i]]++] = i;
        for (std::uint32_t s = 0; s < grid_.count(); ++s) {
            if (first[s] == first[s + 1]) continue;
            shop_.set_out_from(s);
            for (std::uint32_t k = first[s]; k < first[s + 1]; ++k) {
                kay::random_stream random(seed_, choices_by_work, sorted[k]);
                all_[sorted[k]].shop_by_work = shop_.draw(random).door;
            }
        }
    }

    const road_map& map_;
    std::uint64_t seed_;
    std::vector<point> places_; ///< [door]
    squares grid_;
    std::vector<std::uint32_t> square_of_; ///< [door]
    door_groups homes_, works_, shops_, schools_;
    gravity work_, school_, shop_, errand_, out_, friends_;
    std::vector<resident> all_;
    std::vector<std::uint32_t> daily_square_; ///< [resident], or nowhere
};

} // namespace

population make_population(const road_map& map, std::uint64_t count, std::uint64_t seed) {
    KAY_ASSERT(count <= 0xffffffffu);
    return settler(map, count, seed).settle();
}

std::uint32_t expected_drive_s(double metres) {
    constexpr double longer = 1.3, speed = 30 / 3.6, around_s = 90;
    constexpr double most_s = 1e6;
    return static_cast<std::uint32_t>(std::min(around_s + metres * longer / speed, most_s));
}

} // namespace city
