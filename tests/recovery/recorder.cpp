// SPDX-License-Identifier: MIT
//
// A world that is recorded under load until it is killed:  recorder FOLDER SEED WORKERS
// ACKNOWLEDGED First it brings back what an earlier one left in the folder, from the newest
// snapshot and the log, and compares it with a world that was never interrupted: no turn may be
// missing that had been acknowledged. Then it goes on, and prints each turn that is acknowledged.
#include "../unit/persist/recorded_world.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include <unistd.h>

namespace {

using namespace recorded;

[[noreturn]] void fail(const std::string& what) {
    std::printf("FAILED: %s\n", what.c_str());
    std::exit(1);
}

/// At once, so that a kill loses no line that was printed.
void say(const std::string& line) {
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::exit(1);
}

kay::actor_system make_world(std::uint64_t seed, std::uint32_t workers) {
    kay::actor_system system{options_for(seed, workers)};
    driver::add_types(system);
    return system;
}

/// From the newest snapshot, or from nothing.
kay::actor_system load(kay::world_file& file, const driver& outside, std::uint64_t seed,
                       std::uint32_t workers) {
    const auto saved = file.list();
    if (saved.empty()) return make_world(seed, workers);
    const kay::saved_world& newest = saved.back();
    const kay::load_options options{.workers = workers};
    auto loaded = outside.has_late_types(newest.turn)
                      ? file.load<Cow, Goat, Herd, Ape, Fair>(newest.name, options)
                      : file.load<Cow, Goat, Herd>(newest.name, options);
    if (!loaded) fail("loading: " + loaded.error().text);
    return std::move(*loaded);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 5) fail("recorder FOLDER SEED WORKERS ACKNOWLEDGED");
    const std::filesystem::path folder = arguments[1];
    const std::uint64_t seed = std::strtoull(arguments[2], nullptr, 10);
    const auto workers = static_cast<std::uint32_t>(std::strtoul(arguments[3], nullptr, 10));
    const std::uint64_t acknowledged = std::strtoull(arguments[4], nullptr, 10);
    const std::string log_path = (folder / "world.log").string();
    kay::set_log_level(kay::log_level::off);

    const std::string file_path = (folder / "world.kay").string();
    auto file = kay::world_file::open(file_path);
    if (!file) fail("opening: " + file.error().text);
    driver outside(seed, false);
    kay::actor_system system = load(*file, outside, seed, workers);
    if (std::filesystem::exists(log_path) &&
        std::filesystem::file_size(log_path) > 1024) { // it has more than its header
        const auto back = kay::input_log::replay<Ape, Fair>(system, log_path);
        if (!back) fail("replaying: " + back.error().text);
        if (back->stopped) fail("a turn has stopped: " + back->stopped->text);
    }
    std::uint64_t turn = system.turn_number();
    say("recovered " + std::to_string(turn) + "\n");
    if (turn < acknowledged)
        fail("turn " + std::to_string(acknowledged) + " was acknowledged, and turn " +
             std::to_string(turn) + " is the last");

    auto straight = make_world(seed, 1);
    std::uint64_t hash = straight.hash();
    while (straight.turn_number() < turn) {
        outside.keep(straight);
        outside.send(straight);
        hash = outside.turn(straight);
    }
    if (system.hash() != hash) fail("turn " + std::to_string(turn) + " is another one");
    outside.leave_system();

    auto log =
        kay::input_log::record(system, log_path, {.quiet_interval = std::chrono::milliseconds(2)});
    if (!log) fail("recording: " + log.error().text);
    say("goes on\n");
    std::uint64_t told = 0;
    for (;;) {
        outside.keep(system);
        outside.send(system);
        outside.turn(system);
        ++turn;
        if (const std::uint64_t now = log->acknowledged_turn(); now > told) {
            told = now;
            say("acknowledged " + std::to_string(now) + "\n");
        }
        if (log->problem()) fail("recording: " + log->problem()->text);
        if (turn % 40 == seed % 40) {
            if (auto durable = log->sync(); !durable) fail(durable.error().text);
            static_cast<void>(file->save(system, "autosave")); // not while messages wait
        }
    }
}
