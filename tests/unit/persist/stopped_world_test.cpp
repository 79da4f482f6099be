// SPDX-License-Identifier: MIT
//
// Worlds that are saved while messages wait: from outside, or in the middle of a turn that has
// stopped.
#include "herd_world.hpp"

#include <stdexcept>
#include <vector>

namespace stopped_world_test {

struct Bell;
struct Ring {
    std::uint32_t left = 0; ///< rings that follow
    kay::vector<std::uint32_t> tones;
};
struct Break {};
struct Meet {
    kay::vector<kay::id<Bell>> all;
};
/// Passes rings on to others; fails when it is broken, until its system is told to skip.
struct Bell {
    using messages = kay::messages<Ring, Break, Meet>;
    kay::vector<kay::id<Bell>> others;
    std::uint64_t sum = 0;
    std::uint64_t drawn = 0;
    kay::vector<std::uint32_t> heard;

    void on(const Ring& m, kay::world& w) {
        for (const std::uint32_t tone : m.tones) heard.push_back(tone);
        sum = kay::combine(sum, m.left);
        auto random = w.random();
        drawn = random();
        if (m.left == 0 || others.empty()) return;
        Ring next{m.left - 1, {}};
        for (std::uint32_t i = 0; i < m.left % 5; ++i) next.tones.push_back(m.left + i);
        w.send(others[drawn % others.size()], next);
        if (m.left % 5 == 0)
            w.spawn<Bell>(kay::in_place{static_cast<std::uint32_t>(drawn % w.place_count())});
        if (m.left == 40) w.send(others[0], Break{});
    }
    void on(const Meet& m, kay::world&) { others = m.all; }
    void on(const Break&, kay::world&) { throw std::runtime_error("it is broken"); }
};

} // namespace stopped_world_test

