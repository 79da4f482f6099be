// SPDX-License-Identifier: MIT
//
// Promise 2: first in, first out from one sender to one recipient, spawns included; a broadcast
// reaches whoever lives when it is handled, each once.
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace order_test {

struct Numbered {
    std::uint32_t sender;
    std::uint32_t number;
};
struct Flood {
    std::uint32_t count;
};
struct Grow {
    std::uint32_t generations;
    std::uint32_t places;
};
struct Tick {};
struct Die {};
struct TickThenDie {};

/// Writes down what it gets.
struct Reader {
    using messages = kay::messages<Numbered>;
    kay::vector<std::uint32_t> heard; // sender << 16 | number
    void on(const Numbered& m, kay::world&) { heard.push_back(m.sender << 16 | m.number); }
};

struct Writer {
    using messages = kay::messages<Flood>;
    kay::id<Reader> to;
    std::uint32_t number = 0;
    void on(const Flood& m, kay::world& w) {
        for (std::uint32_t i = 0; i < m.count; ++i) w.send(to, Numbered{number, i});
    }
};

struct Child {
    using messages = kay::messages<Numbered, Grow, Tick, Die, TickThenDie>;
    std::uint32_t heard = 0;
    std::uint32_t ticks = 0;

    void on(const Numbered& m, kay::world& w) {
        if (m.number != heard++) w.fail("out of order");
    }
    void on(const Grow& m, kay::world& w) {
        if (m.generations == 0) return;
        for (std::uint32_t i = 0; i < 2; ++i) {
            const auto child = w.spawn<Child>(
                kay::in_place{static_cast<std::uint32_t>(w.random()() % m.places)}, {});
            for (std::uint32_t n = 0; n < 3; ++n) w.send(child, Numbered{0, n});
            w.send(child, Grow{m.generations - 1, m.places});
        }
    }
    void on(const Tick&, kay::world&) { ++ticks; }
    void on(const Die&, kay::world& w) { w.die(); }
    void on(const TickThenDie&, kay::world& w) {
        ++ticks;
        w.die();
        w.spawn<Child>(); // a newcomer: this broadcast is not for it
    }
};

TEST(order, messages_of_one_sender_arrive_in_the_order_in_which_they_were_sent) {
    kay::actor_system system{{.places = 8, .workers = 2}};
    system.add<Reader, Writer>();
    const auto reader = system.spawn<Reader>(kay::in_place{5});
    constexpr std::uint32_t writers = 16, count = 3000; // several lane chunks each
    for (std::uint32_t i = 0; i < writers; ++i)
        system.spawn<Writer>(kay::in_place{i % 8}, Writer{reader, i});
    ASSERT_TRUE(system.turn());
    system.send(kay::all<Writer>, Flood{count});
    ASSERT_TRUE(system.turn());
    const Reader* r = system.find(reader);
    ASSERT_TRUE(r);
    ASSERT_EQ(r->heard.size(), writers * count);
    std::map<std::uint32_t, std::uint32_t> next;
    for (std::uint32_t h : r->heard) EXPECT_EQ(h & 0xffff, next[h >> 16]++);
}

TEST(order, a_message_sent_after_a_spawn_finds_the_newcomer_alive) {
    for (std::uint32_t places : {1u, 2u, 16u}) {
        kay::actor_system system{{.places = places, .seed = 7, .workers = 2}};
        system.add<Child>();
        system.send(system.spawn<Child>(), Grow{10, places});
        ASSERT_TRUE(system.turn());
        EXPECT_EQ(system.count<Child>(), (1u << 11) - 1);
        std::size_t complete = 0;
        system.each<Child>([&](kay::id<Child>, const Child& c) { complete += c.heard == 3; });
        EXPECT_EQ(complete, (1u << 11) - 2); // all but the first
        EXPECT_EQ(system.statistics().dead_letters, 0u);
    }
}

TEST(order, a_broadcast_reaches_everybody_once) {
    kay::actor_system system{{.places = 4}};
    system.add<Child>();
    for (int i = 0; i < 10000; ++i) system.spawn<Child>();
    system.send(kay::all<Child>, Tick{});
    ASSERT_TRUE(system.turn());
    system.each<Child>([&](kay::id<Child>, const Child& c) { EXPECT_EQ(c.ticks, 1u); });
}

TEST(order, in_a_broadcast_that_kills_nobody_is_skipped_and_newcomers_are_left_out) {
    kay::actor_system system{{.places = 4}};
    system.add<Child>();
    std::set<kay::id<Child>> first;
    for (int i = 0; i < 10000; ++i) first.insert(system.spawn<Child>());
    ASSERT_TRUE(system.turn());
    system.send(kay::all<Child>, TickThenDie{});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.count<Child>(), 10000u);
    system.each<Child>([&](kay::id<Child> id, const Child& c) {
        EXPECT_EQ(c.ticks, 0u);
        EXPECT_FALSE(first.contains(id));
    });
    for (auto id : first) EXPECT_FALSE(system.find(id));
}

TEST(order, a_broadcast_sent_after_spawns_of_the_same_sender_reaches_what_they_made) {
    kay::actor_system system{{.places = 2}};
    system.add<Child>();
    for (int i = 0; i < 5000; ++i) system.spawn<Child>();
    system.send(kay::all<Child>, Tick{});
    for (int i = 0; i < 5000; ++i) system.spawn<Child>();
    ASSERT_TRUE(system.turn());
    std::size_t with = 0, without = 0;
    system.each<Child>([&](kay::id<Child>, const Child& c) { ++(c.ticks ? with : without); });
    EXPECT_EQ(with, 5000u);
    EXPECT_EQ(without, 5000u);
}

TEST(order, messages_to_the_dead_are_counted_and_nothing_else) {
    kay::actor_system system{{.places = 2}};
    system.add<Child>();
    const auto child = system.spawn<Child>();
    ASSERT_TRUE(system.turn());
    system.send(child, Die{});
    system.send(child, Tick{});
    system.send(child, Tick{});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.count<Child>(), 0u);
    const auto statistics = system.statistics();
    EXPECT_EQ(statistics.dead_letters, 2u);
    ASSERT_EQ(statistics.types.size(), 1u);
    EXPECT_EQ(statistics.types[0].messages[2].dead_letters, 2u);
}

} // namespace order_test
