// SPDX-License-Identifier: MIT
//
// What it takes to drive along each road, as everybody hears of it: measured every few minutes, and
// some seconds later, when the hierarchy has been set anew by it, known to all. The setting is
// spread over the turns between, a share in each, so that no turn is a long one. Everything
// happens in turns that follow from the map alone; what was measured and what is known are
// constants of the world, so that one that is loaded in the middle of a setting ends it in time.
#pragma once

#include "map/road_map.hpp"
#include "routing/customization.hpp"
#include "traffic/actors.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace city {

class travel_times {
public:
    /// Of a net, which and whose system must outlive it.
    travel_times(kay::actor_system& system, kay::constant<street_net> net)
        : system_(system), net_(net) {}

    /// Sets those of free roads, for a net that has no travel times yet.
    void found(const road_map& map);

    /// What is to be done before a turn begins. Once for each turn.
    void go_on();

private:
    void measure();
    void begin_setting();
    void publish();

    kay::actor_system& system_;
    kay::constant<street_net> net_;
    std::optional<customization> setting_; ///< as soon as there is something to set
    bool is_setting_ = false;              ///< it goes on from turn to turn
    std::uint64_t first_share_ = 0;        ///< of the one that goes on
};

} // namespace city
