// SPDX-License-Identifier: MIT
//
// Saving again and again, and coming back from what there is.
#include "herd_world.hpp"

#include <fstream>
#include <vector>

namespace {

using namespace world_file_test;

class recovery : public in_file {
protected:
    recovery() { std::filesystem::remove(log_path_); }
    ~recovery() override { std::filesystem::remove(log_path_); }

    std::string log_path_ = path_ + ".log";
};

TEST_F(recovery, autosave_saves_every_so_many_turns_while_the_world_goes_on) {
    auto file = open();
    auto system = make_herd(2);
    kay::autosave autosave(file, "latest", kay::turns{10});
    int saved = 0;
    for (int turn = 0; turn < 100; ++turn) {
        graze(system);
        if (const auto ended = autosave.after_turn(system)) {
            ASSERT_TRUE(*ended) << ended->error().text;
            EXPECT_GT((*ended)->bytes_written, 0u);
            ++saved;
        }
        if (turn == 50) // on a slow disk the first one may take all the time
            if (const auto ended = autosave.finish()) saved += bool(*ended);
    }
    if (const auto ended = autosave.finish()) saved += bool(*ended);
    EXPECT_FALSE(autosave.finish());
    EXPECT_GE(saved, 2);
    EXPECT_LE(saved, 10);
    const auto all = file.list();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].name, "latest");
    EXPECT_GE(all[0].turn, 20u);
}

TEST_F(recovery, autosave_says_what_failed_and_tries_again) {
    auto system = make_herd(1);
    { static_cast<void>(open()); }
    auto file = kay::world_file::open_to_read(path_);
    ASSERT_TRUE(file) << file.error().text;
    kay::autosave autosave(*file, "latest", kay::turns{5});
    int failed = 0;
    for (int turn = 0; turn < 20; ++turn) {
        graze(system);
        if (const auto ended = autosave.after_turn(system)) failed += !*ended;
    }
    EXPECT_EQ(failed, 4);
}

TEST_F(recovery, a_world_comes_back_from_its_newest_snapshot_and_its_log) {
    std::vector<std::uint64_t> hashes{0};
    {
        auto file = open();
        auto system = make_herd(2);
        hashes.push_back(graze(system));
        auto log = kay::input_log::record(system, log_path_);
        ASSERT_TRUE(log) << log.error().text;
        for (int turn = 2; turn <= 40; ++turn) {
            hashes.push_back(graze(system));
            if (turn % 20 == 10) {
                ASSERT_TRUE(file.save(system, turn == 10 ? "early" : "late"));
            }
        }
        ASSERT_TRUE(log->stop());
    }
    auto file = open();
    auto back = kay::recover<Cow, Herd>(file, log_path_, {.workers = 3});
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->snapshot, "late");
    EXPECT_EQ(back->replayed.turn, 40u);
    EXPECT_EQ(back->system.hash(), hashes[40]);
    EXPECT_TRUE(back->given_up.empty());
    // It goes on being recorded, and comes back once more.
    auto log = kay::input_log::record(back->system, log_path_);
    ASSERT_TRUE(log) << log.error().text;
    const std::uint64_t next = graze(back->system);
    ASSERT_TRUE(log->stop());
    auto again = kay::recover<Cow, Herd>(file, log_path_);
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->system.turn_number(), 41u);
    EXPECT_EQ(again->system.hash(), next);
}

TEST_F(recovery, a_damaged_snapshot_is_passed_over_for_the_one_before) {
    std::uint64_t right = 0;
    std::uintmax_t size_before = 0;
    {
        auto file = open();
        auto system = make_herd(2);
        graze(system);
        auto log = kay::input_log::record(system, log_path_);
        ASSERT_TRUE(log) << log.error().text;
        for (int turn = 2; turn <= 40; ++turn) {
            right = graze(system);
            if (turn == 10) {
                ASSERT_TRUE(file.save(system, "early"));
                size_before = std::filesystem::file_size(path_);
            }
            if (turn == 30) {
                ASSERT_TRUE(file.save(system, "late"));
            }
        }
        ASSERT_TRUE(log->stop());
    }
    // Pages that only the later one has.
    std::fstream bytes(path_, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(size_before + 100));
    bytes.put('\x5a');
    bytes.close();
    auto file = open();
    auto back = kay::recover<Cow, Herd>(file, log_path_);
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->snapshot, "early");
    ASSERT_EQ(back->given_up.size(), 1u);
    EXPECT_NE(back->given_up[0].text.find("'late'"), std::string::npos) << back->given_up[0].text;
    EXPECT_EQ(back->system.hash(), right);
}

TEST_F(recovery, a_recording_that_ends_in_the_middle_of_a_turn_is_replayed_up_to_there) {
    const auto make = [] {
        kay::actor_system system{{.places = 2, .seed = 4, .rounds_max = 50}};
        system.add<Cow, Herd>();
        return system;
    };
    std::uint64_t hash = 0;
    {
        auto system = make();
        auto log = kay::input_log::record(system, log_path_);
        ASSERT_TRUE(log) << log.error().text;
        Cow cow; // whose prices are nobody's: it fails when it grazes
        const auto id = system.spawn(std::move(cow));
        ASSERT_TRUE(system.turn());
        system.send(id, Graze{1});
        ASSERT_FALSE(system.turn());
        hash = system.hash();
        ASSERT_TRUE(log->stop());
    }
    auto system = make();
    const auto done = kay::input_log::replay(system, log_path_);
    ASSERT_TRUE(done) << done.error().text;
    EXPECT_TRUE(done->stopped);
    EXPECT_EQ(done->turn, 2u);
    EXPECT_EQ(system.hash(), hash);
}

TEST_F(recovery, without_a_log_or_without_a_snapshot) {
    auto file = open();
    EXPECT_FALSE((kay::recover<Cow, Herd>(file, log_path_)));
    auto system = make_herd(1);
    const std::uint64_t hash = graze(system);
    ASSERT_TRUE(file.save(system, "only"));
    auto back = kay::recover<Cow, Herd>(file, log_path_);
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->system.hash(), hash);
    EXPECT_EQ(back->replayed.steps, 0u);
}

TEST_F(recovery, a_snapshot_is_never_ahead_of_the_log) {
    auto file = open();
    auto system = make_herd(2);
    graze(system);
    auto log = kay::input_log::record(system, log_path_, {.quiet_interval = std::chrono::hours(1)});
    ASSERT_TRUE(log) << log.error().text;
    for (int turn = 0; turn < 5; ++turn) graze(system);
    ASSERT_TRUE(file.save(system, "now"));
    EXPECT_GE(log->acknowledged_turn(), 6u);
}

} // namespace
