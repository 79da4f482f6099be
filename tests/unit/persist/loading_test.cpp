// SPDX-License-Identifier: MIT
//
// Loaded worlds, whose pages are read when they are needed.
#include "herd_world.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace world_file_test;

class loading : public in_file {
protected:
    /// A herd of many pages, saved as "a". Returns its hash.
    std::uint64_t save_large_herd() {
        auto system = make_herd(1);
        for (int turn = 0; turn < 5; ++turn) graze(system);
        for (int i = 0; i < 40'000; ++i) {
            Cow cow;
            cow.name = "of a large herd";
            system.spawn(std::move(cow));
        }
        EXPECT_TRUE(system.turn());
        EXPECT_TRUE(open().save(system, "a"));
        return system.hash();
    }
    kay::actor_system load(bool verify = false) {
        auto file = kay::world_file::open_to_read(path_);
        EXPECT_TRUE(file) << file.error().text;
        auto loaded = file->load<Cow, Herd>("a", {.workers = 2, .verify = verify});
        EXPECT_TRUE(loaded) << loaded.error().text;
        return std::move(*loaded); // outlives the file
    }
    /// Turns a bit of every page or table from the first byte on that is given.
    void damage(std::uintmax_t from, std::uintmax_t to) {
        std::FILE* const raw = std::fopen(path_.c_str(), "r+b");
        ASSERT_TRUE(raw);
        for (std::uintmax_t at = from; at < to; at += 65536) {
            std::fseek(raw, static_cast<long>(at), SEEK_SET);
            const int byte = std::fgetc(raw);
            std::fseek(raw, static_cast<long>(at), SEEK_SET);
            std::fputc(byte ^ 1, raw);
        }
        std::fclose(raw);
    }
};

TEST_F(loading, reads_what_is_needed) {
    const std::uint64_t hash = save_large_herd();
    auto system = load();
    const std::size_t before = system.statistics().bytes_reserved;
    system.send(kay::the<Herd>, Count{});
    ASSERT_TRUE(system.turn());
    EXPECT_LE(system.statistics().bytes_reserved, before + (4u << 20));
    auto all = load(true);
    EXPECT_GT(all.statistics().bytes_reserved, before + (5u << 20));
    EXPECT_EQ(all.hash(), hash);
    EXPECT_EQ(load().hash(), hash);
}

TEST_F(loading, messages_to_actors_that_are_unread_find_them) {
    save_large_herd();
    std::vector<kay::id<Cow>> cows;
    {
        auto system = load(true);
        system.each<Cow>([&](kay::id<Cow> cow, const Cow&) { cows.push_back(cow); });
    }
    for (const bool verify : {false, true}) {
        auto system = load(verify);
        for (std::size_t i = 0; i < cows.size(); i += 977) {
            system.send(cows[i], Moo{7, cows[0]});
            system.send(cows[i / 2], Sell{});
        }
        const auto done = system.turn();
        ASSERT_TRUE(done) << done.error().text;
        EXPECT_EQ(system.statistics().dead_letters, 0u);
        static std::uint64_t hash = 0;
        if (!verify)
            hash = system.hash();
        else
            EXPECT_EQ(system.hash(), hash);
    }
}

/// In one batch some actors are read in by messages to others and by broadcasts.
TEST_F(loading, a_loaded_world_goes_on_as_one_that_was_read_at_once) {
    auto file = open();
    {
        auto system = make_herd(1);
        for (int turn = 0; turn < 40; ++turn) graze(system);
        ASSERT_TRUE(file.save(system, "a"));
    }
    std::vector<kay::id<Cow>> cows;
    load().each<Cow>([&](kay::id<Cow> cow, const Cow&) { cows.push_back(cow); });
    for (std::size_t trial = 1; trial < 60; ++trial) {
        std::uint64_t hashes[2];
        for (const bool verify : {false, true}) {
            auto system = file.load<Cow, Herd>("a", {.workers = 2, .verify = verify});
            ASSERT_TRUE(system) << system.error().text;
            if (trial % 2) system->send(kay::all<Cow>, Feed{3});
            for (std::size_t i = trial; i < cows.size(); i += trial % 7 + 1)
                if (trial % 4 < 2)
                    system->send(cows[i], Feed{1.5 * static_cast<double>(i)});
                else if (i % 3 == trial % 3)
                    system->send(cows[i], Graze{3});
                else
                    system->send(cows[i], Moo{1, cows[i / 2]});
            ASSERT_TRUE(system->turn());
            hashes[verify] = system->hash(); // not before: it reads everything
        }
        ASSERT_EQ(hashes[0], hashes[1]) << trial;
    }
}

TEST_F(loading, a_damaged_page_is_named_when_it_is_needed) {
    save_large_herd();
    // Those of the first place's instances come first in a new file.
    damage(3 * 65536 + 77, 6 * 65536);
    auto system = load();
    system.send(kay::all<Cow>, Moo{1, {}});
    const auto failed = system.turn();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, kay::error_code::bad_data);
    EXPECT_NE(failed.error().text.find(path_), std::string::npos) << failed.error().text;
    EXPECT_NE(failed.error().text.find("page "), std::string::npos) << failed.error().text;
    const auto again = system.turn();
    ASSERT_FALSE(again) << "a world with a hole does not go on";
    EXPECT_EQ(again.error().text, failed.error().text);
    const std::string other = path_ + ".other";
    {
        auto file = kay::world_file::open(other);
        ASSERT_TRUE(file);
        EXPECT_FALSE(file->save(system, "b"));
    }
    std::filesystem::remove(other);
    auto file = kay::world_file::open_to_read(path_);
    ASSERT_TRUE(file);
    const auto verified = file->load<Cow, Herd>("a", {.verify = true});
    ASSERT_FALSE(verified);
    EXPECT_NE(verified.error().text.find("page "), std::string::npos) << verified.error().text;
}

TEST_F(loading, damaged_tables_are_found_at_once) {
    save_large_herd();
    damage(3 * 65536 + 77, std::filesystem::file_size(path_));
    auto file = kay::world_file::open_to_read(path_);
    if (file) {
        EXPECT_FALSE((file->load<Cow, Herd>("a")));
    }
}

TEST_F(loading, a_loaded_world_is_saved_again_by_what_has_changed) {
    save_large_herd();
    auto file = open();
    auto loaded = file.load<Cow, Herd>("a");
    ASSERT_TRUE(loaded) << loaded.error().text;
    loaded->send(kay::the<Herd>, Count{});
    ASSERT_TRUE(loaded->turn());
    const auto saved = file.save(*loaded, "b");
    ASSERT_TRUE(saved) << saved.error().text;
    EXPECT_LE(saved->bytes_changed, 8 * kay::chunk_bytes);
    EXPECT_EQ(file.list()[1].parent, "a");
    // What the loaded one has not read stays where it is, whatever becomes of the file's snapshots.
    ASSERT_TRUE(file.remove("a"));
    for (int i = 0; i < 5; ++i) {
        loaded->send(kay::the<Herd>, Count{});
        ASSERT_TRUE(loaded->turn());
        ASSERT_TRUE(file.save(*loaded, "b"));
    }
    const std::uint64_t hash = loaded->hash();
    auto again = file.load<Cow, Herd>("b", {.verify = true});
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->hash(), hash);
}

} // namespace
