// SPDX-License-Identifier: MIT
//
// Worlds that are saved while they go on.
#include "herd_world.hpp"

#include <csignal>
#include <map>
#include <string>

#include <sys/resource.h>

namespace {

using namespace world_file_test;

class live_saving : public in_file {};

/// Files may not grow beyond that many bytes while it lives.
class full_disk {
public:
    explicit full_disk(std::uintmax_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit now{static_cast<rlim_t>(bytes), before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &now);
    }
    ~full_disk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

kay::actor_system make_large_herd(std::uint32_t workers) {
    auto system = make_herd(workers);
    for (int turn = 0; turn < 5; ++turn) graze(system);
    for (int i = 0; i < 25'000; ++i) {
        Cow cow;
        cow.prices = kay::constant<Prices>();
        cow.name = "of a large herd";
        system.spawn(std::move(cow));
    }
    EXPECT_TRUE(system.turn());
    return system;
}

/// Makes all cows change, without births.
struct moo_to_all {
    std::uint8_t loud = 0;
    void operator()(kay::actor_system& system) {
        system.send(kay::all<Cow>, Moo{++loud, {}});
        const auto done = system.turn();
        ASSERT_TRUE(done) << done.error().text;
    }
};

TEST_F(live_saving, what_is_saved_is_the_world_as_it_was_when_the_save_began) {
    for (std::uint32_t workers : {1u, 2u}) {
        auto file = open();
        auto system = make_large_herd(workers);
        moo_to_all step;
        std::map<std::string, std::uint64_t> hashes;
        std::size_t turns_meanwhile = 0;
        for (int i = 0; i < 6; ++i) {
            const std::string name = std::to_string(i);
            step(system);
            hashes[name] = system.hash();
            const auto started = file.start_save(system, name);
            ASSERT_TRUE(started) << started.error().text;
            do {
                step(system);
                ++turns_meanwhile;
            } while (!file.progress().is_done);
            const auto saved = file.finish_save();
            ASSERT_TRUE(saved) << saved.error().text;
            EXPECT_GT(saved->bytes_changed, 25'000u * sizeof(Cow));
        }
        EXPECT_GE(turns_meanwhile, 6u);
        for (const auto& [name, hash] : hashes) {
            auto loaded = file.load<Cow, Herd>(name);
            ASSERT_TRUE(loaded) << loaded.error().text;
            EXPECT_EQ(loaded->hash(), hash) << name;
        }
    }
}

TEST_F(live_saving, births_and_deaths_meanwhile_are_not_in_the_snapshot) {
    auto file = open();
    auto system = make_herd(2);
    std::map<std::string, std::uint64_t> hashes;
    for (int i = 0; i < 80; ++i) {
        const std::string name = std::to_string(i % 20);
        hashes[name] = graze(system);
        ASSERT_TRUE(file.start_save(system, name));
        for (int k = 0; k < i % 3; ++k) graze(system);
    }
    ASSERT_TRUE(file.finish_save());
    ASSERT_EQ(file.list().size(), 20u);
    for (const auto& [name, hash] : hashes) {
        auto loaded = file.load<Cow, Herd>(name);
        ASSERT_TRUE(loaded) << loaded.error().text;
        EXPECT_EQ(loaded->hash(), hash) << name;
    }
}

TEST_F(live_saving, a_world_that_is_saved_goes_on_as_one_that_is_not) {
    auto file = open();
    auto saved = make_herd(2);
    auto not_saved = make_herd(1);
    for (int i = 0; i < 120; ++i) {
        ASSERT_EQ(graze(saved), graze(not_saved)) << "turn " << i;
        if (i % 3 == 0) {
            ASSERT_TRUE(file.start_save(saved, "last"));
        } else if (i % 3 == 1) {
            ASSERT_TRUE(file.finish_save());
        }
    }
}

TEST_F(live_saving, a_little_change_is_a_little_to_write) {
    auto file = open();
    auto system = make_large_herd(1);
    const auto first = file.save(system, "a");
    ASSERT_TRUE(first);
    EXPECT_TRUE(system.turn());
    kay::id<Cow> one;
    system.each<Cow>([&](kay::id<Cow> cow, const Cow&) { one = cow; });
    system.send(one, Moo{1, {}});
    EXPECT_TRUE(system.turn());
    const auto second = file.save(system, "b");
    ASSERT_TRUE(second);
    EXPECT_GE(second->bytes_changed, kay::chunk_bytes);
    EXPECT_LE(second->bytes_changed, 4 * kay::chunk_bytes) << "of " << first->bytes_changed;
    EXPECT_LT(second->bytes_written, first->bytes_written / 4);
}

TEST_F(live_saving, a_failed_save_says_so_and_the_next_one_writes_it) {
    auto file = open();
    auto system = make_large_herd(2);
    moo_to_all step;
    ASSERT_TRUE(file.save(system, "good"));
    const std::uint64_t good = system.hash();
    step(system);
    {
        const full_disk full(std::filesystem::file_size(path_) + (1 << 20));
        const auto failed = file.save(system, "bad");
        ASSERT_FALSE(failed);
        EXPECT_NE(failed.error().text.find(path_), std::string::npos) << failed.error().text;
        // In the background too, and the world goes on.
        ASSERT_TRUE(file.start_save(system, "bad"));
        for (int i = 0; i < 3; ++i) step(system);
        EXPECT_FALSE(file.finish_save());
        ASSERT_EQ(file.list().size(), 1u);
        auto old = file.load<Cow, Herd>("good");
        ASSERT_TRUE(old) << old.error().text;
        EXPECT_EQ(old->hash(), good);
    }
    const std::uint64_t hash = system.hash();
    const auto saved = file.save(system, "at last");
    ASSERT_TRUE(saved) << saved.error().text;
    auto loaded = file.load<Cow, Herd>("at last");
    ASSERT_TRUE(loaded) << loaded.error().text;
    EXPECT_EQ(loaded->hash(), hash);
}

TEST_F(live_saving, a_second_file_gets_the_whole_world) {
    const std::string other = path_ + ".other";
    std::filesystem::remove(other);
    {
        auto file = open();
        auto second = kay::world_file::open(other);
        ASSERT_TRUE(second);
        auto system = make_herd(1);
        for (int i = 0; i < 10; ++i) {
            const std::uint64_t hash = graze(system);
            kay::world_file& into = i % 3 == 1 ? *second : file;
            ASSERT_TRUE(into.save(system, std::to_string(i)));
            auto loaded = into.load<Cow, Herd>(std::to_string(i));
            ASSERT_TRUE(loaded) << loaded.error().text;
            EXPECT_EQ(loaded->hash(), hash);
        }
    }
    std::filesystem::remove(other);
}

TEST_F(live_saving, a_system_may_end_while_it_is_saved) {
    auto file = open();
    std::uint64_t hash = 0;
    {
        auto system = make_large_herd(1);
        hash = system.hash();
        ASSERT_TRUE(file.start_save(system, "a"));
    }
    ASSERT_TRUE(file.finish_save());
    auto loaded = file.load<Cow, Herd>("a");
    ASSERT_TRUE(loaded) << loaded.error().text;
    EXPECT_EQ(loaded->hash(), hash);
}

TEST_F(live_saving, the_file_does_not_grow_when_a_world_is_saved_again_and_again) {
    auto file = open();
    auto system = make_herd(1);
    for (int turn = 0; turn < 20; ++turn) graze(system);
    moo_to_all step;
    std::uintmax_t after_ten = 0;
    for (int i = 0; i < 60; ++i) {
        step(system);
        ASSERT_TRUE(file.start_save(system, "last"));
        if (i == 10) after_ten = std::filesystem::file_size(path_);
    }
    ASSERT_TRUE(file.finish_save());
    EXPECT_LE(std::filesystem::file_size(path_), after_ten * 5 / 4);
}

TEST_F(live_saving, a_file_that_was_opened_to_read_is_not_written) {
    auto system = make_herd(1);
    graze(system);
    ASSERT_TRUE(open().save(system, "a"));
    auto file = kay::world_file::open_to_read(path_);
    ASSERT_TRUE(file);
    for (const auto& refused :
         {file->start_save(system, "b"), file->branch("a", "b"), file->remove("a")}) {
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().text.find("to read only"), std::string::npos);
    }
    EXPECT_FALSE(file->finish_save());
}

} // namespace
