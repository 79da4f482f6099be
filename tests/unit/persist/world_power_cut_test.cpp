// SPDX-License-Identifier: MIT
//
// Power cuts while whole worlds are saved, loaded, and saved again by what has changed: whatever
// became of the writes since the last sync, every snapshot whose save had succeeded is there.
#include "rookery.hpp"

#include <map>

namespace {

using namespace kay::test;
using namespace rookery;

struct outcome {
    std::uint64_t cuts = 0;
    std::uint64_t old = 0; ///< cuts in a save after which it was not there
    std::uint64_t lost = 0;
    std::string first_problem;
};

/// The hash of a snapshot; nothing: there is none, or it cannot be read.
std::optional<std::uint64_t> hash_of(kay::world_file& file, const std::string& name) {
    auto loaded = load(file, name, {.workers = 1, .verify = true});
    if (!loaded) return {};
    return loaded->hash();
}

outcome run(std::uint64_t seed, std::uint64_t cuts, bool lies) {
    outcome seen;
    kay::random_stream random(seed, 0x77637574, 0);
    simulated_disk disk;
    disk.lies_about_syncs = lies;
    std::optional<kay::actor_system> system(make(30, 40, 2));
    const acquaintances known(*system);
    std::map<std::string, std::uint64_t> saved;
    std::optional<kay::world_file> file;
    const auto lose = [&](const std::string& what) {
        ++seen.lost;
        seen.first_problem = what;
        return seen;
    };
    const char* const names[] = {"autosave", "noon", "evening"};
    while (seen.cuts < cuts) {
        const std::string name = names[kay::uniform_int(random, 0, 2)];
        if (kay::bernoulli(random, 0.8))
            disk.cut_power_quietly_after(kay::uniform_int(random, 0u, 20u));
        bool done = false;
        std::uint64_t hash = 0;
        if (!file)
            if (auto opened = open(disk)) file.emplace(std::move(*opened));
        if (file) {
            send(*system, known);
            const bool is_there = static_cast<bool>(system->turn()); // it may have to be read
            hash = system->hash();
            done = is_there && file->start_save(*system, name);
            if (done && kay::bernoulli(random, 0.5)) {
                send(*system, known);
                static_cast<void>(system->turn());
            }
            done = done && file->finish_save();
        }
        if (done) {
            saved[name] = hash;
            continue;
        }
        ++seen.cuts;
        file.reset();
        disk.restore_power(random);
        auto opened = open(disk);
        if (!opened) return lose("opening: " + opened.error().text);
        file.emplace(std::move(*opened));
        for (const auto& [which, right] : saved) {
            const auto found = hash_of(*file, which);
            if (found == right || (which == name && found == hash)) continue;
            return lose("snapshot " + which + " is lost");
        }
        if (hash != 0) {
            const auto found = hash_of(*file, name);
            seen.old += found != hash;
            if (found) saved[name] = *found;
        }
        // The program is another one, and goes on from some snapshot; or from nothing.
        const auto list = file->list();
        if (list.empty() || system->turn_number() > 400) {
            system.emplace(make(30, 40, 2));
            continue;
        }
        const auto& from = list[kay::uniform_int(random, std::size_t{0}, list.size() - 1)];
        auto loaded = load(*file, from.name, {.workers = 1});
        if (!loaded) return lose("loading: " + loaded.error().text);
        system.emplace(std::move(*loaded));
    }
    return seen;
}

class world_power_cuts : public ::testing::Test {
protected:
    world_power_cuts() { kay::set_log_level(kay::log_level::off); }
    ~world_power_cuts() override { kay::set_log_level(kay::log_level::warning); }
};

/// A tenth of the cuts that the files below have to bear: a world takes longer.
TEST_F(world_power_cuts, lose_no_snapshot_that_was_saved) {
    outcome all;
    constexpr std::uint64_t each = 40;
    for (std::uint64_t seed = 1; all.cuts < cuts_wanted() / 10; ++seed) {
        const outcome one = run(seed, each, false);
        all.cuts += one.cuts;
        all.old += one.old;
        ASSERT_EQ(one.lost, 0u) << "seed " << seed << ": " << one.first_problem;
    }
    EXPECT_GT(all.old, all.cuts / 4);
    EXPECT_LT(all.old, all.cuts);
}

TEST_F(world_power_cuts, a_disk_that_lies_about_syncs_is_caught) {
    std::uint64_t lost = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) lost += run(seed, 20, true).lost;
    EXPECT_GT(lost, 5u);
}

} // namespace
