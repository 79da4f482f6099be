// SPDX-License-Identifier: MIT
//
// Power cuts at every moment of a log's life: whatever of the writes since the last sync got
// through, in whatever order, what was acknowledged is there when the power is back, and the log
// goes on.
#include "simulated_disk.hpp"

#include "../../../src/persist/log_file.hpp"

#include <kay/core/distributions.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace kay::test;
using kay::random_stream;
using kay::detail::frame_kind;
using kay::detail::log_file;

struct outcome {
    std::uint64_t cuts = 0;
    std::uint64_t further = 0; ///< cuts after which more was there than had been acknowledged
    std::uint64_t lost = 0;    ///< logs that had lost a turn, or were taken for damaged
    std::string first_problem;
};

/// Of a turn: says which one it is, and is as long as its number wants.
std::vector<std::byte> record_of(std::uint64_t turn, std::uint64_t attempt) {
    random_stream random(turn, attempt, 0);
    std::vector<std::byte> all(kay::uniform_int(random, 16u, 1600u));
    for (std::size_t at = 0; at < all.size(); at += sizeof(std::uint64_t)) {
        const std::uint64_t next = random();
        std::memcpy(all.data() + at, &next, std::min(sizeof next, all.size() - at));
    }
    return all;
}

/// A world that records its turns, loses its power, and goes on from what its log has.
outcome run(std::uint64_t seed, std::uint64_t cuts, bool lies) {
    outcome seen;
    random_stream random(seed, 0x6c637574, 0);
    simulated_disk disk;
    disk.lies_about_syncs = lies;
    std::vector<std::vector<std::byte>> turns; ///< those that were recorded, by number less one
    std::uint64_t acknowledged = 0;
    const auto lose = [&](const std::string& what) {
        ++seen.lost;
        if (seen.first_problem.empty()) seen.first_problem = what;
    };
    while (seen.cuts < cuts && seen.lost == 0) {
        try {
            disk.cut_power_after(kay::uniform_int(random, 0u, 30u));
            std::unique_ptr<log_file> file;
            if (*log_file::is_unused(*disk.open())) {
                if (acknowledged > 0) return lose("the log is gone"), seen;
                turns.clear();
                file = std::move(*log_file::make(disk.open(), {4, 1, 1, 0}));
            } else {
                auto opened = log_file::open(disk.open());
                if (!opened) return lose(opened.error().text), seen;
                file = std::move(*opened);
                std::uint64_t turn = 0;
                for (;;) {
                    const auto frame = file->read_next();
                    if (!frame) return lose(frame.error().text), seen;
                    if (!*frame) break;
                    if ((*frame)->kind != frame_kind::step) continue;
                    if ((*frame)->turn != ++turn || turn > turns.size() ||
                        !std::ranges::equal((*frame)->payload, turns[turn - 1]))
                        return lose("turn " + std::to_string(turn) + " is another one"), seen;
                }
                if (turn < acknowledged)
                    return lose("acknowledged to turn " + std::to_string(acknowledged) +
                                ", there to turn " + std::to_string(turn)),
                           seen;
                if (turn > acknowledged) ++seen.further;
                turns.resize(turn);
            }
            if (!file->begin_session()) return lose("no session"), seen;
            acknowledged = turns.size(); // it was read, and begin_session made it durable
            file->put(frame_kind::session, turns.size(), record_of(turns.size(), seen.cuts));
            for (;;) {
                for (auto batch = kay::uniform_int(random, 0, 4); batch > 0; --batch) {
                    turns.push_back(record_of(turns.size() + 1, seen.cuts));
                    file->put(frame_kind::step, turns.size(), turns.back());
                }
                if (!file->sync()) return lose("a sync failed"), seen;
                acknowledged = turns.size();
            }
        } catch (const power_cut&) {
            ++seen.cuts;
            disk.restore_power(random);
        }
        disk.cut_power_after(~0ull);
    }
    return seen;
}

TEST(log_power_cuts, lose_no_acknowledged_turn) {
    outcome all;
    constexpr std::uint64_t each = 50;
    for (std::uint64_t seed = 1; all.cuts < cuts_wanted(); ++seed) {
        const outcome one = run(seed, each, false);
        all.cuts += one.cuts;
        all.further += one.further;
        ASSERT_EQ(one.lost, 0u) << "seed " << seed << ": " << one.first_problem;
    }
    EXPECT_GT(all.further, all.cuts / 20);
    EXPECT_LT(all.further, all.cuts);
}

TEST(log_power_cuts, a_disk_that_lies_about_syncs_is_caught) {
    std::uint64_t lost = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) lost += run(seed, 50, true).lost;
    EXPECT_GT(lost, 10u);
}

} // namespace
