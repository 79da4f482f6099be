// SPDX-License-Identifier: MIT
#include "simulation.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <stdexcept>

namespace city {
namespace {

constexpr float turn_cost_s = 5;   ///< of a crossing
constexpr float room_of_a_car = 7; ///< metres of lane in a jam
constexpr std::uint64_t first_trips_turns = 12'000; ///< everybody begins a trip in the first twenty minutes

kay::system_options system_options_of(const simulation_options& options) {
    return {.places = options.places, .seed = options.seed, .workers = options.workers,
            .step = std::chrono::milliseconds(100)};
}

/// Spreads the lower 16 bits to the even ones.
std::uint32_t spread_bits(std::uint32_t x) {
    x = (x | x << 8) & 0x00ff00ff;
    x = (x | x << 4) & 0x0f0f0f0f;
    x = (x | x << 2) & 0x33333333;
    return (x | x << 1) & 0x55555555;
}

} // namespace

routes find_routes(const road_map& map, std::uint64_t seed) {
    const auto count = static_cast<std::uint32_t>(map.roads.size());
    routes made;
    made.roads = count;
    made.first_turns.reserve(count);
    for (const road& r : map.roads) made.first_turns.push_back(r.first_turn);
    made.next_roads.assign(map.turns.begin(), map.turns.end());

    kay::random_stream random(seed, 0x64657374, 0);
    std::vector<std::uint32_t> all(count);
    for (std::uint32_t i = 0; i < count; ++i) all[i] = i;
    const std::uint32_t wanted = std::min(count, simulation::destinations_max);
    for (std::uint32_t i = 0; i < wanted; ++i) {
        std::swap(all[i], all[kay::uniform_int(random, i, count - 1)]);
        made.destinations.push_back(all[i]);
    }

    // The roads from which each road can be entered, with the position of the turn.
    struct way_in {
        std::uint32_t road;
        std::uint8_t turn;
    };
    std::vector<std::vector<way_in>> before(count);
    for (std::uint32_t r = 0; r < count; ++r)
        for (std::uint32_t t = 0; t < std::min(map.roads[r].turns, 255u); ++t)
            before[map.turns[map.roads[r].first_turn + t]].push_back({r, static_cast<std::uint8_t>(t)});

    made.turns.resize(std::size_t{wanted} * count);
    std::vector<float> cost(count);
    using entry = std::pair<float, std::uint32_t>;
    for (std::uint32_t d = 0; d < wanted; ++d) {
        std::fill(cost.begin(), cost.end(), INFINITY);
        std::priority_queue<entry, std::vector<entry>, std::greater<>> open;
        cost[made.destinations[d]] = 0;
        open.push({0.0f, made.destinations[d]});
        while (!open.empty()) {
            const auto [c, r] = open.top();
            open.pop();
            if (c > cost[r]) continue;
            for (const way_in& from : before[r]) {
                const road& f = map.roads[from.road];
                const float through = c + f.length / f.speed_limit + turn_cost_s;
                if (through >= cost[from.road]) continue;
                cost[from.road] = through;
                made.turns[std::size_t{d} * count + from.road] = from.turn;
                open.push({through, from.road});
            }
        }
    }
    return made;
}

std::vector<std::uint32_t> spread_over_places(const road_map& map, std::uint32_t places) {
    const std::size_t count = map.intersections.size();
    float west = 0, east = 0, south = 0, north = 0;
    for (const intersection& i : map.intersections) {
        west = std::min(west, i.at.x);
        east = std::max(east, i.at.x);
        south = std::min(south, i.at.y);
        north = std::max(north, i.at.y);
    }
    const float size = std::max({east - west, north - south, 1.0f});
    std::vector<std::uint64_t> lanes(count);
    std::uint64_t all = 0;
    for (const road& r : map.roads) lanes[r.from] += r.lanes, all += r.lanes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> curve;
    for (std::uint32_t i = 0; i < count; ++i) {
        const point at = map.intersections[i].at;
        const auto x = static_cast<std::uint32_t>((at.x - west) / size * 65535);
        const auto y = static_cast<std::uint32_t>((at.y - south) / size * 65535);
        curve.push_back({spread_bits(x) | spread_bits(y) << 1, i});
    }
    std::sort(curve.begin(), curve.end());
    std::vector<std::uint32_t> place(count);
    std::uint64_t before = 0;
    for (const auto& [key, i] : curve) {
        place[i] = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(before * places / std::max<std::uint64_t>(all, 1), places - 1));
        before += lanes[i];
    }
    return place;
}

simulation::simulation(road_map map, const simulation_options& options)
    : map_(std::move(map)), system_(system_options_of(options)) {
    system_.add<Intersection, Lane, Person>();
    routes_ = system_.make_constant(find_routes(map_, options.seed));
    spawn_streets(options.seed);
    spawn_people(options);
    if (auto problem = system_.take_problem()) throw std::runtime_error(problem->text);
}

