// SPDX-License-Identifier: MIT
//
// The city: reads or makes a map, lets people drive on it, and says what happened.
#include "demand/demand.hpp"
#include "demand/random_demand.hpp"
#include "demand/sumo_export.hpp"
#include "display.hpp"
#include "map/grid.hpp"
#include "map/metropolis.hpp"
#include "map/osm.hpp"
#include "map/picture.hpp"
#include "options.hpp"
#include "report.hpp"
#include "simulation.hpp"
#include "trip_book.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace {

volatile std::sig_atomic_t stop_wanted = 0;
/// Once: stop after this turn, with the summary. Twice: at once.
void want_stop(int signal) {
    stop_wanted = 1;
    std::signal(signal, SIG_DFL);
}

using clock_type = std::chrono::steady_clock;
double seconds_since(clock_type::time_point then) {
    return std::chrono::duration<double>(clock_type::now() - then).count();
}

/// As many as drive on a map without a jam, and no more than a first look needs.
std::uint64_t people_for(const city::road_map& map) {
    constexpr double people_max = 20'000, people_in_km = 50; // of lane
    return static_cast<std::uint64_t>(std::clamp(map.lane_km() * people_in_km, 100.0, people_max));
}

/// Everybody on the road at once needs more room than a city has where most are at home.
constexpr std::uint64_t stress_room = 3;

