// SPDX-License-Identifier: MIT
//
// What a system says of itself: instances, messages, dead letters, queues and time by type.
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace statistics_test {

struct Hello {
    std::uint32_t number;
};
struct Pass {
    std::uint32_t times;
};
struct Spawn {
    std::uint32_t count;
};
struct Die {};
struct Jam {};

/// Whether handlers of Jam fail.
std::atomic<bool> jammed{false};

struct Bee {
    using messages = kay::messages<Hello, Pass, Spawn, Die, Jam>;
    std::array<std::uint64_t, 8> honey{};
    void on(const Hello& m, kay::world&) { honey[0] += m.number; }
    void on(const Pass& m, kay::world& w) {
        if (m.times) w.send(w.id_of(*this), Pass{m.times - 1});
    }
    void on(const Spawn& m, kay::world& w) {
        for (std::uint32_t i = 0; i < m.count; ++i)
            w.spawn<Bee>(kay::in_place{(w.place_number() + i) % w.place_count()});
    }
    void on(const Die&, kay::world& w) { w.die(); }
    void on(const Jam&, kay::world& w) {
        if (jammed) w.fail("jammed");
    }
};

struct Ant {
    using messages = kay::messages<Die, Hello>;
    std::uint64_t heard = 0;
    void on(const Die&, kay::world& w) { w.die(); }
    void on(const Hello&, kay::world&) { ++heard; }
};

struct Queen {
    using messages = kay::messages<Hello>;
    static constexpr bool singleton = true;
    std::uint64_t heard = 0;
    void on(const Hello&, kay::world&) { ++heard; }
};

using Listener = kay::trait<Hello>;

// The numbers of the types, which follow their names, and of messages in their lists.
constexpr std::size_t ant = 0, bee = 1, queen = 2;
constexpr std::size_t bee_hello = 0, bee_pass = 1, bee_spawn = 2, ant_die = 0, ant_hello = 1;

kay::system_options counting(std::uint32_t places = 4) {
    return {.places = places, .workers = 2, .statistics = true};
}

/// A world in which everybody is alive.
struct hive {
    explicit hive(const kay::system_options& options = counting()) : system(options) {
        system.add<Queen, Bee, Ant>();
        for (std::uint32_t p = 0; p < options.places; ++p) {
            bees.push_back(system.spawn<Bee>(kay::in_place{p}));
            ants.push_back(system.spawn<Ant>(kay::in_place{p}));
        }
        turn();
    }
    void turn() {
        const auto done = system.turn();
        ASSERT_TRUE(done) << done.error().text;
        last = *done;
    }
    kay::type_statistics of(std::size_t type) const { return system.statistics().types.at(type); }
    kay::message_statistics of(std::size_t type, std::size_t message) const {
        return of(type).messages.at(message);
    }

    kay::actor_system system;
    std::vector<kay::id<Bee>> bees;
    std::vector<kay::id<Ant>> ants;
    kay::turn_summary last;
};

TEST(statistics, name_all_types_and_messages_in_the_order_of_their_numbers) {
    const hive h;
    const auto s = h.system.statistics();
    ASSERT_EQ(s.types.size(), 3u);
    EXPECT_EQ(s.types[ant].name, "statistics_test::Ant");
    EXPECT_EQ(s.types[bee].name, "statistics_test::Bee");
    EXPECT_EQ(s.types[queen].name, "statistics_test::Queen");
    std::vector<std::string> names;
    for (const auto& m : s.types[bee].messages) names.push_back(m.name);
    EXPECT_EQ(names, (std::vector<std::string>{"statistics_test::Hello", "statistics_test::Pass",
                                               "statistics_test::Spawn", "statistics_test::Die",
                                               "statistics_test::Jam"}));
    EXPECT_EQ(s.turn, 1u);
}

TEST(statistics, of_a_fresh_system_are_all_zero) {
    kay::actor_system system{counting()};
    system.add<Bee>();
    const auto s = system.statistics();
    EXPECT_EQ(s.turn, 0u);
    EXPECT_EQ(s.messages + s.dead_letters + s.timers + s.posts_held_back, 0u);
    ASSERT_EQ(s.types.size(), 1u);
    EXPECT_EQ(s.types[0].instances + s.types[0].queued + s.types[0].nanoseconds, 0u);
}

TEST(statistics, count_instances_by_type_as_they_come_and_go) {
    hive h;
    EXPECT_EQ(h.of(bee).instances, 4u);
    EXPECT_EQ(h.of(ant).instances, 4u);
    EXPECT_EQ(h.of(queen).instances, 1u);
    h.system.send(h.bees[1], Spawn{100}); // into all places
    h.system.send(h.ants[0], Die{});
    h.system.send(h.ants[3], Die{});
    h.turn();
    EXPECT_EQ(h.of(bee).instances, 104u);
    EXPECT_EQ(h.of(ant).instances, 2u);
    h.system.send(kay::all<Bee>, Die{});
    h.turn();
    EXPECT_EQ(h.of(bee).instances, 0u);
    EXPECT_EQ(h.system.count<Bee>(), 0u);
}

TEST(statistics, count_instances_from_outside_before_they_come_to_life) {
    hive h;
    h.system.spawn<Ant>();
    EXPECT_EQ(h.of(ant).instances, 5u);
    EXPECT_EQ(h.system.count<Ant>(), 4u); // who is alive
    h.turn();
    EXPECT_EQ(h.of(ant).instances, 5u);
    EXPECT_EQ(h.system.count<Ant>(), 5u);
}

TEST(statistics, bytes_grow_with_instances) {
    hive h;
    const auto few = h.of(bee).bytes, ants = h.of(ant).bytes;
    h.system.send(h.bees[0], Spawn{40'000});
    h.turn();
    EXPECT_GE(h.of(bee).bytes, few + 39'000 * sizeof(Bee));
    EXPECT_EQ(h.of(ant).bytes, ants);
    EXPECT_GE(h.system.statistics().bytes_reserved, h.of(bee).bytes);
    EXPECT_EQ(h.system.statistics().bytes_reserved, h.system.bytes_reserved());
}

TEST(statistics, count_handled_messages_by_type_and_message) {
    hive h;
    h.system.send(h.bees[0], Hello{1});
    h.system.send(h.bees[0], Pass{9}); // ten of them
    h.system.send(h.ants[0], Hello{1});
    h.system.send(kay::all<Ant>, Hello{1});
    h.system.send(kay::the<Queen>, Hello{1});
    h.turn();
    EXPECT_EQ(h.of(bee, bee_hello).handled, 1u);
    EXPECT_EQ(h.of(bee, bee_pass).handled, 10u);
    EXPECT_EQ(h.of(bee, bee_spawn).handled, 0u);
    EXPECT_EQ(h.of(ant, ant_hello).handled, 5u);
    EXPECT_EQ(h.of(ant, ant_die).handled, 0u);
    EXPECT_EQ(h.of(queen, 0).handled, 1u);
    EXPECT_EQ(h.last.messages, 17u);
    EXPECT_EQ(h.system.statistics().messages, 17u);
}

TEST(statistics, count_a_broadcast_once_for_each_instance_it_reached) {
    hive h;
    for (int i = 0; i < 1000; ++i) h.system.spawn<Ant>();
    h.turn();
    h.system.send(kay::all<Ant>, Hello{1});
    h.turn();
    EXPECT_EQ(h.last.messages, 1004u);
    EXPECT_EQ(h.of(ant, ant_hello).handled, 1004u);
    h.system.send(kay::all<Ant>, Die{});
    h.turn();
    EXPECT_EQ(h.last.messages, 1004u);
    h.system.send(kay::all<Ant>, Hello{1}); // reaches nobody, and that is nobody's fault
    h.turn();
    EXPECT_EQ(h.last.messages, 0u);
    EXPECT_EQ(h.of(ant, ant_hello).handled, 1004u);
    EXPECT_EQ(h.system.statistics().dead_letters, 0u);
    EXPECT_EQ(h.system.statistics().messages, 2008u);
}

TEST(statistics, count_sent_messages_by_the_type_they_are_for) {
    hive h;
    h.system.send(h.ants[0], Hello{1});
    h.system.send(h.bees[2], Pass{4}); // and four that the handler sends
    h.system.send(kay::id<Listener>(h.bees[1]), Hello{1});
    EXPECT_EQ(h.of(ant, ant_hello).sent, 1u); // at once, not when it is handled
    EXPECT_EQ(h.of(ant, ant_hello).handled, 0u);
    h.turn();
    EXPECT_EQ(h.of(ant, ant_hello).sent, 1u);
    EXPECT_EQ(h.of(bee, bee_pass).sent, 5u);
    EXPECT_EQ(h.of(bee, bee_hello).sent, 1u);
    EXPECT_EQ(h.of(queen, 0).sent, 0u);
}

TEST(statistics, count_dead_letters_by_type_and_message_also_when_nobody_asks_for_the_rest) {
    for (const bool on : {true, false}) {
        hive h({.places = 4, .workers = 2, .statistics = on});
        for (auto id : h.ants) h.system.send(id, Die{});
        h.system.send(h.bees[2], Die{});
        h.turn();
        for (int i = 0; i < 3; ++i) h.system.send(h.ants[1], Hello{1});
        h.system.send(h.ants[3], Die{});
        h.system.send(h.bees[2], Pass{1});
        h.turn();
        EXPECT_EQ(h.of(ant, ant_hello).dead_letters, 3u);
        EXPECT_EQ(h.of(ant, ant_die).dead_letters, 1u);
        EXPECT_EQ(h.of(bee, bee_pass).dead_letters, 1u);
        EXPECT_EQ(h.of(bee, bee_hello).dead_letters, 0u);
        EXPECT_EQ(h.system.statistics().dead_letters, 5u);
        EXPECT_EQ(h.last.messages, 0u); // nobody handled them
        EXPECT_EQ(h.of(ant, ant_hello).handled, 0u);
    }
}

TEST(statistics, tell_the_lengths_of_queues_that_wait_for_the_next_turn) {
    hive h;
    EXPECT_EQ(h.of(ant).queued + h.of(bee).queued + h.of(queen).queued, 0u);
    for (int i = 0; i < 5; ++i) h.system.send(h.ants[0], Hello{1});
    for (int i = 0; i < 3; ++i) h.system.send(h.ants[2], Hello{1});
    for (int i = 0; i < 10'000; ++i) h.system.send(h.bees[1], Pass{0}); // several chunks
    h.system.send(kay::all<Bee>, Hello{1});                             // one for each place
    EXPECT_EQ(h.of(ant).queued, 8u);
    EXPECT_EQ(h.of(bee).queued, 10'004u);
    EXPECT_EQ(h.of(queen).queued, 0u);
    h.turn();
    EXPECT_EQ(h.of(ant).queued + h.of(bee).queued + h.of(queen).queued, 0u);
}

TEST(statistics, tell_the_lengths_of_queues_that_a_failure_left) {
    hive h;
    for (int i = 0; i < 2000; ++i) h.system.send(h.bees[1], Pass{0});
    h.system.send(h.bees[1], Jam{});
    for (int i = 0; i < 3000; ++i) h.system.send(h.bees[1], Pass{0});
    for (int i = 0; i < 7; ++i) h.system.send(h.bees[2], Pass{1});
    for (int i = 0; i < 9; ++i) h.system.send(kay::the<Queen>, Hello{1}); // in place 0
    jammed = true;
    EXPECT_FALSE(h.system.turn());
    EXPECT_EQ(h.of(bee, bee_pass).handled, 2007u);
    EXPECT_EQ(h.of(bee).queued, 3001u + 7); // the jammed one first; and what place 2 sent
    EXPECT_EQ(h.of(queen).queued, 0u);
    EXPECT_FALSE(h.system.resume(kay::actor_system::after_failure::retry));
    EXPECT_EQ(h.of(bee).queued, 3001u + 7);
    jammed = false;
    ASSERT_TRUE(h.system.resume(kay::actor_system::after_failure::retry));
    EXPECT_EQ(h.of(bee).queued, 0u);
    EXPECT_EQ(h.of(bee, bee_pass).handled, 5014u);
}

TEST(statistics, of_messages_and_time_are_kept_only_while_somebody_asks) {
    hive h({.places = 2, .workers = 1});
    h.system.send(kay::all<Bee>, Hello{1});
    h.turn();
    EXPECT_EQ(h.of(bee, bee_hello).handled, 0u);
    EXPECT_EQ(h.of(bee, bee_hello).sent, 0u);
    EXPECT_EQ(h.of(bee).nanoseconds, 0u);
    EXPECT_EQ(h.system.statistics().messages, 2u); // the sum is always there
    h.system.set_statistics(true);
    h.system.send(kay::all<Bee>, Hello{1});
    h.turn();
    EXPECT_EQ(h.of(bee, bee_hello).handled, 2u);
    EXPECT_EQ(h.of(bee, bee_hello).sent, 2u);
    EXPECT_GT(h.of(bee).nanoseconds, 0u);
    EXPECT_EQ(h.of(ant).nanoseconds, 0u); // nothing was handled
    h.system.set_statistics(false);
    EXPECT_EQ(h.of(bee, bee_hello).handled, 0u);
    EXPECT_EQ(h.of(bee).nanoseconds, 0u);
    h.system.send(kay::all<Bee>, Hello{1});
    h.turn();
    EXPECT_EQ(h.of(bee, bee_hello).handled, 0u);
    EXPECT_EQ(h.system.statistics().messages, 6u);
}

TEST(statistics, may_be_switched_on_before_there_is_any_type_and_take_in_later_ones) {
    kay::actor_system system{{.places = 2}};
    system.set_statistics(true);
    system.add<Bee>();
    const auto b = system.spawn<Bee>();
    ASSERT_TRUE(system.turn());
    system.add<Ant>(); // numbered after Bee
    const auto a = system.spawn<Ant>();
    system.send(b, Hello{1});
    system.send(a, Hello{1});
    system.send(a, Hello{2});
    ASSERT_TRUE(system.turn());
    const auto s = system.statistics();
    ASSERT_EQ(s.types.size(), 2u);
    EXPECT_EQ(s.types[0].messages[bee_hello].handled, 1u);
    EXPECT_EQ(s.types[1].name, "statistics_test::Ant");
    EXPECT_EQ(s.types[1].messages[ant_hello].handled, 2u);
    EXPECT_EQ(s.types[1].messages[ant_hello].sent, 2u);
}

TEST(statistics, do_not_change_what_happens) {
    std::vector<std::uint64_t> hashes;
    for (const bool on : {false, true}) {
        hive h({.places = 4, .seed = 3, .workers = 1, .statistics = on});
        h.system.send(kay::all<Bee>, Spawn{20});
        h.system.send(h.bees[0], Pass{5});
        h.turn();
        h.system.statistics();
        hashes.push_back(h.system.hash());
    }
    EXPECT_EQ(hashes[0], hashes[1]);
}

TEST(statistics, add_up_over_workers) {
    for (const std::uint32_t workers : {1u, 2u, 4u}) {
        hive h({.places = 16, .workers = workers, .statistics = true});
        h.system.send(kay::all<Bee>, Spawn{1000});
        h.turn();
        h.system.send(kay::all<Bee>, Pass{3});
        h.turn();
        constexpr std::uint64_t bees = 16 + 16 * 1000;
        EXPECT_EQ(h.of(bee).instances, bees);
        EXPECT_EQ(h.of(bee, bee_pass).handled, bees * 4);
        EXPECT_EQ(h.of(bee, bee_pass).sent, bees * 3 + 16);
        EXPECT_EQ(h.last.messages, bees * 4);
    }
}

TEST(statistics, count_timers_that_wait) {
    hive h;
    const auto timer = h.system.after(kay::turns{5}, h.ants[0], Hello{1});
    h.system.every(kay::turns{2}, kay::all<Ant>, Hello{1});
    EXPECT_EQ(h.system.statistics().timers, 2u);
    h.system.cancel(timer);
    EXPECT_EQ(h.system.statistics().timers, 1u);
    h.turn();
    h.turn();
    EXPECT_EQ(h.system.statistics().timers, 1u);
    EXPECT_EQ(h.of(ant, ant_hello).handled, 4u);
}

TEST(statistics, of_a_turn_tell_its_number_its_rounds_and_what_it_handled) {
    hive h;
    EXPECT_EQ(h.last.turn, 1u);
    EXPECT_EQ(h.last.messages, 0u);
    h.turn();
    EXPECT_EQ(h.last.turn, 2u);
    EXPECT_EQ(h.last.rounds, 0u); // there was nothing to do
    EXPECT_EQ(h.last.messages, 0u);
    h.system.send(h.bees[1], Pass{6});
    h.turn();
    EXPECT_EQ(h.last.turn, 3u);
    EXPECT_EQ(h.last.rounds, 7u);
    EXPECT_EQ(h.last.messages, 7u);
}

} // namespace statistics_test
