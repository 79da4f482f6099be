// SPDX-License-Identifier: MIT
#include "herd_world.hpp"

#include <vector>

namespace {

using namespace world_file_test;

class world_file : public in_file {};

TEST_F(world_file, a_loaded_world_goes_on_with_the_hashes_of_the_one_that_was_saved) {
    std::vector<std::uint64_t> hashes;
    std::uint64_t saved_hash = 0;
    std::size_t cows = 0;
    {
        auto system = make_herd(2);
        for (int turn = 0; turn < 60; ++turn) graze(system);
        auto file = open();
        const auto saved = file.save(system, "noon");
        ASSERT_TRUE(saved) << saved.error().text;
        EXPECT_GT(saved->bytes_written, 65536u);
        saved_hash = system.hash();
        cows = system.count<Cow>();
        for (int turn = 0; turn < 60; ++turn) hashes.push_back(graze(system));
        EXPECT_GT(system[kay::the<Herd>].born, 200u);
    }
    EXPECT_GT(cows, 100u);
    for (const std::uint32_t workers : {1u, 2u, 3u}) {
        auto file = open();
        auto loaded = file.load<Herd, Cow>("noon", {.workers = workers});
        ASSERT_TRUE(loaded) << loaded.error().text;
        EXPECT_EQ(loaded->turn_number(), 60u);
        EXPECT_EQ(loaded->count<Cow>(), cows);
        EXPECT_EQ(loaded->hash(), saved_hash);
        for (const std::uint64_t hash : hashes) ASSERT_EQ(graze(*loaded), hash);
    }
}

TEST_F(world_file, a_world_of_nothing_is_saved_and_leaves_the_others_as_they_are) {
    const auto make = [] {
        kay::actor_system system{{.places = 2, .seed = 9}};
        EXPECT_TRUE(system.add<Dog>());
        return system;
    };
    std::uint64_t hash = 0;
    {
        auto file = open();
        auto nothing = make();
        ASSERT_TRUE(file.save(nothing, "nothing"));
        hash = nothing.hash();
        auto herd = make_herd(1);
        graze(herd);
        ASSERT_TRUE(file.save(herd, "herd"));
        ASSERT_TRUE(file.save(nothing, "nothing again"));
    }
    auto file = open();
    EXPECT_FALSE(file.warning());
    EXPECT_EQ(file.list().size(), 3u);
    EXPECT_TRUE((file.load<Cow, Herd>("herd")));
    auto again = file.load<Dog>("nothing");
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->hash(), hash);
    again->spawn<Dog>();
    ASSERT_TRUE(again->turn());
    EXPECT_EQ(again->count<Dog>(), 1u);
}

TEST_F(world_file, what_is_the_same_is_written_once) {
    auto system = make_herd(1);
    for (int turn = 0; turn < 5; ++turn) graze(system);
    auto file = open();
    const auto first = file.save(system, "a");
    const auto second = file.save(system, "b");
    ASSERT_TRUE(first && second);
    EXPECT_EQ(second->bytes_changed, 0u);
    EXPECT_LE(second->bytes_written, 5u * 65536); // no page: tables, manifest, schema, catalogue
    EXPECT_LT(second->bytes_written, first->bytes_written / 3);
    const auto list = file.list();
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[1].name, "b");
    EXPECT_EQ(list[1].parent, "a");
    EXPECT_EQ(list[1].turn, 5u);
    EXPECT_EQ(list[0].bytes, list[1].bytes);
}

TEST_F(world_file, two_futures_of_one_world_run_apart) {
    auto file = open();
    {
        auto system = make_herd(1);
        for (int turn = 0; turn < 10; ++turn) graze(system);
        ASSERT_TRUE(file.save(system, "now"));
    }
    ASSERT_TRUE(file.branch("now", "dry"));
    auto wet = file.load<Cow, Herd>("now");
    auto dry = file.load<Cow, Herd>("dry");
    ASSERT_TRUE(wet && dry);
    EXPECT_EQ(wet->hash(), dry->hash());
    graze(*wet);
    dry->send(kay::all<Cow>, Graze{0});
    ASSERT_TRUE(dry->turn());
    EXPECT_NE(wet->hash(), dry->hash());
    const std::uint64_t dry_hash = dry->hash();
    ASSERT_TRUE(file.save(*dry, "dry"));
    ASSERT_TRUE(file.remove("now"));
    EXPECT_FALSE(file.load<Cow>("now"));
    auto again = file.load<Cow, Herd>("dry");
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->hash(), dry_hash);
}

