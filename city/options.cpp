// SPDX-License-Identifier: MIT
//
// The one file that sees CLI11.
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <bit>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

namespace city {
namespace {

constexpr std::uint64_t people_max = 100'000'000;
constexpr std::uint64_t turns_max = 1'000'000'000'000;

/// A whole number from `least` to `most`, written as digits and nothing else.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
    return CLI::Validator(
        [=](std::string& text) -> std::string {
            const std::string range =
                "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
            if (text.empty() || text.size() > 19 ||
                text.find_first_not_of("0123456789") != std::string::npos)
                return "must be " + range + ", not '" + text + "'";
            const std::uint64_t number = std::stoull(text);
            return number < least || number > most ? "must be " + range + ", not " + text : "";
        },
        "");
}

namespace fs = std::filesystem;

/// Whether a file can be written at a path, found out before hours of simulation.
std::string unwritable(const std::string& path) {
    std::error_code problem;
    if (fs::is_directory(path, problem)) return path + ": is a directory, not a file";
    const fs::path folder = fs::path(path).parent_path();
    if (!folder.empty() && !fs::is_directory(folder, problem))
        return path + ": there is no directory " + folder.string();
    const bool was_there = fs::exists(path, problem);
    if (!std::ofstream(path, std::ios::app)) return path + ": cannot be written";
    if (!was_there) fs::remove(path, problem);
    return "";
}

/// Whether two paths name one regular file, there already or not.
bool are_same(const std::string& a, const std::string& b) {
    std::error_code problem;
    if (a.empty() || b.empty() || (fs::exists(a, problem) && !fs::is_regular_file(a, problem)))
        return false;
    const auto whole = [&](const std::string& path) {
        return fs::weakly_canonical(fs::absolute(path, problem), problem);
    };
    return whole(a) == whole(b);
}

/// Seconds since midnight of HH:MM.
std::optional<std::uint32_t> time_of_day(const std::string& text) {
    unsigned hours = 0, minutes = 0;
    int used = 0;
    if (std::sscanf(text.c_str(), "%2u:%2u%n", &hours, &minutes, &used) != 2 ||
        static_cast<std::size_t>(used) != text.size() || text.find_first_of("+- ") < text.size() ||
        hours > 23 || minutes > 59)
        return {};
    return hours * 3600 + minutes * 60;
}

/// Of A:B, both above zero and not absurd.
bool two_numbers(const std::string& text, std::uint64_t& a, std::uint64_t& b) {
    constexpr std::uint64_t most = 100'000'000;
    unsigned long long first = 0, second = 0;
    int used = 0;
    if (text.find_first_not_of("0123456789:") < text.size() ||
        std::sscanf(text.c_str(), "%9llu:%9llu%n", &first, &second, &used) != 2 ||
        static_cast<std::size_t>(used) != text.size())
        return false;
    a = first;
    b = second;
    return a > 0 && b > 0 && a <= most && b <= std::uint64_t{86'400} * 7;
}

} // namespace

snapshot_name read_snapshot_name(const std::string& text) {
    const std::size_t at = text.rfind('@');
    std::error_code problem;
    if (at == std::string::npos || text.find('/', at) != std::string::npos ||
        fs::exists(text, problem))
        return {text, ""};
    return {text.substr(0, at), text.substr(at + 1)};
}

kay::result<options> read_options(int count, const char* const* words) {
    options o;
    std::string speed = "max", start, habits = "rush", random_demand;
    CLI::App app("A city of people who drive about, on a real map or a generated one. A turn is a "
                 "tenth of a second.",
                 "city");
    app.add_option("--map", o.map,
                   "OpenStreetMap file (.osm, .osm.gz, .osm.bz2, .osm.pbf), or metropolis: a "
                   "generated city that grows with the people, or grid: 40 x 40 crossings")
        ->type_name("FILE|metropolis|grid")
        ->capture_default_str();
    app.add_option("--people", o.people, "People in the city")
        ->type_name("N")
        ->check(whole_number(1, people_max))
        ->default_str("20000, fewer on a small map");
    app.add_option("--sleepers", o.sleepers, "So many more people, who stay at home until tomorrow")
        ->type_name("N")
        ->check(whole_number(0, people_max))
        ->capture_default_str();
    app.add_option("--turns", o.turns, "Turns to run, ten to the simulated second; 0: until Ctrl-C")
        ->type_name("N")
        ->check(whole_number(0, turns_max))
        ->capture_default_str();
    app.add_option("--until", o.until,
                   "Run to the end of this turn of the city, however many there have been")
        ->type_name("TURN")
        ->check(whole_number(1, turns_max));
    app.add_option("--seed", o.seed, "Of everything random: the same seed gives the same city")
        ->type_name("S")
        ->check(whole_number(0, 9'223'372'036'854'775'807u))
        ->capture_default_str();
    app.add_option("--workers", o.workers,
                   "Threads; 0: one for each core. Changes nothing but speed")
        ->type_name("N")
        ->check(whole_number(0, 1024))
        ->capture_default_str();
    app.add_option("--places", o.places, "Parts of the world, a power of two from 1 to 4096")
        ->type_name("N")
        ->check(whole_number(1, 4096))
        ->capture_default_str();
    app.add_option("--speed", speed, "Simulated seconds in a second, or max: as fast as it goes")
        ->type_name("X|max")
        ->capture_default_str();
    app.add_option("--start", start,
                   "Time of day when it begins; 7:30 if it is not given, with "
                   "--demand when the first one sets out")
        ->type_name("HH:MM");
    app.add_flag("--day", o.day, "A whole day: 864,000 turns");
    app.add_option(
           "--habits", habits,
           "rush: all go by car, most at the same time, to see what a city can bear; usual: "
           "as people were counted, one in twenty on the road at the peak")
        ->type_name("rush|usual")
        ->check(CLI::IsMember({"rush", "usual"}))
        ->capture_default_str();
    app.add_flag("--stress", o.stress,
                 "So many people are kept driving at once, from street to street");
    app.add_flag("--fixed-routes", o.fixed_routes,
                 "Drivers take the way that is fastest on free roads, whatever jams there are");
    app.add_option("--demand", o.demand,
                   "Trips of a CSV file or one of SUMO's (.trips.xml, .rou.xml) instead of what "
                   "residents do")
        ->type_name("FILE");
    app.add_option("--random-demand", random_demand,
                   "So many trips between random doors, within so many seconds")
        ->type_name("N:SECONDS");
    app.add_option("--trips", o.trips, "Write a table of all trips that ended")
        ->type_name("FILE.csv");
    app.add_option("--export-sumo", o.export_sumo,
                   "Write the map, and trips if there are some, for SUMO's netconvert and sumo; "
                   "nothing is run")
        ->type_name("DIRECTORY");
    app.add_option("--save", o.save,
                   "Save the city when it ends, under a name: latest, if none is given")
        ->type_name("FILE[@NAME]");
    app.add_option("--save-every", o.save_every_s,
                   "Save it every so many simulated seconds as well, under the name latest")
        ->type_name("SECONDS")
        ->check(whole_number(1, 86'400));
    app.add_option("--load", o.load,
                   "Go on with a city that was saved: the one of that name, or the last one")
        ->type_name("FILE[@NAME]");
    app.add_option("--record", o.record,
                   "Write down all that enters the city, from its first turn on, or from where it "
                   "was saved; what the file has already is replayed first")
        ->type_name("FILE");
    app.add_option("--replay-to", o.replay_to,
                   "Replay what --record has to the end of this turn only, and record nothing")
        ->type_name("TURN")
        ->check(whole_number(1, turns_max));
    app.add_flag("--headless", o.headless, "No display while it runs");
    app.add_option("--picture", o.picture, "Draw the map with its traffic at the end")
        ->type_name("FILE.png");
    app.add_option("--report", o.report, "Write the figures as JSON at the end")
        ->type_name("FILE.json");
    const auto wrong = [](const std::string& text) {
        return kay::error{kay::error_code::invalid_argument, text};
    };
    try {
        app.parse(count, words);
    } catch (const CLI::CallForHelp&) {
        o.help = app.help();
        return o;
    } catch (const CLI::ParseError& e) {
        std::string text = e.what();
        for (char& c : text)
            if (c == '\n') c = ' ';
        return wrong(text);
    }
    if (!std::has_single_bit(o.places))
        return wrong("--places: must be a power of two, such as 16, not " +
                     std::to_string(o.places));
    if (speed != "max") {
        std::size_t used = 0;
        try {
            o.speed = std::stod(speed, &used);
        } catch (const std::exception&) {
            used = 0; // no number at all
        }
        if (used != speed.size() || !std::isfinite(o.speed) || o.speed < 0.001 || o.speed > 1e6)
            return wrong("--speed: must be max, or a number from 0.001 to 1000000, not '" + speed +
                         "'");
    }
    o.start_given = app.count("--start") > 0;
    o.turns_given = app.count("--turns") > 0;
    if (o.start_given) {
        const auto time = time_of_day(start);
        if (!time)
            return wrong("--start: must be a time of day from 00:00 to 23:59, not '" + start + "'");
        o.start_s = *time;
    }
    o.usual = habits == "usual";
    if (!random_demand.empty() && !two_numbers(random_demand, o.random_trips, o.random_trips_s))
        return wrong("--random-demand: must be trips and seconds, such as 5000:3600, not '" +
                     random_demand + "'");
    if (o.day + o.turns_given + (o.until > 0) > 1)
        return wrong("--day, --turns and --until: each says how long it takes");
    if (o.day) o.until = 864'000;
    if (!o.load.empty())
        for (const char* name :
             {"--map", "--people", "--sleepers", "--seed", "--places", "--start", "--habits",
              "--stress", "--fixed-routes", "--demand", "--random-demand", "--export-sumo"})
            if (app.count(name))
                return wrong("--load and " + std::string(name) + ": the saved city has its own");
    if (o.save_every_s && o.save.empty()) return wrong("--save-every: needs --save FILE");
    if (o.replay_to && o.record.empty())
        return wrong("--replay-to: needs --record FILE, which is replayed");
    const int kinds = o.stress + !o.demand.empty() + !random_demand.empty();
    if (kinds > 1)
        return wrong("--stress, --demand and --random-demand: each says by itself who drives");
    if (app.count("--people") && (!o.demand.empty() || !random_demand.empty()))
        return wrong("--people: with a list of trips there are as many as it has");
    if (o.sleepers && kinds > 0) return wrong("--sleepers: there are some among residents only");
    for (const char* name :
         {"--map", "--picture", "--report", "--trips", "--demand", "--save", "--load", "--record"})
        if (app.count(name) && app[name]->as<std::string>().empty())
            return wrong(std::string(name) + ": needs the name of a file");
    // What is written must not be what is read, nor be written twice.
    const std::string save = read_snapshot_name(o.save).file,
                      load = read_snapshot_name(o.load).file;
    const std::pair<const char*, const std::string*> written[] = {{"--picture", &o.picture},
                                                                  {"--report", &o.report},
                                                                  {"--trips", &o.trips},
                                                                  {"--save", &save},
                                                                  {"--record", &o.record}};
    for (const auto& [name, path] : written) {
        if (path->empty()) continue;
        for (const auto& [other, its_path] : written) {
            if (other == name) break;
            if (are_same(*its_path, *path))
                return wrong(std::string(other) + " and " + name + ": are the same file");
        }
        if (are_same(*path, o.map)) return wrong(*path + ": is the map, and would be overwritten");
        if (are_same(*path, o.demand))
            return wrong(*path + ": is the demand, and would be overwritten");
        if (path != &save && are_same(*path, load))
            return wrong(*path + ": is the saved city, and would be overwritten");
        if (const std::string problem = unwritable(*path); !problem.empty()) return wrong(problem);
    }
    return o;
}

} // namespace city