namespace {

using namespace world_file_test;
using namespace stopped_world_test;

class stopped_world : public in_file {};

kay::actor_system make_bells(std::uint32_t workers, std::uint64_t rounds_max = 1'000'000,
                             bool rings = true) {
    kay::actor_system system{
        {.places = 8, .seed = 3, .workers = workers, .rounds_max = rounds_max}};
    system.add<Bell>();
    std::vector<kay::id<Bell>> all;
    for (std::uint32_t i = 0; i < 40; ++i) all.push_back(system.spawn<Bell>(kay::in_place{i % 8}));
    Meet everybody;
    for (const kay::id<Bell> bell : all) everybody.all.push_back(bell);
    system.send(kay::all<Bell>, everybody);
    EXPECT_TRUE(system.turn());
    if (!rings) return system;
    for (const kay::id<Bell> bell : all) system.send(bell, Ring{60, {1, 2, 3}});
    system.send(kay::all<Bell>, Ring{3, {9}});
    return system;
}

kay::actor_system loaded(kay::world_file& file, const std::string& name, std::uint32_t workers) {
    auto system = file.load<Bell>(name, {.workers = workers});
    EXPECT_TRUE(system) << system.error().text;
    return std::move(*system);
}

/// To the end of the turn, and two more; what failed is skipped or tried again.
std::vector<std::uint64_t> go_on(kay::actor_system& system) {
    std::vector<std::uint64_t> hashes;
    for (int step = 0; step < 400 && system.turn_number() < 5; ++step) {
        auto done = step % 5 == 1 ? system.resume(kay::actor_system::after_failure::retry)
                                  : system.resume(kay::actor_system::after_failure::skip);
        if (!done) done = system.turn();
        hashes.push_back(system.hash());
    }
    EXPECT_EQ(system.turn_number(), 5u);
    return hashes;
}

TEST_F(stopped_world, one_whose_handlers_failed_is_saved_and_goes_on_alike) {
    std::vector<std::uint64_t> right;
    {
        auto system = make_bells(2);
        const auto failed = system.turn();
        ASSERT_FALSE(failed);
        auto file = open();
        for (const char* name : {"a", "b"}) {
            const auto saved = file.save(system, name);
            ASSERT_TRUE(saved) << saved.error().text;
        }
        right = go_on(system);
        EXPECT_GT(right.size(), 20u);
    }
    for (const std::uint32_t workers : {1u, 2u, 3u}) {
        auto file = open();
        auto system = loaded(file, "a", workers);
        const auto refused = system.turn();
        ASSERT_FALSE(refused) << "it has stopped";
        EXPECT_NE(refused.error().text.find("it is broken"), std::string::npos)
            << refused.error().text;
        EXPECT_EQ(go_on(system), right) << workers;
        auto once_more = loaded(file, "b", workers);
        EXPECT_EQ(go_on(once_more), right) << workers;
    }
}

TEST_F(stopped_world, one_that_is_recorded_is_saved_in_the_middle_of_its_turn) {
    const std::string log_path = path_ + ".log";
    std::filesystem::remove(log_path);
    auto system = make_bells(2, 1'000'000, false);
    auto log = kay::input_log::record(system, log_path);
    ASSERT_TRUE(log) << log.error().text;
    system.send(kay::all<Bell>, Break{});
    ASSERT_FALSE(system.turn());
    auto file = open();
    const auto saved = file.save(system, "stopped"); // does not wait for this turn to end
    ASSERT_TRUE(saved) << saved.error().text;
    auto there = loaded(file, "stopped", 1);
    EXPECT_EQ(go_on(there).back(), go_on(system).back());
    ASSERT_TRUE(log->stop());
    std::filesystem::remove(log_path);
}

TEST_F(stopped_world, one_is_saved_again_at_each_of_its_stops) {
    auto file = open();
    auto straight = make_bells(2);
    auto hopping = make_bells(1);
    auto a = straight.turn(), b = hopping.turn();
    for (int stop = 0; stop < 30; ++stop) {
        ASSERT_EQ(bool(a), bool(b)) << stop;
        ASSERT_EQ(straight.hash(), hopping.hash()) << stop;
        ASSERT_TRUE(file.save(hopping, "here")) << stop;
        hopping = loaded(file, "here", 1 + stop % 3);
        if (a) break;
        ASSERT_EQ(a.error().text, b.error().text);
        a = straight.resume(kay::actor_system::after_failure::skip);
        b = hopping.resume(kay::actor_system::after_failure::skip);
    }
}

TEST_F(stopped_world, one_that_had_too_many_rounds_goes_on_alike) {
    auto straight = make_bells(1, 9);
    ASSERT_FALSE(straight.turn());
    auto file = open();
    ASSERT_TRUE(file.save(straight, "a"));
    auto there = loaded(file, "a", 2);
    EXPECT_EQ(there.hash(), straight.hash());
    // Its bound is the usual one: on to where a bell is broken.
    EXPECT_FALSE(there.turn());
    for (auto done = straight.turn(); done.error().code == kay::error_code::exhausted;)
        done = straight.turn();
    EXPECT_EQ(there.hash(), straight.hash());
    EXPECT_EQ(go_on(there).back(), go_on(straight).back()); // in more steps
}

TEST_F(stopped_world, what_was_sent_and_spawned_from_outside_is_saved_too) {
    auto straight = make_bells(2); // whose rings wait
    Bell more;
    more.heard = {1, 2, 3};
    const auto id = straight.spawn(std::move(more));
    straight.send(id, Ring{0, {7}});
    straight.after(kay::turns{2}, id, Ring{1, {8}});
    auto file = open();
    const auto saved = file.save(straight, "a");
    ASSERT_TRUE(saved) << saved.error().text;
    auto there = loaded(file, "a", 3);
    EXPECT_EQ(there.hash(), straight.hash());
    EXPECT_EQ(there.count<Bell>(), straight.count<Bell>());
    ASSERT_TRUE(there.find(id));
    straight.send(id, Ring{0, {9}});
    there.send(id, Ring{0, {9}});
    EXPECT_EQ(bool(there.turn()), bool(straight.turn()));
    EXPECT_EQ(there.hash(), straight.hash());
    EXPECT_EQ(go_on(there), go_on(straight));
    ASSERT_TRUE(there.find(id));
    EXPECT_EQ(there.find(id)->heard.size(), 6u);
}

TEST_F(stopped_world, a_world_that_has_had_no_turn_is_saved) {
    auto file = open();
    auto straight = make_herd(2);
    ASSERT_TRUE(file.save(straight, "a"));
    auto there = file.load<Cow, Herd>("a", {.workers = 1});
    ASSERT_TRUE(there) << there.error().text;
    for (int turn = 0; turn < 30; ++turn) ASSERT_EQ(graze(*there), graze(straight));
}

TEST_F(stopped_world, inputs_that_wait_in_a_snapshot_are_replayed_once) {
    const std::string log_path = path_ + ".log";
    std::filesystem::remove(log_path);
    std::vector<std::uint64_t> hashes;
    auto file = open();
    {
        auto system = make_herd(2);
        graze(system);
        auto log = kay::input_log::record(system, log_path);
        ASSERT_TRUE(log) << log.error().text;
        graze(system);
        system.send(kay::all<Cow>, Feed{2});
        system.every(kay::turns{3}, kay::the<Herd>, Count{});
        Cow calf;
        calf.prices = system.find(system.spawn<Cow>())->prices;
        ASSERT_TRUE(file.save(system, "waiting"));
        system.send(kay::the<Herd>, Count{}); // and some more that is in the log only
        for (int turn = 0; turn < 5; ++turn) {
            ASSERT_TRUE(system.turn());
            hashes.push_back(system.hash());
        }
        ASSERT_TRUE(log->stop());
    }
    auto there = file.load<Cow, Herd>("waiting");
    ASSERT_TRUE(there) << there.error().text;
    const auto done = kay::input_log::replay(*there, log_path);
    ASSERT_TRUE(done) << done.error().text;
    EXPECT_EQ(there->turn_number(), 7u);
    EXPECT_EQ(there->hash(), hashes.back());
    std::filesystem::remove(log_path);
}

} // namespace
