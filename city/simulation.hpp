// SPDX-License-Identifier: MIT
//
// The running city: a road map, people, and the actor system they live in. Built once, or loaded,
// then driven turn by turn by one thread. All that it goes on from is in the actor system.
#pragma once

#include "map/road_map.hpp"
#include "people/population.hpp"
#include "traffic/actors.hpp"
#include "travel_times.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace city {

struct simulation_options {
    std::uint64_t people = 20'000;
    std::uint64_t sleepers = 0; ///< more residents, who stay at home on the first day
    std::uint64_t seed = 1;
    std::uint32_t workers = 0;
    std::uint32_t places = 16;
    life kind = life::resident; ///< of the people
    habits usual = {};          ///< of residents
    std::uint32_t start_s = 0;  ///< time of day when the first turn begins, below day_s
    std::string name = {};      ///< of the map
    double rest_s = 2400;       ///< of the restless between two trips, on the average
    bool keeps_trips = false;   ///< for take_trips
    bool fixed_routes = false;  ///< nobody hears of jams
};

/// Everybody is inside, waiting for room at the side of a road, or driving.
struct census {
    std::uint64_t inside = 0;
    std::uint64_t waiting = 0;
    std::uint64_t driving = 0;
    std::uint64_t away = 0; ///< by the people's own account: waiting or driving
};

struct totals {
    std::uint64_t arrived = 0;
    std::uint64_t given_up = 0;
    double travel_s = 0; ///< of all trips that ended
    std::uint64_t vehicle_updates = 0;
};

class simulation {
public:
    simulation(road_map map, const simulation_options& options);
    /// One that was saved goes on. Requires that the system has a city_hall that was told of it,
    /// as it is after the first turn.
    explicit simulation(kay::actor_system loaded);
    simulation(const simulation&) = delete;
    simulation& operator=(const simulation&) = delete;

    /// Loads what was saved of a city. Errors: as of world_file::load, or this is no city.
    static kay::result<kay::actor_system> load(kay::world_file& from, const std::string& name,
                                               const kay::load_options& options);

    /// Somebody more, who makes one trip: from a position in a road to a position in another, in a
    /// turn that is still to come, at a speed of so many percent of the limit where the road is
    /// free.
    void add_trip(std::uint64_t departure, std::uint32_t from, float from_position,
                  std::uint32_t to, float to_position, std::uint8_t wanted = 100,
                  purpose what = purpose::other);

    /// To the end of a turn, or of what was recorded (input_log::replay).
    kay::result<kay::replay_summary> replay(const std::string& log, std::uint64_t to_turn);

    /// One turn: a tenth of a second.
    kay::result<kay::turn_summary> turn();

    std::uint64_t driving() const;
    census count() const;
    totals sums() const;
    /// Sums by hour and purpose.
    flows trip_sums() const;
    /// The trips that have ended since the last call, or the city was loaded, if they are kept; of
    /// each minute place by place.
    std::vector<trip_record> take_trips();
    /// For each road how many cars have driven on at its end.
    std::vector<std::uint64_t> passed() const;
    /// For each lane its cars' mean share of the speed limit; below zero where there are none.
    std::vector<float> lane_speeds() const;
    /// No two cars of a lane overlap, and none is beyond its end without leave.
    bool is_sound() const;

    /// All who live in it or were listed.
    std::uint64_t people() const { return people_; }
    life kind() const { return about_.kind; }

    const std::string name() const { return std::string(system_[about_.net].name); }
    const road_map& map() const { return system_[system_[about_.net].map]; }
    /// Time of day when the first turn began, in seconds.
    std::uint32_t start_s() const { return system_[about_.net].start_s; }
    kay::actor_system& system() { return system_; }
    const kay::actor_system& system() const { return system_; }

private:
    void spawn_residents(const population& people, const simulation_options& options);
    void spawn_sleepers(std::uint64_t count, const population& people, kay::random_stream& random);
    void spawn_restless(const simulation_options& options);
    void spawn(Person who, std::uint64_t first_turn);
    void collect_trips();

    kay::actor_system system_;
    Founded about_;
    std::optional<travel_times> times_; ///< as soon as there are streets
    std::uint32_t people_ = 0;
    std::uint64_t collected_ = 0;    ///< turn to whose end trips were
    std::vector<trip_record> trips_; ///< that take_trips has yet to give
};

} // namespace city
