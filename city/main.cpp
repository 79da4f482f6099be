// SPDX-License-Identifier: MIT
//
// The city: reads or makes a map, lets people drive on it, and says what happened.
#include "display.hpp"
#include "map/metropolis.hpp"
#include "map/osm.hpp"
#include "map/picture.hpp"
#include "options.hpp"
#include "report.hpp"
#include "simulation.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
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

/// As many as drive on a map without a jam, and no more than a first look needs.
std::uint64_t people_for(const city::road_map& map) {
    constexpr double people_max = 20'000, people_in_km = 50; // of lane
    return static_cast<std::uint64_t>(std::clamp(map.lane_km() * people_in_km, 100.0, people_max));
}

kay::result<city::road_map> load_map(const city::options& o) {
    if (o.map == "metropolis") return city::make_metropolis(o.people ? o.people : 20'000, o.seed);
    auto read = city::read_osm(o.map);
    if (!read) return read.error();
    for (const std::string& line : read->lines) std::printf("  %s\n", line.c_str());
    return std::move(read->map);
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

    const auto built = clock_type::now();
    const std::uint64_t people = o.people ? o.people : people_for(*map);
    city::simulation simulation(std::move(*map), {people, o.seed, o.workers, o.places});
    city::report report;
    report.map = o.map == "metropolis" ? o.map : std::filesystem::path(o.map).filename().string();
    report.people = people;
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

    city::display shown(!o.headless, o.turns);
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
    while (!stop_wanted && (o.turns == 0 || report.turns < o.turns)) {
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
    }
    shown.close();

    const city::totals sums = simulation.sums();
    report.driving = simulation.driving();
    report.driving_max = std::max(report.driving_max, report.driving);
    report.arrived = sums.arrived;
    report.given_up = sums.given_up;
    report.mean_travel_s = sums.arrived ? sums.travel_s / static_cast<double>(sums.arrived) : 0;
    report.vehicle_updates = sums.vehicle_updates;
    report.dead_letters = simulation.system().statistics().dead_letters;
    report.state_hash = simulation.system().hash();

    std::printf("%s after %llu turns (%s): %llu driving, %llu trips ended, %.0f s on average\n",
                stop_wanted ? "stopped" : "done", static_cast<unsigned long long>(report.turns),
                city::clock_text(report.turns).c_str(),
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
                                    city::clock_text(report.turns) + " after the start",
                                "made with kay"},
                               o.picture);
        if (!drawn) code = fail(drawn.error().text, 1);
    }
    if (!o.report.empty())
        if (const auto written = city::write_report(report, o.report); !written)
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
