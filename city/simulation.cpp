// SPDX-License-Identifier: MIT
#include "simulation.hpp"

#include "streets.hpp"

#include <algorithm>
#include <stdexcept>

namespace city {
namespace {

kay::system_options system_options_of(const simulation_options& options) {
    return {.places = options.places,
            .seed = options.seed,
            .workers = options.workers,
            .step = std::chrono::milliseconds(100)};
}

} // namespace

simulation::simulation(road_map map, const simulation_options& options)
    : map_(std::move(map)), system_(system_options_of(options)) {
    system_.add<Intersection, Lane, Person>();
    routes_ = system_.make_constant(find_routes(map_, options.seed));
    starts_ = build_streets(system_, map_, routes_);
    spawn_people(options);
    if (auto problem = system_.take_problem()) throw std::runtime_error(problem->text);
}

/// People live along the roads, as many as these are long.
void simulation::spawn_people(const simulation_options& options) {
    kay::random_stream random(options.seed, 0x70656f70, 0);
    const std::vector<std::uint32_t> homes = roads_with_doors(map_);
    std::vector<double> metres; // up to and with each of them
    metres.reserve(homes.size());
    for (const std::uint32_t r : homes)
        metres.push_back((metres.empty() ? 0 : metres.back()) + map_.roads[r].length);
    for (std::uint64_t i = 0; i < options.people; ++i) {
        const double at = kay::uniform_real(random, 0, metres.back());
        const auto home = std::upper_bound(metres.begin(), metres.end() - 1, at) - metres.begin();
        Person made;
        made.map = routes_;
        made.starts = starts_;
        made.road = homes[static_cast<std::size_t>(home)];
        made.start = system_[starts_].at[made.road];
        const auto id = system_.spawn<Person>(kay::beside(made.start), made);
        if (!id) return; // the reason waits to be taken
        const kay::turns rest = rest_of_a_person(random);
        system_.after(rest, id, Wake{rest.count});
    }
}

kay::result<kay::turn_summary> simulation::turn() {
    system_.send(kay::all<Lane>, Step{});
    return system_.turn();
}

std::uint64_t simulation::driving() const {
    std::uint64_t cars = 0;
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) { cars += l.cars.size(); });
    return cars;
}

census simulation::count() const {
    census all;
    all.driving = driving();
    system_.each<Intersection>(
        [&](kay::id<Intersection>, const Intersection& i) { all.waiting += i.departing.size(); });
    system_.each<Person>(
        [&](kay::id<Person>, const Person& p) { ++(p.away ? all.away : all.resting); });
    return all;
}

totals simulation::sums() const {
    totals all;
    std::uint64_t turns = 0;
    system_.each<Person>([&](kay::id<Person>, const Person& p) {
        all.arrived += p.trips;
        all.given_up += p.given_up;
        turns += p.turns;
    });
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) { all.vehicle_updates += l.updates; });
    all.travel_s = static_cast<double>(turns) * 0.1;
    return all;
}

std::vector<float> simulation::lane_speeds() const {
    std::vector<float> speeds(map_.lanes(), -1.0f);
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) {
        if (l.cars.empty()) return;
        float sum = 0;
        for (const car& c : l.cars) sum += c.speed;
        speeds[l.number] = sum / static_cast<float>(l.cars.size()) / l.speed_limit;
    });
    return speeds;
}

bool simulation::is_sound() const {
    bool sound = true;
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) {
        for (std::size_t i = 0; i < l.cars.size(); ++i) {
            sound = sound && l.cars[i].speed >= 0 && l.cars[i].position <= l.length + 50;
            if (i > 0)
                sound = sound && l.cars[i].position <= l.cars[i - 1].position - idm.length + 0.01f;
        }
    });
    return sound;
}

} // namespace city