kay::result<city::road_map> load_map(const city::options& o) {
    if (o.map == "metropolis")
        return city::make_metropolis((o.people ? o.people : 20'000) * (o.stress ? stress_room : 1),
                                     o.seed);
    if (o.map == "grid") return city::make_grid(40, 40, 200, o.seed);
    auto read = city::read_osm(o.map);
    if (!read) return read.error();
    for (const std::string& line : read->lines) std::printf("  %s\n", line.c_str());
    return std::move(read->map);
}

/// Trips of a file, or at random; none where residents decide.
kay::result<std::vector<city::planned_trip>> load_trips(const city::options& o,
                                                        const city::road_map& map) {
    if (o.random_trips > 0)
        return city::random_demand(map, o.random_trips, static_cast<double>(o.random_trips_s),
                                   o.seed);
    if (o.demand.empty()) return std::vector<city::planned_trip>();
    std::printf("demand: %s\n", o.demand.c_str());
    auto read = city::read_demand(o.demand, map);
    if (!read) return read.error();
    for (const std::string& line : read->lines) std::printf("  %s\n", line.c_str());
    return std::move(read->trips);
}

const char* name_of(city::road_class kind) {
    constexpr const char* names[] = {"motorway", "trunk",       "primary",      "secondary",
                                     "tertiary", "residential", "living street"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<city::busy_street> busiest(const city::simulation& s) {
    constexpr std::size_t wanted = 10;
    const std::vector<std::uint64_t> cars = s.passed();
    std::vector<std::uint32_t> roads(cars.size());
    std::iota(roads.begin(), roads.end(), 0u);
    const std::size_t count = std::min(wanted, roads.size());
    std::partial_sort(roads.begin(), roads.begin() + static_cast<std::ptrdiff_t>(count),
                      roads.end(), [&](std::uint32_t a, std::uint32_t b) {
                          return cars[a] != cars[b] ? cars[a] > cars[b] : a < b;
                      });
    std::vector<city::busy_street> all;
    for (std::size_t i = 0; i < count && cars[roads[i]] > 0; ++i) {
        const city::road& r = s.map().roads[roads[i]];
        all.push_back({roads[i], s.map().name_of(roads[i]), name_of(r.kind),
                       s.map().intersections[r.from].at, s.map().intersections[r.to].at, r.lanes,
                       cars[roads[i]]});
    }
    return all;
}

/// Who sets out before it begins is left out.
void add_trips(city::simulation& simulation, const std::vector<city::planned_trip>& trips,
               std::uint64_t seed) {
    kay::random_stream random(seed, 0x74726970, 0);
    std::size_t too_early = 0;
    for (const city::planned_trip& t : trips) {
        const auto wanted = static_cast<std::uint8_t>(kay::uniform_int(random, 85, 115));
        const double after_s = t.departure_s - simulation.start_s();
        if (after_s < 0) {
            ++too_early;
            continue;
        }
        simulation.add_trip(static_cast<std::uint64_t>(after_s * city::turns_per_second) + 1,
                            t.from_road, t.from_position, t.to_road, t.to_position, wanted, t.what);
    }
    if (too_early > 0)
        std::printf("  %zu trips begin before the start and are left out\n", too_early);
}

int fail(std::string text, int code = 2) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' '; // one line, whatever a file is called
    std::fprintf(stderr, "city: %s\n", text.c_str());
    return code;
}

int run(const city::options& o) {
    std::printf("map: %s\n", o.map.c_str());
    auto map = load_map(o);
    if (!map) return fail(map.error().text);

    auto trips = load_trips(o, *map);
    if (!trips) return fail(trips.error().text);
    if (!o.export_sumo.empty()) {
        const auto written = city::write_sumo_scene(*map, *trips, o.export_sumo);
        if (!written) return fail(written.error().text, 1);
        std::printf("written for SUMO: %s\n", o.export_sumo.c_str());
        return 0;
    }
    const bool is_listed = o.random_trips > 0 || !o.demand.empty();

    const auto built = clock_type::now();
    const std::uint64_t people = is_listed ? trips->size() : o.people ? o.people : people_for(*map);
    city::simulation_options setup;
    setup.people = people;
    setup.seed = o.seed;
    setup.workers = o.workers;
    setup.places = o.places;
    setup.kind = is_listed  ? city::life::listed
                 : o.stress ? city::life::restless
                            : city::life::resident;
    setup.usual = o.usual ? city::habits{} : city::rush_hour;
    setup.rest_s = 1; // of the restless
    setup.start_s = o.start_s;
    if (is_listed && !o.start_given) // when the first one sets out
        setup.start_s = trips->empty() ? 0 : static_cast<std::uint32_t>(trips->front().departure_s);
    setup.keeps_trips = true;
    city::simulation simulation(std::move(*map), setup);
    add_trips(simulation, *trips, o.seed);
    city::trip_book book(!o.trips.empty());
    city::report report;
    report.map = o.map == "metropolis" || o.map == "grid"
                     ? o.map
                     : std::filesystem::path(o.map).filename().string();
    report.people = people;
    report.start_s = setup.start_s;
    report.workers = simulation.system().workers();
    report.places = o.places;
    report.lanes = simulation.map().lanes();
    report.lane_km = simulation.map().lane_km();
    report.intersections = simulation.map().intersections.size();
    std::signal(SIGINT, want_stop);
    std::signal(SIGTERM, want_stop);
    std::printf("  %llu crossings, %llu lanes, %.1f km of them; %llu people; made in %.1f s\n",
                static_cast<unsigned long long>(report.intersections),
                static_cast<unsigned long long>(report.lanes), report.lane_km,
                static_cast<unsigned long long>(report.people), seconds_since(built));
    std::fflush(stdout);

    const std::uint64_t first_turn = std::uint64_t{setup.start_s} * city::turns_per_second;
    // A list of trips is run to its end, if nobody says otherwise.
    const bool until_all_arrived = is_listed && !o.turns_given && !o.day;
    const std::uint64_t turns = until_all_arrived ? 0 : o.turns;
    city::display shown(!o.headless, turns, first_turn);
    // Sleeps in short pieces, so that a slow world stops without delay too.
    kay::pacer pacer({.step = std::chrono::milliseconds(100),
                      .speed = o.speed,
                      .sleep = [&](std::chrono::nanoseconds time) {
                          constexpr std::chrono::nanoseconds piece = std::chrono::milliseconds(50);
                          std::this_thread::sleep_for(std::min(time, piece));
                          if (!stop_wanted) return;
                          pacer.set_speed(0);
                          pacer.restart();
                      }});
    constexpr std::uint64_t census_every = 10; // turns: a simulated second
    constexpr std::uint64_t trips_every = 600;
    while (!stop_wanted && (turns == 0 || report.turns < turns)) {
        pacer.wait_for_next();
        if (stop_wanted) break;
        const auto began = clock_type::now();
        const auto done = simulation.turn();
        if (!done) return fail(done.error().text, 1);
        const double took = seconds_since(began);
        report.wall_s += took;
        report.turn_ms.push_back(static_cast<float>(took * 1000));
        report.messages += done->messages;
        report.turns = done->turn;
        if (report.turns % census_every == 0) {
            report.driving = simulation.driving();
            report.driving_max = std::max(report.driving_max, report.driving);
            if (shown.is_due()) shown.show(report.turns, report.driving);
        }
        if (report.turns % trips_every == 0) {
            book.take_from(simulation);
            const auto sums = book.sums().all();
            if (until_all_arrived && sums.trips + sums.given_up == simulation.people()) break;
        }
    }
    shown.close();

    book.take_from(simulation);
    const city::totals sums = simulation.sums();
    report.driving = simulation.driving();
    report.driving_max = std::max(report.driving_max, report.driving);
    report.arrived = sums.arrived;
    report.given_up = sums.given_up;
    report.mean_travel_s = sums.arrived ? sums.travel_s / static_cast<double>(sums.arrived) : 0;
    report.vehicle_updates = sums.vehicle_updates;
    report.dead_letters = simulation.system().statistics().dead_letters;
    report.busy_streets = busiest(simulation);
    report.state_hash = simulation.system().hash();

    std::printf("%s after %llu turns (%s): %llu driving, %llu trips ended, %.0f s on average\n",
                stop_wanted ? "stopped" : "done", static_cast<unsigned long long>(report.turns),
                city::clock_text(first_turn + report.turns).c_str(),
                static_cast<unsigned long long>(report.driving),
                static_cast<unsigned long long>(report.arrived), report.mean_travel_s);
    std::printf("%.0f turns/s, %.1f x real time, %.1f million vehicle updates/s, %.1f million "
                "messages/s, %u workers\n",
                report.per_second(report.turns), report.realtime_factor(),
                report.per_second(report.vehicle_updates) / 1e6,
                report.per_second(report.messages) / 1e6, report.workers);
    std::printf("state %016llx\n", static_cast<unsigned long long>(report.state_hash));
    std::fflush(stdout);

    int code = 0;
    if (!o.picture.empty()) {
        const std::string what = report.map + ": " + std::to_string(report.driving) + " of " +
                                 std::to_string(report.people) + " people on the road";
        const auto drawn =
            city::draw_picture(simulation.map(), simulation.lane_speeds(),
                               {what,
                                std::to_string(report.lanes) + " lanes, " +
                                    std::to_string(static_cast<int>(report.lane_km)) + " km; " +
                                    "at " + city::clock_text(first_turn + report.turns),
                                "made with kay"},
                               o.picture);
        if (!drawn) code = fail(drawn.error().text, 1);
    }
    if (!o.report.empty())
        if (const auto written = city::write_report(report, o.report, &book.sums()); !written)
            code = fail(written.error().text, 1);
    if (!o.trips.empty())
        if (const auto written = city::write_trips_csv(book.trips(), o.trips); !written)
            code = fail(written.error().text, 1);
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
        code = fail("standard output cannot be written", 1);
    return code;
}

} // namespace

int main(int count, char** words) {
    const auto options = city::read_options(count, words);
    if (!options) return fail(options.error().text + " (see --help)");
    if (!options->help.empty()) {
        std::printf("%s", options->help.c_str());
        return 0;
    }
    try {
        return run(*options);
    } catch (const std::bad_alloc&) {
        return fail("out of memory: try fewer people", 1);
    } catch (const std::exception& e) {
        return fail(e.what(), 1);
    }
}
