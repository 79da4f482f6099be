// SPDX-License-Identifier: MIT
//
// The city: reads or makes a map, lets people drive on it, and says what happened.
#include "demand/sumo_export.hpp"
#include "display.hpp"
#include "history.hpp"
#include "map/picture.hpp"
#include "options.hpp"
#include "report.hpp"
#include "scene.hpp"
#include "simulation.hpp"
#include "trips.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
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

int fail(std::string text, int code = 2) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' '; // one line, whatever a file is called
    std::fprintf(stderr, "city: %s\n", text.c_str());
    return code;
}

using ull = unsigned long long;

/// The turn of the city at whose end it stops; zero: none.
std::uint64_t last_turn(const city::simulation& s, const city::options& o) {
    if (o.until > 0) return o.until;
    if (o.replay_to > 0 && !o.turns_given) return o.replay_to;
    const bool ends_with_the_list = s.kind() == city::life::listed && !o.turns_given;
    return o.turns == 0 || ends_with_the_list ? 0 : s.system().turn_number() + o.turns;
}

/// Turn by turn until it is over or somebody wants it to stop; fills the report and the trips.
kay::result<void> drive(city::simulation& simulation, const city::options& o,
                        city::history& history, std::vector<city::trip>& trips,
                        city::report& report) {
    constexpr std::uint64_t census_every = 10; // turns: a simulated second
    const auto take_trips = [&] {
        for (const city::trip_record& t : simulation.take_trips())
            if (!o.trips.empty())
                trips.push_back(city::trip_of(t, simulation.map(), report.start_s));
    };
    std::uint64_t last = 0;
    /// Of a city that has had its first turn. What is replayed was no turn of this run.
    const auto begin_history = [&]() -> kay::result<void> {
        const std::uint64_t turn = simulation.system().turn_number();
        if (auto begun = history.begin(simulation); !begun) return begun;
        if (simulation.system().turn_number() != turn) last = last_turn(simulation, o);
        report.turns = simulation.system().turn_number();
        report.vehicle_updates_before = simulation.sums().vehicle_updates;
        return {};
    };
    last = last_turn(simulation, o);
    bool has_history = simulation.system().turn_number() > 0;
    if (has_history)
        if (auto begun = begin_history(); !begun) return begun;
    city::display shown(!o.headless, last, report.first_turn());
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
    while (!stop_wanted && (last == 0 || report.turns < last)) {
        pacer.wait_for_next();
        if (stop_wanted) break;
        const auto began = clock_type::now();
        const auto done = simulation.turn();
        if (!done) return done.error();
        if (has_history) history.after_turn(simulation);
        const double took = seconds_since(began);
        report.wall_s += took;
        report.turn_ms.push_back(static_cast<float>(took * 1000));
        report.messages += done->messages;
        report.turns = done->turn;
        ++report.turns_run;
        if (!has_history) { // it begins with what there is after the first turn
            has_history = true;
            if (auto begun = begin_history(); !begun) return begun;
        }
        if (report.turns % census_every == 0) {
            report.driving = simulation.driving();
            report.driving_max = std::max(report.driving_max, report.driving);
            if (shown.is_due()) shown.show(report.turns, report.driving, history.share_saved());
        }
        if (report.turns % city::trips_kept_turns == 0) {
            take_trips();
            if (last > 0 || simulation.kind() != city::life::listed) continue;
            const city::totals sums = simulation.sums();
            if (sums.arrived + sums.given_up == simulation.people()) break;
        }
    }
    take_trips();
    return {};
}

/// What is known before it begins, and what is known in the end.
void describe(const city::simulation& simulation, city::report& report) {
    report.map = simulation.name();
    report.people = simulation.people();
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
                report.per_second(report.turns_run), report.realtime_factor(),
                report.per_second(report.vehicle_updates - report.vehicle_updates_before) / 1e6,
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
                const std::vector<city::trip>& trips, const city::options& o) {
    int code = 0;
    const auto check = [&](const kay::result<void>& written) {
        if (!written) code = fail(written.error().text, 1);
    };
    if (!o.picture.empty()) check(draw(simulation, report, o.picture));
    const city::flows sums = simulation.trip_sums();
    if (!o.report.empty()) check(city::write_report(report, o.report, &sums));
    if (!o.trips.empty()) check(city::write_trips_csv(trips, o.trips));
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
        code = fail("standard output cannot be written", 1);
    return code;
}

using made_city = std::unique_ptr<city::simulation>;

/// A new one, as the command line says.
kay::result<made_city> make_city(const city::options& o) {
    auto scene = city::load_scene(o);
    if (!scene) return scene.error();
    const city::simulation_options setup = city::setup_of(*scene, o);
    auto made = std::make_unique<city::simulation>(std::move(scene->map), setup);
    city::add_trips(*made, scene->trips, o.seed);
    return made;
}

int export_for_sumo(const city::options& o) {
    const auto scene = city::load_scene(o);
    if (!scene) return fail(scene.error().text);
    const auto written = city::write_sumo_scene(scene->map, scene->trips, o.export_sumo);
    if (!written) return fail(written.error().text, 1);
    std::printf("written for SUMO: %s\n", o.export_sumo.c_str());
    return 0;
}

int run(const city::options& o) {
    if (!o.export_sumo.empty()) return export_for_sumo(o);
    city::history history(o);
    if (const auto opened = history.open(); !opened) return fail(opened.error().text);
    const auto began = clock_type::now();
    auto made = o.load.empty() ? make_city(o) : history.load();
    if (!made) return fail(made.error().text);
    city::simulation& simulation = **made;
    const double took = seconds_since(began);
    city::report report;
    if (!o.load.empty()) report.load_ms = took * 1000;
    describe(simulation, report);
    std::signal(SIGINT, want_stop);
    std::signal(SIGTERM, want_stop);
    std::printf("  %llu crossings, %llu lanes, %.1f km of them; %llu people; %s in %.1f s\n",
                static_cast<ull>(report.intersections), static_cast<ull>(report.lanes),
                report.lane_km, static_cast<ull>(report.people), o.load.empty() ? "made" : "loaded",
                took);
    std::fflush(stdout);

    std::vector<city::trip> trips;
    if (const auto driven = drive(simulation, o, history, trips, report); !driven)
        return fail(driven.error().text, 1);
    const auto ended = history.end(simulation);
    if (!o.save.empty()) report.snapshot = history.saved();
    sum_up(simulation, report);
    tell(report);
    const int code = write_files(simulation, report, trips, o);
    return ended ? code : fail(ended.error().text, 1);
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