void simulation::spawn_streets(std::uint64_t) {
    const auto place = spread_over_places(map_, system_.places());
    // Ids have to be known both ways. Those of one type in one place are given out in order, from
    // slot 0 on: so they are computed, and checked when they are made.
    std::vector<std::uint32_t> next(system_.places());
    std::vector<kay::id<Intersection>> crossing(map_.intersections.size());
    for (std::size_t i = 0; i < crossing.size(); ++i)
        crossing[i] = kay::id<Intersection>{kay::raw_id{place[i], 1, next[place[i]]++}};
    std::fill(next.begin(), next.end(), 0);
    std::vector<kay::id<Lane>> lane(map_.lanes());
    for (const road& r : map_.roads)
        for (std::uint32_t l = 0; l < r.lanes; ++l)
            lane[r.first_lane + l] =
                kay::id<Lane>{kay::raw_id{place[r.from], 1, next[place[r.from]]++}};

    std::vector<std::vector<std::uint32_t>> from(crossing.size()), to(crossing.size());
    for (std::uint32_t r = 0; r < map_.roads.size(); ++r) {
        from[map_.roads[r].from].push_back(r);
        to[map_.roads[r].to].push_back(r);
    }
    std::vector<std::uint32_t> at_start(lane.size());
    for (std::size_t i = 0; i < crossing.size(); ++i) {
        Intersection made;
        made.signals = map_.intersections[i].signals && to[i].size() > 2;
        made.approaches = static_cast<std::uint32_t>(to[i].size());
        for (std::uint32_t r : from[i])
            for (std::uint32_t l = 0; l < map_.roads[r].lanes; ++l) {
                const road& way = map_.roads[r];
                at_start[way.first_lane + l] = static_cast<std::uint32_t>(made.exits.size());
                made.exits.push_back(
                    {lane[way.first_lane + l], r,
                     std::max(1u, static_cast<std::uint32_t>(way.length / room_of_a_car)), 0});
            }
        // Roads that come more from east or west have green first.
        for (std::uint32_t r : to[i]) {
            const road& way = map_.roads[r];
            const point end = map_.points[way.first_point + way.points - 1];
            const point before = map_.points[way.first_point + way.points - 2];
            if (std::abs(end.x - before.x) > std::abs(end.y - before.y)) made.first_phase.push_back(r);
        }
        const auto id = system_.spawn<Intersection>(kay::in_place{place[i]}, std::move(made));
        KAY_ASSERT(id == crossing[i]);
    }
    for (std::uint32_t r = 0; r < map_.roads.size(); ++r) {
        const road& way = map_.roads[r];
        for (std::uint32_t l = 0; l < way.lanes; ++l) {
            Lane made;
            made.map = routes_;
            made.start = crossing[way.from];
            made.end = crossing[way.to];
            made.road = r;
            made.number = way.first_lane + l;
            made.at_start = at_start[made.number];
            made.length = way.length;
            made.speed_limit = way.speed_limit;
            const auto id = system_.spawn<Lane>(kay::in_place{place[way.from]}, std::move(made));
            KAY_ASSERT(id == lane[way.first_lane + l]);
        }
    }
    road_starts starts;
    starts.at.reserve(map_.roads.size());
    for (const road& r : map_.roads) starts.at.push_back(crossing[r.from]);
    starts_ = system_.make_constant(std::move(starts));
}

void simulation::spawn_people(const simulation_options& options) {
    kay::random_stream random(options.seed, 0x70656f70, 0);
    const auto roads = static_cast<std::uint32_t>(map_.roads.size());
    for (std::uint64_t i = 0; i < options.people; ++i) {
        Person made;
        made.map = routes_;
        made.starts = starts_;
        made.road = kay::uniform_int(random, 0u, roads - 1);
        made.start = system_[starts_].at[made.road];
        const auto id = system_.spawn<Person>(kay::beside(made.start), made);
        if (!id) return; // the reason waits to be taken
        system_.after(kay::turns{kay::uniform_int(random, std::uint64_t{1}, first_trips_turns)}, id,
                      Wake{});
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
    system_.each<Intersection>([&](kay::id<Intersection>, const Intersection& i) {
        for (const waiting_car& c : i.queue) all.waiting += !c.from;
    });
    system_.each<Person>([&](kay::id<Person>, const Person& p) { ++(p.away ? all.away : all.resting); });
    return all;
}

totals simulation::sums() const {
    totals all;
    std::uint64_t turns = 0;
    system_.each<Person>([&](kay::id<Person>, const Person& p) {
        all.arrived += p.trips;
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