TEST_F(world_file, saves_of_loaded_worlds_load) {
    auto file = open();
    {
        auto system = make_herd(1);
        for (int turn = 0; turn < 30; ++turn) graze(system);
        ASSERT_TRUE(file.save(system, "0"));
    }
    auto straight = file.load<Cow, Herd>("0");
    ASSERT_TRUE(straight);
    for (int i = 0; i < 10; ++i) {
        auto system = file.load<Cow, Herd>(std::to_string(i));
        ASSERT_TRUE(system) << system.error().text;
        EXPECT_EQ(graze(*system), graze(*straight));
        ASSERT_TRUE(file.save(*system, std::to_string(i + 1)));
    }
}

TEST_F(world_file, says_which_types_are_missing_and_takes_new_ones) {
    auto file = open();
    {
        auto system = make_herd(1);
        graze(system);
        ASSERT_TRUE(file.save(system, "a"));
    }
    const auto missing = file.load<Herd>("a");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().text.find("world_file_test::Cow"), std::string::npos)
        << missing.error().text;
    auto more = file.load<Cow, Dog, Herd>("a");
    ASSERT_TRUE(more) << more.error().text;
    more->spawn<Dog>();
    graze(*more);
    EXPECT_EQ(more->count<Dog>(), 1u);
}

TEST_F(world_file, names_of_snapshots_are_texts) {
    auto system = make_herd(1);
    auto file = open();
    graze(system);
    EXPECT_FALSE(file.save(system, ""));
    EXPECT_FALSE(file.save(system, "a\nb"));
    EXPECT_FALSE(file.save(system, std::string(256, 'a')));
    ASSERT_TRUE(file.save(system, "a"));
    EXPECT_FALSE(file.load<Cow>("b"));
    EXPECT_EQ(kay::world_file::open(path_).error().code, kay::error_code::io);
}

TEST_F(world_file, no_flipped_bit_is_taken_for_a_world) {
    std::uint64_t right = 0;
    {
        auto file = open();
        auto system = make_herd(1);
        for (int turn = 0; turn < 20; ++turn) graze(system);
        ASSERT_TRUE(file.save(system, "a"));
        right = system.hash();
    }
    std::FILE* const raw = std::fopen(path_.c_str(), "r+b");
    ASSERT_TRUE(raw);
    const auto size = std::filesystem::file_size(path_);
    kay::random_stream random(9, 0, 0);
    int refused = 0;
    for (int i = 0; i < 120; ++i) {
        const auto at = static_cast<long>(kay::uniform_int<std::uint64_t>(random, 0, size - 1));
        const int flip = 1 << kay::uniform_int(random, 0, 7);
        std::fseek(raw, at, SEEK_SET);
        const int byte = std::fgetc(raw);
        const auto put = [&](int value) {
            std::fseek(raw, at, SEEK_SET);
            std::fputc(value, raw);
            std::fflush(raw);
        };
        put(byte ^ flip);
        {
            auto file = kay::world_file::open_to_read(path_);
            const auto load = [&](bool verify) {
                return file ? file->load<Cow, Herd>("a", {.verify = verify})
                            : kay::result<kay::actor_system>(file.error());
            };
            auto loaded = load(true);
            if (loaded) {
                EXPECT_EQ(loaded->hash(), right);
            } else {
                ++refused;
            }
            // What is read when it is needed is noticed then.
            auto lazy = load(false);
            if (lazy && lazy->hash() != right) {
                EXPECT_FALSE(lazy->turn());
            }
        }
        put(byte);
    }
    std::fclose(raw);
    EXPECT_GT(refused, 30);
    EXPECT_LT(refused, 120);
}

} // namespace
