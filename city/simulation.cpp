// SPDX-License-Identifier: MIT
#include "simulation.hpp"

#include "map/doors.hpp"
#include "streets.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <stdexcept>

namespace city {
namespace {

/// Who has set out so little before the beginning is still on his way, and sets out then.
constexpr std::uint32_t under_way_s = 720, set_out_within_s = 120;

kay::system_options system_options_of(const simulation_options& options) {
    return {.places = options.places,
            .seed = options.seed,
            .workers = options.workers,
            .step = std::chrono::milliseconds(100)};
}

} // namespace

simulation::simulation(road_map map, const simulation_options& options)
    : map_(std::move(map)), system_(system_options_of(options)),
      fixed_routes_(options.fixed_routes) {
    if (options.kind == life::resident) add_missing_doors(map_);
    system_.add<Intersection, Lane, Person, TripLog>();
    street_net known;
    known.seed = options.seed;
    known.usual = options.usual;
    known.start_s = options.start_s;
    known.rest_s = static_cast<float>(options.rest_s);
    for (std::uint32_t p = 0; p < options.places; ++p) {
        TripLog log;
        log.keeps = options.keeps_trips;
        known.logs.push_back(system_.spawn(kay::in_place{p}, std::move(log)));
    }
    // Who lives where depends on the map alone, and is found while the streets are built.
    std::future<population> people;
    if (options.kind == life::resident)
        people = std::async(std::launch::async, make_population, std::cref(map_), options.people,
                            options.seed);
    net_ = build_streets(system_, map_, std::move(known));
    times_.emplace(system_, map_, net_);
    if (options.kind == life::resident) spawn_residents(people.get(), options);
    if (options.kind == life::restless) spawn_restless(options);
    if (auto problem = system_.take_problem()) throw std::runtime_error(problem->text);
}

/// Beside the crossing at the start of its road.
void simulation::spawn(Person who, std::uint64_t first_turn) {
    const kay::id<Intersection> at = system_[net_].starts[who.road];
    who.net = net_;
    who.number = people_++;
    const auto id = system_.spawn(kay::beside(at), std::move(who));
    const std::uint64_t now = system_.turn_number();
    if (id) system_.after(kay::turns{std::max(first_turn, now + 1) - now}, id, Wake{});
}

void simulation::spawn_residents(const population& people, const simulation_options& options) {
    const street_net& n = system_[net_];
    kay::random_stream random(options.seed, 0x70656f70, 0);
    for (const resident& r : people.residents) {
        Person made;
        made.kind = life::resident;
        made.number = people_;
        made.who = r;
        made.wanted = static_cast<std::uint8_t>(kay::uniform_int(random, 85, 115));
        const day_plan today = made.plan_of(0, n);
        const std::uint32_t now =
            activity_at(today, n.start_s > under_way_s ? n.start_s - under_way_s : 0);
        made.road = n.doors[today[now].door].road;
        made.position = n.doors[today[now].door].position;
        const std::uint64_t next_s = made.plan_next(today, now, n.start_s, n);
        // Not all in the first tenth of their second.
        std::uint64_t part = kay::uniform_int(random, 0u, turns_per_second - 1);
        if (next_s == n.start_s)
            part = kay::uniform_int(random, 0u, set_out_within_s * turns_per_second - 1);
        spawn(std::move(made),
              next_s == never_s ? ~0ull >> 1 : (next_s - n.start_s) * turns_per_second + part);
    }
    spawn_sleepers(options.sleepers, people, random);
}

/// They live where the others do, and set out on the second day.
void simulation::spawn_sleepers(std::uint64_t count, const population& people,
                                kay::random_stream& random) {
    const street_net& n = system_[net_];
    for (std::uint64_t i = 0; i < count && !people.residents.empty(); ++i) {
        Person made;
        made.kind = life::resident;
        made.number = people_;
        made.who = people.residents[i % people.residents.size()];
        made.wanted = static_cast<std::uint8_t>(kay::uniform_int(random, 85, 115));
        made.road = n.doors[made.who.home].road;
        made.position = n.doors[made.who.home].position;
        made.day = 1;
        const std::uint64_t next_s = made.plan_next(made.plan_of(made.day, n), 0, day_s, n);
        spawn(std::move(made),
              next_s == never_s ? ~0ull >> 1
                                : (next_s - n.start_s) * turns_per_second + i % turns_per_second);
    }
}

/// They live along the roads, as many as these are long.
void simulation::spawn_restless(const simulation_options& options) {
    kay::random_stream random(options.seed, 0x70656f70, 0);
    const street_net& n = system_[net_];
    std::vector<double> metres; // up to and with each of them
    metres.reserve(n.door_roads.size());
    for (const std::uint32_t r : n.door_roads)
        metres.push_back((metres.empty() ? 0 : metres.back()) + map_.roads[r].length);
    for (std::uint64_t i = 0; i < options.people; ++i) {
        const double at = kay::uniform_real(random, 0, metres.back());
        const auto home = std::upper_bound(metres.begin(), metres.end() - 1, at) - metres.begin();
        Person made;
        made.wanted = static_cast<std::uint8_t>(kay::uniform_int(random, 85, 115));
        made.road = n.door_roads[static_cast<std::size_t>(home)];
        made.position =
            static_cast<float>(kay::uniform_real(random, 0, 1)) * map_.roads[made.road].length;
        // Those who hardly rest would all set out at once, and that turn would be a long one.
        const bool rests = options.rest_s >= set_out_within_s;
        spawn(std::move(made),
              rests ? rest_of_a_person(random, options.rest_s).count
                    : kay::uniform_int(random, 1u, set_out_within_s * turns_per_second));
    }
}

void simulation::add_trip(std::uint64_t departure, std::uint32_t from, float from_position,
                          std::uint32_t to, float to_position, std::uint8_t wanted, purpose what) {
    Person made;
    made.kind = life::listed;
    made.road = from;
    made.position = from_position;
    made.wanted = wanted;
    made.list.push_back({static_cast<std::uint32_t>(departure), to, to_position, what});
    spawn(std::move(made), departure);
}

kay::result<kay::turn_summary> simulation::turn() {
    if (!fixed_routes_) times_->go_on();
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
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) { all.waiting += l.waiting.size(); });
    system_.each<Person>(
        [&](kay::id<Person>, const Person& p) { ++(p.away ? all.away : all.inside); });
    return all;
}

totals simulation::sums() const {
    totals all;
    std::uint64_t turns = 0;
    system_.each<TripLog>([&](kay::id<TripLog>, const TripLog& l) {
        all.arrived += l.arrived;
        all.given_up += l.given_up;
        turns += l.turns;
    });
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) { all.vehicle_updates += l.updates; });
    all.travel_s = static_cast<double>(turns) * double{step_s};
    return all;
}

std::vector<trip_record> simulation::take_trips() {
    std::vector<trip_record> all;
    if (system_.turn_number() == taken_in_) return all; // they are forgotten in the next turn
    taken_in_ = system_.turn_number();
    for (const kay::id<TripLog> log : system_[net_].logs) {
        const auto& trips = system_.find(log)->trips;
        all.insert(all.end(), trips.begin(), trips.end());
        if (!trips.empty()) system_.send(log, Forget{static_cast<std::uint32_t>(trips.size())});
    }
    return all;
}

std::vector<std::uint64_t> simulation::passed() const {
    std::vector<std::uint64_t> all(map_.roads.size());
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) { all[l.road] += l.passed; });
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
