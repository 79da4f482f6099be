// SPDX-License-Identifier: MIT
#include "simulation.hpp"

#include "map/doors.hpp"
#include "streets.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <stdexcept>
#include <utility>

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
    : system_(system_options_of(options)) {
    if (options.kind == life::resident) add_missing_doors(map);
    system_.add<CityHall, Intersection, Lane, Person, TripLog>();
    street_net known;
    known.seed = options.seed;
    known.usual = options.usual;
    known.start_s = options.start_s;
    known.rest_s = static_cast<float>(options.rest_s);
    known.name = options.name;
    for (std::uint32_t p = 0; p < options.places; ++p) {
        TripLog log;
        log.start_s = options.start_s;
        log.keeps = options.keeps_trips;
        known.logs.push_back(system_.spawn(kay::in_place{p}, std::move(log)));
    }
    // Who lives where depends on the map alone, and is found while the streets are built.
    std::future<population> people;
    if (options.kind == life::resident)
        people = std::async(std::launch::async, make_population, std::cref(map), options.people,
                            options.seed);
    about_ = {build_streets(system_, map, std::move(known)), options.kind, options.fixed_routes};
    times_.emplace(system_, about_.net);
    times_->found(map);
    if (options.kind == life::resident) spawn_residents(people.get(), options);
    if (options.kind == life::restless) spawn_restless(options);
    system_.send(kay::the<CityHall>, about_);
    if (auto problem = system_.take_problem()) throw std::runtime_error(problem->text);
}

simulation::simulation(kay::actor_system loaded)
    : system_(std::move(loaded)), about_(system_[kay::the<CityHall>].city),
      people_(static_cast<std::uint32_t>(system_.count<Person>())),
      collected_(system_.turn_number()) {
    times_.emplace(system_, about_.net);
}

kay::result<kay::actor_system> simulation::load(kay::world_file& from, const std::string& name,
                                                const kay::load_options& options) {
    auto system = from.load<CityHall, Intersection, Lane, Person, TripLog>(name, options);
    if (system && !(*system)[kay::the<CityHall>].city.net)
        return kay::error{kay::error_code::invalid_argument, "there is no city in it"};
    return system;
}

/// Beside the crossing at the start of its road.
void simulation::spawn(Person who, std::uint64_t first_turn) {
    const kay::id<Intersection> at = system_[about_.net].starts[who.road];
    who.net = about_.net;
    who.number = people_++;
    const auto id = system_.spawn(kay::beside(at), std::move(who));
    const std::uint64_t now = system_.turn_number();
    if (id) system_.after(kay::turns{std::max(first_turn, now + 1) - now}, id, Wake{});
}

void simulation::spawn_residents(const population& people, const simulation_options& options) {
    const street_net& n = system_[about_.net];
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
    const street_net& n = system_[about_.net];
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
    const street_net& n = system_[about_.net];
    std::vector<double> metres; // up to and with each of them
    metres.reserve(n.door_roads.size());
    for (const std::uint32_t r : n.door_roads)
        metres.push_back((metres.empty() ? 0 : metres.back()) + n.roads[r].length);
    for (std::uint64_t i = 0; i < options.people; ++i) {
        const double at = kay::uniform_real(random, 0, metres.back());
        const auto home = std::upper_bound(metres.begin(), metres.end() - 1, at) - metres.begin();
        Person made;
        made.wanted = static_cast<std::uint8_t>(kay::uniform_int(random, 85, 115));
        made.road = n.door_roads[static_cast<std::size_t>(home)];
        made.position =
            static_cast<float>(kay::uniform_real(random, 0, 1)) * n.roads[made.road].length;
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
    if (!about_.fixed_routes) times_->go_on();
    system_.send(kay::all<Lane>, Step{});
    auto done = system_.turn();
    if (done && done->turn % trips_kept_turns == 0) collect_trips();
    return done;
}

kay::result<kay::replay_summary> simulation::replay(const std::string& log, std::uint64_t to_turn) {
    auto done = kay::input_log::replay(system_, log, to_turn);
    collected_ = system_.turn_number();
    return done;
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
        const flows::sums ended = l.sums.all();
        all.arrived += ended.trips;
        all.given_up += ended.given_up;
        turns += l.travel_turns;
    });
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) { all.vehicle_updates += l.updates; });
    all.travel_s = static_cast<double>(turns) * double{step_s};
    return all;
}

flows simulation::trip_sums() const {
    flows all;
    system_.each<TripLog>([&](kay::id<TripLog>, const TripLog& l) { all.merge(l.sums); });
    return all;
}

void simulation::collect_trips() {
    for (const kay::id<TripLog> log : system_[about_.net].logs)
        for (const trip_record& t : system_.find(log)->trips)
            if (t.arrival > collected_) trips_.push_back(t);
    collected_ = system_.turn_number();
}

std::vector<trip_record> simulation::take_trips() {
    collect_trips();
    return std::exchange(trips_, {});
}

std::vector<std::uint64_t> simulation::passed() const {
    std::vector<std::uint64_t> all(system_[about_.net].roads.size());
    system_.each<Lane>([&](kay::id<Lane>, const Lane& l) { all[l.road] += l.passed; });
    return all;
}

std::vector<float> simulation::lane_speeds() const {
    std::vector<float> speeds(system_[about_.net].lanes.size(), -1.0f);
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
