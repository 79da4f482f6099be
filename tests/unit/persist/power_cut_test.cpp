// SPDX-License-Identifier: MIT
//
// Power cuts at every moment of random saves: whatever of the writes since the last sync got
// through, in whatever order, what had been saved is there when the power is back.
#include "page_file_model.hpp"
#include "simulated_disk.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

using namespace kay::test;
using kay::random_stream;
using kay::detail::page_file;

struct outcome {
    std::uint64_t cuts = 0;
    std::uint64_t old = 0;  ///< cuts in a save after which the file was as before it
    std::uint64_t lost = 0; ///< snapshots that were saved, and are not there or not right
    std::string first_problem;
};

/// Saves and removals one after the other, with a power cut in most of them.
outcome run(std::uint64_t seed, std::uint64_t cuts, bool lies) {
    outcome seen;
    random_stream random(seed, 0x637574, 0);
    simulated_disk disk;
    disk.lies_about_syncs = lies;
    model_file saved;
    auto file = page_file::open(disk.open(), true);
    if (!file) return seen;
    const char* const names[] = {"autosave", "noon", "evening"};
    while (seen.cuts < cuts) {
        model_file next = saved;
        const std::string name = names[kay::uniform_int(random, 0, 2)];
        const std::string base = names[kay::uniform_int(random, 0, 2)];
        const bool removes = kay::bernoulli(random, 0.1);
        if (removes) {
            next.erase(name);
        } else {
            next[name] = saved[base];
            change(next[name], random);
            if (saved[base].empty()) saved.erase(base);
        }
        if (kay::bernoulli(random, 0.8)) disk.cut_power_after(kay::uniform_int(random, 0u, 16u));
        bool done = false;
        try {
            const auto saves =
                removes ? remove(**file, name) : save(**file, name, next[name], base, saved[base]);
            if (!removes && saved[base].empty()) saved.erase(base);
            done = static_cast<bool>(saves);
            if (!done) {
                ++seen.lost;
                seen.first_problem = saves.error().text;
            }
        } catch (const power_cut&) {
            ++seen.cuts;
            if (!removes && saved[base].empty()) saved.erase(base);
            (*file).reset();
            disk.restore_power(random);
            file = page_file::open(disk.open(), false);
            const auto as_next = file ? check(**file, next) : kay::result<void>(file.error());
            if (as_next) {
                saved = next;
                continue;
            }
            if (file && check(**file, saved)) {
                ++seen.old;
                continue;
            }
            ++seen.lost;
            if (seen.first_problem.empty()) seen.first_problem = as_next.error().text;
            return seen;
        }
        if (done) saved = next;
        disk.cut_power_after(~0ull);
    }
    return seen;
}

TEST(power_cuts, lose_nothing_that_was_saved) {
    outcome all;
    constexpr std::uint64_t each = 100;
    for (std::uint64_t seed = 1; all.cuts < cuts_wanted(); ++seed) {
        const outcome one = run(seed, each, false);
        all.cuts += one.cuts;
        all.old += one.old;
        ASSERT_EQ(one.lost, 0u) << "seed " << seed << ": " << one.first_problem;
    }
    EXPECT_GT(all.old, all.cuts / 4);
    EXPECT_LT(all.old, all.cuts);
}

TEST(power_cuts, a_disk_that_lies_about_syncs_is_caught) {
    std::uint64_t lost = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) lost += run(seed, 100, true).lost;
    EXPECT_GT(lost, 10u);
}

} // namespace
