// SPDX-License-Identifier: MIT
//
// What it takes to drive along each road, as everybody hears of it: measured every few minutes, and
// some seconds later, when the hierarchy has been set anew by it, known to all. The setting is
// spread over the turns between, a share in each, so that no turn is a long one. Everything
// happens in turns that follow from the map alone.
#pragma once

#include "map/road_map.hpp"
#include "routing/customization.hpp"
#include "traffic/actors.hpp"

#include <cstdint>
#include <vector>

namespace city {

class travel_times {
public:
    /// Sets those of free roads, for a net that has no travel times yet. All must outlive it.
    travel_times(kay::actor_system& system, const road_map& map, kay::constant<street_net> net);

    /// What is to be done before a turn begins. Once for each turn.
    void go_on();

private:
    void measure();
    void publish();

    kay::actor_system& system_;
    kay::constant<street_net> net_;
    std::vector<std::uint32_t> turn_costs_; ///< [turn] milliseconds
    customization setting_;
    std::uint64_t whole_work_ = 0; ///< of a setting
    std::uint32_t shares_ = 0;     ///< of it that are done; all of them while nothing is to be set
    traffic_news news_;            ///< that are being set
};

} // namespace city
