// SPDX-License-Identifier: MIT
//
// Recorded worlds come back: random worlds whose outside does everything it can are replayed from
// their beginning, from snapshots and after restarts, with other numbers of workers, and have the
// same hash after each turn. And what does not fit is told and changes nothing.
#include "../../sanitizers.hpp"
#include "recorded_world.hpp"

#include "../../../src/persist/log_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include <unistd.h>

namespace {

using namespace recorded;
using kay::input_log;

class input_log_test : public ::testing::Test {
protected:
    input_log_test() {
        const auto folder = std::filesystem::temp_directory_path();
        const std::string name = "kay_input_log_" + std::to_string(::getpid());
        log_path_ = (folder / (name + ".log")).string();
        file_path_ = (folder / (name + ".kay")).string();
        clear();
    }
    ~input_log_test() override { clear(); }
    void clear() {
        std::filesystem::remove(log_path_);
        std::filesystem::remove(file_path_);
    }

    std::string log_path_;
    std::string file_path_;
};

kay::actor_system make_world(std::uint64_t seed, std::uint32_t workers) {
    kay::actor_system system{options_for(seed, workers)};
    driver::add_types(system);
    return system;
}

std::uint64_t worlds_wanted() {
    const char* const wanted = std::getenv("KAY_RECORDED_WORLDS");
    return wanted ? std::strtoull(wanted, nullptr, 10) : kay::test::is_sanitized ? 8 : 24;
}

TEST_F(input_log_test, worlds_that_were_recorded_come_back_hash_for_hash) {
    const kay::log_capture quiet(kay::log_level::off);
    std::uint64_t stops = 0, restarts = 0;
    for (std::uint64_t seed = 1; seed <= worlds_wanted(); ++seed) {
        clear();
        kay::random_stream random(seed, 0x776f, 0);
        const auto turns = kay::uniform_int<std::uint64_t>(random, 25, 45);
        auto save_turn = kay::uniform_int<std::uint64_t>(random, 1, turns - 10);
        bool is_saved = false;
        const auto restart_turn = kay::uniform_int<std::uint64_t>(random, 1, turns - 1);
        std::vector<std::uint64_t> hashes;
        driver outside(seed);
        {
            auto system = make_world(seed, 1 + seed % 3);
            auto log = input_log::record(system, log_path_);
            ASSERT_TRUE(log) << log.error().text;
            for (std::uint64_t turn = 1; turn <= turns; ++turn) {
                outside.keep(system);
                if (turn > save_turn && !is_saved) { // with what is kept since the last turn
                    auto file = kay::world_file::open(file_path_);
                    is_saved = static_cast<bool>(file->save(system, "noon"));
                    save_turn = turn - 1; // not where messages wait since a turn that stopped
                }
                outside.send(system);
                hashes.push_back(outside.turn(system));
                if (turn != restart_turn) continue;
                // The program ends, and another one goes on with what is there.
                ASSERT_TRUE(log->stop());
                outside.leave_system();
                system = make_world(seed, 1 + (seed + 1) % 3);
                const auto back = input_log::replay<Ape, Fair>(system, log_path_);
                ASSERT_TRUE(back) << "seed " << seed << ": " << back.error().text;
                ASSERT_EQ(back->turn, turn);
                ASSERT_EQ(system.hash(), hashes.back()) << "seed " << seed;
                log = input_log::record(system, log_path_);
                ASSERT_TRUE(log) << log.error().text;
                ++restarts;
            }
            ASSERT_TRUE(log->sync());
            EXPECT_EQ(log->acknowledged_turn(), turns);
            ASSERT_TRUE(is_saved);
            stops += outside.stops;
            outside.leave_system();
        }
        for (const std::uint32_t workers : {1u, 2u, 3u}) {
            // Turn by turn from the beginning, then at one go.
            auto slowly = make_world(seed, workers);
            for (std::uint64_t turn = 1; turn <= turns; ++turn) {
                const auto done = input_log::replay<Ape, Fair>(slowly, log_path_, turn);
                ASSERT_TRUE(done) << "seed " << seed << ": " << done.error().text;
                ASSERT_EQ(slowly.turn_number(), turn);
                ASSERT_EQ(slowly.hash(), hashes[turn - 1]) << "seed " << seed << " turn " << turn;
            }
            auto whole = make_world(seed, workers);
            const auto done = input_log::replay<Ape, Fair>(whole, log_path_);
            ASSERT_TRUE(done) << "seed " << seed << ": " << done.error().text;
            ASSERT_EQ(whole.hash(), hashes.back()) << "seed " << seed;
            // From the snapshot.
            auto file = kay::world_file::open_to_read(file_path_);
            const kay::load_options options{.workers = workers};
            auto loaded = outside.has_late_types(save_turn + 1)
                              ? file->load<Cow, Goat, Herd, Ape, Fair>("noon", options)
                              : file->load<Cow, Goat, Herd>("noon", options);
            ASSERT_TRUE(loaded) << loaded.error().text;
            for (std::uint64_t turn = save_turn + 1; turn <= turns; turn += 1 + turn % 3) {
                const auto more = input_log::replay<Ape, Fair>(*loaded, log_path_, turn);
                ASSERT_TRUE(more) << "seed " << seed << ": " << more.error().text;
                ASSERT_EQ(loaded->hash(), hashes[turn - 1]) << "seed " << seed << " turn " << turn;
            }
        }
    }
    EXPECT_GT(stops, worlds_wanted());
    EXPECT_GT(restarts, 0u);
}

TEST_F(input_log_test, a_world_that_stopped_in_a_turn_comes_back_stopped) {
    const kay::log_capture quiet(kay::log_level::off);
    auto system = make_world(1, 1);
    auto log = input_log::record(system, log_path_);
    const auto cow = system.spawn<Cow>();
    ASSERT_TRUE(system.turn());
    system.send(cow, Stumble{5});
    ASSERT_FALSE(system.turn());
    ASSERT_TRUE(log->sync());
    EXPECT_EQ(log->acknowledged_turn(), 1u);

    auto again = make_world(1, 2);
    std::filesystem::copy_file(log_path_, file_path_); // as a crash would leave it
    const auto back = input_log::replay(again, file_path_);
    ASSERT_TRUE(back) << back.error().text;
    ASSERT_TRUE(back->stopped);
    EXPECT_EQ(back->turn, 2u);
    auto goes_on = input_log::record(again, file_path_);
    ASSERT_TRUE(goes_on) << goes_on.error().text;
    for (kay::actor_system* s : {&system, &again}) {
        ASSERT_TRUE(s->resume(kay::actor_system::after_failure::retry));
        s->send(cow, Poke{0, 7});
        ASSERT_TRUE(s->turn());
    }
    EXPECT_EQ(again.hash(), system.hash());
    ASSERT_TRUE(goes_on->stop());
    auto third = make_world(1, 1);
    ASSERT_TRUE(input_log::replay(third, file_path_));
    EXPECT_EQ(third.hash(), system.hash());
    EXPECT_EQ(third.turn_number(), 3u);
}

TEST_F(input_log_test, large_inputs_come_in_pieces) {
    std::uint64_t hash = 0;
    {
        auto system = make_world(3, 2);
        auto log = input_log::record(system, log_path_);
        kay::vector<double> many;
        for (int i = 0; i < 400'000; ++i) many.push_back(i);
        for (int turn = 0; turn < 3; ++turn) {
            Prices prices;
            prices.milk = many;
            const auto constant = system.make_constant(std::move(prices));
            for (int i = 0; i < 20'000; ++i) {
                Cow cow;
                cow.prices = constant;
                cow.name = "a name that is longer than any short string would be";
                cow.cache.emplace("secret");
                system.spawn(std::move(cow));
            }
            system.send(kay::all<Cow>, Poke{0, 3});
            ASSERT_TRUE(system.turn());
        }
        hash = system.hash();
        // What never came to a turn is void when somebody goes on.
        for (int i = 0; i < 20'000; ++i) system.spawn<Cow>();
        ASSERT_TRUE(log->sync());
    }
    auto system = make_world(3, 1);
    const auto first = input_log::replay(system, log_path_);
    ASSERT_TRUE(first) << first.error().text;
    EXPECT_EQ(system.turn_number(), 3u);
    EXPECT_EQ(system.hash(), hash);
    {
        auto log = input_log::record(system, log_path_);
        ASSERT_TRUE(log) << log.error().text;
        system.spawn<Goat>();
        ASSERT_TRUE(system.turn());
        hash = system.hash();
    }
    auto again = make_world(3, 1);
    const auto back = input_log::replay(again, log_path_);
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(again.hash(), hash);
}

TEST_F(input_log_test, a_turn_whose_inputs_fill_whole_pieces_is_recorded) {
    std::uint64_t hash = 0;
    {
        auto system = make_world(3, 1);
        auto log = input_log::record(system, log_path_);
        Prices prices;
        prices.milk = kay::vector<double>(200'000);
        const auto constant = system.make_constant(std::move(prices)); // more than a piece
        ASSERT_TRUE(system.turn());
        EXPECT_EQ(system[constant].milk.size(), 200'000u);
        hash = system.hash();
    }
    auto system = make_world(3, 2);
    ASSERT_TRUE(input_log::replay(system, log_path_));
    EXPECT_EQ(system.hash(), hash);
}

TEST_F(input_log_test, nothing_that_belongs_to_the_program_is_written) {
    {
        auto system = make_world(3, 1);
        auto log = input_log::record(system, log_path_);
        for (int i = 0; i < 10; ++i) {
            Cow cow;
            std::memset(static_cast<void*>(&cow.coat + 1), 0xa5, 7); // padding
            cow.cache.emplace("secret");
            system.spawn(std::move(cow));
            Poke poke;
            std::memset(static_cast<void*>(&poke), 0xa5, sizeof poke);
            poke.strength = 1;
            poke.value = 2;
            system.send(kay::all<Goat>, poke);
            system.after(kay::turns{3}, kay::all<Both>, poke);
        }
        ASSERT_TRUE(system.turn());
    }
    std::ifstream file(log_path_, std::ios::binary);
    const std::string all(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(all.find("\xa5\xa5\xa5"), std::string::npos);
}

// ---- what does not fit

class input_log_errors : public input_log_test {
protected:
    /// A log of ten turns.
    std::uint64_t record_world() {
        auto system = make_world(5, 1);
        auto log = input_log::record(system, log_path_);
        EXPECT_TRUE(log);
        driver outside(5);
        const kay::log_capture quiet(kay::log_level::off);
        std::uint64_t hash = 0;
        for (int turn = 0; turn < 10; ++turn) {
            if (turn == 0) system.spawn<Cow>();
            system.send(kay::all<Cow>, Poke{1, 2});
            outside.send(system);
            hash = outside.turn(system);
        }
        outside.leave_system();
        return hash;
    }

    /// Replaying fails, says so with this text, and leaves the world as it was.
    void expect_refusal(kay::actor_system& system, const std::string& text,
                        std::uint64_t to_turn = input_log::to_the_end) {
        const std::uint64_t turn = system.turn_number();
        const auto done = input_log::replay(system, log_path_, to_turn);
        ASSERT_FALSE(done) << text;
        EXPECT_NE(done.error().text.find(text), std::string::npos) << done.error().text;
        EXPECT_EQ(system.turn_number(), turn);
        EXPECT_EQ(system.count<Cow>(), 0u);
    }
};

TEST_F(input_log_errors, worlds_with_another_identity_are_refused) {
    record_world();
    kay::actor_system places{{.places = 4, .seed = 5}}, seed{{.places = 8, .seed = 6}},
        step{{.places = 8, .seed = 5, .step = std::chrono::seconds(1)}};
    for (kay::actor_system* s : {&places, &seed, &step}) driver::add_types(*s);
    expect_refusal(places, "it has 8 places, this world 4");
    expect_refusal(seed, "its seed is another one");
    expect_refusal(step, "another time");
}

TEST_F(input_log_errors, worlds_in_another_state_are_refused) {
    record_world();
    auto more = make_world(5, 1);
    Prices prices;
    prices.milk = {1.0};
    more.make_constant(std::move(prices));
    expect_refusal(more, "this world more constants");
    auto sent = make_world(5, 1);
    sent.send(kay::the<Herd>, Poke{});
    expect_refusal(sent, "sent or spawned from outside");
    auto later = make_world(5, 1);
    for (int i = 0; i < 11; ++i) ASSERT_TRUE(later.turn());
    expect_refusal(later, "the log goes to turn 10, and the world is at turn 11 already");
    auto back = make_world(5, 1);
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(back.turn());
    expect_refusal(back, "a replay goes forwards", 3);
    expect_refusal(back, "the log goes to turn 10, not to 12", 12);
    auto timer = make_world(5, 1);
    timer.every(kay::turns{1}, kay::the<Herd>, Poke{});
    const auto done = input_log::replay(timer, log_path_); // it has one that the log has not
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().text.find("does not fit this world"), std::string::npos);
}

TEST_F(input_log_errors, a_log_that_begins_later_is_refused) {
    {
        auto system = make_world(5, 1);
        for (int i = 0; i < 3; ++i) ASSERT_TRUE(system.turn());
        auto log = input_log::record(system, log_path_);
        ASSERT_TRUE(log);
        ASSERT_TRUE(system.turn());
    }
    auto fresh = make_world(5, 1);
    expect_refusal(fresh, "it begins after turn 3");
    auto there = make_world(5, 1);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(there.turn());
    EXPECT_TRUE(input_log::replay(there, log_path_));
    auto other = make_world(5, 1);
    other.send(kay::the<Herd>, Poke{1, 1});
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(other.turn());
    expect_refusal(other, "in another state");
}

TEST_F(input_log_errors, missing_types_are_named) {
    record_world();
    kay::actor_system system{options_for(5, 1)};
    system.add<Cow, Herd>();
    const auto done = input_log::replay(system, log_path_);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().text.find("recorded::Goat"), std::string::npos) << done.error().text;
    system.add<Goat>(); // nothing has begun
    EXPECT_TRUE(input_log::replay(system, log_path_));
}

TEST_F(input_log_errors, types_that_are_new_come_after_the_replay) {
    const std::uint64_t hash = record_world();
    auto system = make_world(5, 1);
    system.add<Ape>();
    ASSERT_TRUE(input_log::replay(system, log_path_, 9));
    EXPECT_TRUE(system.spawn<Ape>()); // a new world takes it when the replay is over
    auto begun = make_world(5, 1);
    begun.add<Ape>();
    begun.hash();
    expect_refusal(begun, "the type recorded::Ape was not there at turn 0");
    auto exact = make_world(5, 1);
    ASSERT_TRUE(input_log::replay(exact, log_path_));
    EXPECT_EQ(exact.hash(), hash);
}

TEST_F(input_log_errors, damage_in_the_middle_is_told) {
    record_world();
    const auto size = std::filesystem::file_size(log_path_);
    for (std::uint64_t at = kay::detail::log_file::header_bytes; at + 100 < size; at += 97) {
        std::fstream file(log_path_, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(at));
        const int byte = file.get();
        file.seekp(static_cast<std::streamoff>(at));
        file.put(static_cast<char>(byte ^ 4)).flush();
        auto system = make_world(5, 1);
        expect_refusal(system, "damaged at byte");
        EXPECT_FALSE(input_log::record(system, log_path_));
        file.seekp(static_cast<std::streamoff>(at));
        file.put(static_cast<char>(byte)).flush();
    }
}

TEST_F(input_log_errors, a_log_is_gone_on_with_at_its_end_only) {
    record_world();
    auto fresh = make_world(5, 1);
    const auto early = input_log::record(fresh, log_path_);
    ASSERT_FALSE(early);
    EXPECT_NE(early.error().text.find("does not stand at its end"), std::string::npos);
    ASSERT_TRUE(input_log::replay(fresh, log_path_, 8));
    EXPECT_FALSE(input_log::record(fresh, log_path_));
    ASSERT_TRUE(input_log::replay(fresh, log_path_));
    {
        auto log = input_log::record(fresh, log_path_);
        ASSERT_TRUE(log) << log.error().text;
        EXPECT_FALSE(input_log::record(fresh, file_path_)); // one at a time
        EXPECT_FALSE(input_log::replay(fresh, log_path_));
        ASSERT_TRUE(log->stop());
        log = input_log::record(fresh, log_path_); // nothing has happened since
        ASSERT_TRUE(log) << log.error().text;
    }
    ASSERT_TRUE(fresh.turn());
    EXPECT_FALSE(input_log::record(fresh, log_path_)); // this turn is not in it
}

TEST_F(input_log_errors, the_system_or_its_log_may_end_first) {
    std::optional<kay::actor_system> system(make_world(5, 1));
    auto log = input_log::record(*system, log_path_);
    ASSERT_TRUE(log);
    ASSERT_TRUE(system->turn());
    system.reset();
    ASSERT_TRUE(log->sync());
    EXPECT_EQ(log->acknowledged_turn(), 1u);
    ASSERT_TRUE(log->stop());
    auto again = make_world(5, 1);
    ASSERT_TRUE(input_log::replay(again, log_path_));
    {
        auto more = input_log::record(again, log_path_);
        ASSERT_TRUE(more);
    }
    ASSERT_TRUE(again.turn());
}

} // namespace
