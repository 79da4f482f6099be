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

void travel_times::found(const road_map& map) {
    const std::vector<std::uint32_t> free = free_travel_times(map);
    traffic_news news;
    for (const std::uint32_t ms : free) news.roads.push_back({ms, ms});
    times_setting how;
    const std::vector<std::uint32_t> costs = free_turn_costs(map);
    how.turn_costs.assign(costs.begin(), costs.end());
    const street_net& n = system_[net_];
    system_.set_constant(n.measured, std::move(news));
    system_.set_constant(n.setting, how);
    begin_setting();
    while (setting_->go_on(all_work)) {}
    how.work = setting_->work();
    system_.set_constant(n.setting, std::move(how));
    publish();
}

void travel_times::go_on() {
    const std::uint64_t turn = system_.turn_number();
    if (turn % news_every == news_every - 1) return measure();
    const street_net& n = system_[net_];
    const std::uint64_t measured = system_[n.measured].turn;
    if (measured == system_[n.news].turn) return;
    const std::uint64_t share = turn - measured;
    if (!is_setting_) { // the world was loaded a moment ago
        begin_setting();
        first_share_ = share - 1;
    }
    const bool is_last = share == shares;
    const std::uint64_t work = system_[n.setting].work;
    setting_->go_on(is_last ? all_work : work * (share - first_share_) / (shares - first_share_));
    if (is_last) publish();
}

void travel_times::begin_setting() {
    const street_net& n = system_[net_];
    if (!setting_) setting_.emplace(system_[n.order]);
    std::vector<std::uint32_t> times;
    for (const road_time& t : system_[n.measured].roads) times.push_back(t.now_ms);
    setting_->begin(times, system_[n.setting].turn_costs);
    is_setting_ = true;
    first_share_ = 0;
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
    traffic_news news{now, {}};
    const traffic_news& before = system_[n.news];
    for (std::size_t r = 0; r < sums.size(); ++r)
        news.roads.push_back({static_cast<std::uint32_t>(sums[r] / n.roads[r].lanes * 1000),
                              before.roads[r].now_ms});
    system_.set_constant(n.measured, std::move(news));
    begin_setting();
}

void travel_times::publish() {
    const street_net& n = system_[net_];
    system_.set_constant(n.times, setting_->take());
    system_.set_constant(n.news, traffic_news(system_[n.measured]));
    is_setting_ = false;
}

} // namespace city
