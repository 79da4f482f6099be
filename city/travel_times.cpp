// SPDX-License-Identifier: MIT
#include "travel_times.hpp"

#include "streets.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace city {
namespace {

/// Turns in which the hierarchy is set, a share of the work in each: half a minute.
constexpr std::uint32_t shares = 300;
constexpr std::uint64_t all_work = std::numeric_limits<std::uint64_t>::max();

static_assert(shares < news_every);

} // namespace

travel_times::travel_times(kay::actor_system& system, const road_map& map,
                           kay::constant<street_net> net)
    : system_(system), net_(net), turn_costs_(free_turn_costs(map)),
      setting_(system[system[net].order]), shares_(shares) {
    const std::vector<std::uint32_t> free = free_travel_times(map);
    for (const std::uint32_t ms : free) news_.roads.push_back({ms, ms});
    setting_.begin(free, turn_costs_);
    while (setting_.go_on(all_work)) {}
    whole_work_ = setting_.work();
    publish();
}

void travel_times::go_on() {
    if (system_.turn_number() % news_every == news_every - 1) return measure();
    if (shares_ == shares) return;
    ++shares_;
    setting_.go_on(shares_ == shares ? all_work : whole_work_ * shares_ / shares);
    if (shares_ == shares) publish();
}

/// As long as it took the last ones who drove along a road; where nobody has driven for a while it
/// tends to what a free road takes.
void travel_times::measure() {
    const auto now = static_cast<std::uint32_t>(system_.turn_number());
    const street_net& n = system_[net_];
    std::vector<double> sums(n.roads.size());
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) {
        const double free = double{l.length} / double{l.speed_limit};
        const std::uint32_t ago = now - l.timed_at;
        const double trust = ago < news_every ? 1 : double{news_every} / ago;
        double took = free + (std::max(double{l.mean_time_s}, free) - free) * trust;
        if (!l.cars.empty()) // who stands in a jam has not got through yet
            took = std::max(took, (now - l.cars[0].entered) * double{step_s});
        sums[l.road] += took;
    });
    std::vector<std::uint32_t> times(sums.size());
    for (std::size_t r = 0; r < times.size(); ++r)
        times[r] = static_cast<std::uint32_t>(sums[r] / n.roads[r].lanes * 1000);
    news_ = {now, {}};
    news_.roads.resize(times.size());
    for (std::size_t r = 0; r < times.size(); ++r)
        news_.roads[r] = {times[r], system_[n.news].roads[r].now_ms};
    setting_.begin(times, turn_costs_);
    shares_ = 0;
}

void travel_times::publish() {
    const street_net& n = system_[net_];
    system_.set_constant(n.times, setting_.take());
    system_.set_constant(n.news, std::exchange(news_, {}));
}

} // namespace city
