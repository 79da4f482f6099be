// SPDX-License-Identifier: MIT
//
// The city: reads or makes a map, lets people drive on it, and says what happened.
#include "demand/sumo_export.hpp"
#include "display.hpp"
#include "map/picture.hpp"
#include "options.hpp"
#include "report.hpp"
#include "scene.hpp"
#include "simulation.hpp"
#include "trip_book.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <thread>

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

int fail(std::string text, int code = 2) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' '; // one line, whatever a file is called
    std::fprintf(stderr, "city: %s\n", text.c_str());
    return code;
}

using ull = unsigned long long;

/// Turn by turn until it is over or somebody wants it to stop; fills the report and the book.
kay::result<void> drive(city::simulation& simulation, const city::options& o, bool is_listed,
                        city::trip_book& book, city::report& report) {
    constexpr std::uint64_t census_every = 10; // turns: a simulated second
    constexpr std::uint64_t trips_every = 600;
    // A list of trips is run to its end, if nobody says otherwise.
    const bool until_all_arrived = is_listed && !o.turns_given && !o.day;
    const std::uint64_t turns = until_all_arrived ? 0 : o.turns;
    city::display shown(!o.headless, turns, report.first_turn());
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
    while (!stop_wanted && (turns == 0 || report.turns < turns)) {
        pacer.wait_for_next();
        if (stop_wanted) break;
        const auto began = clock_type::now();
        const auto done = simulation.turn();
        if (!done) return done.error();
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
    book.take_from(simulation);
    return {};
}

/// What is known before it begins, and what is known in the end.
void describe(const city::simulation& simulation, city::report& report) {
    report.start_s = simulation.start_s();
    report.workers = simulation.system().workers();
    report.places = simulation.system().places();
    report.lanes = simulation.map().lanes();
    report.lane_km = simulation.map().lane_km();
    report.intersections = simulation.map().intersections.size();
}
void sum_up(city::simulation& simulation, city::report& report) {
    const city::totals sums = simulation.sums();
    report.driving = simulation.driving();
    report.driving_max = std::max(report.driving_max, report.driving);
    report.arrived = sums.arrived;
    report.given_up = sums.given_up;
    report.mean_travel_s = sums.arrived ? sums.travel_s / static_cast<double>(sums.arrived) : 0;
    report.vehicle_updates = sums.vehicle_updates;
    report.dead_letters = simulation.system().statistics().dead_letters;
    report.busy_streets = city::busiest_streets(simulation);
    report.state_hash = simulation.system().hash();
}

void tell(const city::report& report) {
    std::printf("%s after %llu turns (%s): %llu driving, %llu trips ended, %.0f s on average\n",
                stop_wanted ? "stopped" : "done", static_cast<ull>(report.turns),
                city::clock_text(report.first_turn() + report.turns).c_str(),
                static_cast<ull>(report.driving), static_cast<ull>(report.arrived),
                report.mean_travel_s);
    if (!report.busy_streets.empty()) {
        const city::busy_street& most = report.busy_streets.front();
        std::printf("busiest street: %s, %llu cars\n",
                    (most.name.empty() ? most.kind : most.name).c_str(),
                    static_cast<ull>(most.cars));
    }
    std::printf("%.0f turns/s, %.1f x real time, %.1f million vehicle updates/s, %.1f million "
                "messages/s, %u workers\n",
                report.per_second(report.turns), report.realtime_factor(),
                report.per_second(report.vehicle_updates) / 1e6,
                report.per_second(report.messages) / 1e6, report.workers);
    std::printf("state %016llx\n", static_cast<ull>(report.state_hash));
    std::fflush(stdout);
}

kay::result<void> draw(const city::simulation& simulation, const city::report& report,
                       const std::string& file) {
    const std::string what = report.map + ": " + std::to_string(report.driving) + " of " +
                             std::to_string(report.people) + " people on the road";
    return city::draw_picture(simulation.map(), simulation.lane_speeds(),
                              {what,
                               std::to_string(report.lanes) + " lanes, " +
                                   std::to_string(static_cast<int>(report.lane_km)) + " km; at " +
                                   city::clock_text(report.first_turn() + report.turns),
                               "made with kay"},
                              file);
}

/// All files that were asked for, even if one of them cannot be written.
int write_files(const city::simulation& simulation, const city::report& report,
                const city::trip_book& book, const city::options& o) {
    int code = 0;
    const auto check = [&](const kay::result<void>& written) {
        if (!written) code = fail(written.error().text, 1);
    };
    if (!o.picture.empty()) check(draw(simulation, report, o.picture));
    if (!o.report.empty()) check(city::write_report(report, o.report, &book.sums()));
    if (!o.trips.empty()) check(city::write_trips_csv(book.trips(), o.trips));
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
        code = fail("standard output cannot be written", 1);
    return code;
}

int run(const city::options& o) {
    auto scene = city::load_scene(o);
    if (!scene) return fail(scene.error().text);
    if (!o.export_sumo.empty()) {
        const auto written = city::write_sumo_scene(scene->map, scene->trips, o.export_sumo);
        if (!written) return fail(written.error().text, 1);
        std::printf("written for SUMO: %s\n", o.export_sumo.c_str());
        return 0;
    }
    const auto began = clock_type::now();
    const city::simulation_options setup = city::setup_of(*scene, o);
    city::simulation simulation(std::move(scene->map), setup);
    city::add_trips(simulation, scene->trips, o.seed);
    city::trip_book book(!o.trips.empty());
    city::report report;
    report.map = scene->name;
    report.people = setup.people + setup.sleepers;
    describe(simulation, report);
    std::signal(SIGINT, want_stop);
    std::signal(SIGTERM, want_stop);
    std::printf("  %llu crossings, %llu lanes, %.1f km of them; %llu people; made in %.1f s\n",
                static_cast<ull>(report.intersections), static_cast<ull>(report.lanes),
                report.lane_km, static_cast<ull>(report.people), seconds_since(began));
    std::fflush(stdout);

    if (const auto driven = drive(simulation, o, scene->is_listed, book, report); !driven)
        return fail(driven.error().text, 1);
    sum_up(simulation, report);
    tell(report);
    return write_files(simulation, report, book, o);
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
