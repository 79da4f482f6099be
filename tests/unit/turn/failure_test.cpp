// SPDX-License-Identifier: MIT
//
// What goes wrong: handlers that fail, messages in circles, memory that is used up, ids and options
// that make no sense. Each is told clearly, and nothing is lost that was accepted.
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace failure_test {

constexpr auto retry = kay::actor_system::after_failure::retry;
constexpr auto skip = kay::actor_system::after_failure::skip;
constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// Whether handlers of Burn fail. Somebody repairs it between two attempts.
std::atomic<bool> broken{true};
struct broken_for_a_while {
    broken_for_a_while() { broken = true; }
    ~broken_for_a_while() { broken = true; }
};

enum class way : std::uint8_t { exception, odd_exception, told, after_dying, told_after_dying };

struct Step {
    std::uint32_t number;
};
struct Burn {
    way how = way::told;
};
struct BurnIf {
    std::uint32_t mark;
    way how = way::exception;
};
struct Die {};
struct Mark {
    std::uint32_t mark;
};
struct Tell {};

struct Other;

struct Actor {
    using messages = kay::messages<Step, Burn, BurnIf, Die, Mark, Tell>;
    std::uint32_t last = 0;
    std::uint32_t steps = 0;
    std::uint32_t attempts = 0;
    std::uint32_t mark = 0;
    kay::id<Other> to = {};

    void on(const Step& m, kay::world&) {
        last = m.number;
        ++steps;
    }
    void on(const Burn& m, kay::world& w) {
        ++attempts;
        if (!broken) return;
        switch (m.how) {
        case way::exception: throw std::runtime_error("it burns");
        case way::odd_exception: throw 42;
        case way::told: return w.fail("it burns");
        case way::after_dying: w.die(); throw std::runtime_error("it burns");
        case way::told_after_dying: w.die(); return w.fail("it burns");
        }
    }
    void on(const BurnIf& m, kay::world& w) {
        ++attempts;
        if (mark != m.mark || !broken) return;
        if (m.how == way::told) return w.fail("the marked one");
        throw std::runtime_error("the marked one");
    }
    void on(const Die&, kay::world& w) { w.die(); }
    void on(const Mark& m, kay::world&) { mark = m.mark; }
    void on(const Tell&, kay::world& w);
};

/// Its inbox is handled after Actor's.
struct Other {
    using messages = kay::messages<Step>;
    std::uint32_t steps = 0;
    void on(const Step&, kay::world&) { ++steps; }
};

void Actor::on(const Tell&, kay::world& w) { w.send(to, Step{1}); }

struct Never { // nobody adds it
    using messages = kay::messages<Step>;
    void on(const Step&, kay::world&) {}
};

using Stepper = kay::trait<Step>;

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// ---- a handler fails

TEST(failure, the_error_says_who_failed_at_what_and_why) {
    const broken_for_a_while guard;
    for (const way how : {way::exception, way::odd_exception, way::told}) {
        kay::actor_system system{{.places = 4}};
        system.add<Actor, Other>();
        const auto actor = system.spawn<Actor>(kay::in_place{3});
        system.send(actor, Burn{how});
        const kay::log_capture log(kay::log_level::error);
        const auto failed = system.turn();
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, kay::error_code::handler_failed);
        EXPECT_EQ(failed.error().text,
                  to_string(actor) + " failed in the handler of failure_test::Burn: " +
                      (how == way::odd_exception ? "an exception that is no std::exception"
                                                 : "it burns"));
        EXPECT_EQ(log.lines(),
                  (std::vector<std::string>{"[turn 1] error: " + failed.error().text}));
    }
}

TEST(failure, the_rest_of_the_place_and_what_others_sent_waits) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 4, .workers = 4}};
    system.add<Actor, Other>();
    const auto bad = system.spawn<Actor>(kay::in_place{2});
    const auto neighbour = system.spawn<Other>(kay::in_place{2}); // of a later type
    const auto reached = system.spawn<Other>(kay::in_place{1});
    const auto teller = system.spawn<Actor>(kay::in_place{3}, Actor{.to = reached});
    const auto behind = system.spawn<Actor>(kay::in_place{2});
    system.send(bad, Burn{});
    system.send(behind, Step{1});
    system.send(neighbour, Step{1});
    system.send(teller, Tell{});
    ASSERT_FALSE(system.turn());
    EXPECT_EQ(system.find(behind)->steps, 0u);
    EXPECT_EQ(system.find(neighbour)->steps, 0u);
    EXPECT_EQ(system.find(reached)->steps, 0u); // the next round has not begun
    const auto resumed = system.resume(skip);
    ASSERT_TRUE(resumed) << resumed.error().text;
    EXPECT_EQ(system.find(behind)->steps, 1u);
    EXPECT_EQ(system.find(neighbour)->steps, 1u);
    EXPECT_EQ(system.find(reached)->steps, 1u);
    EXPECT_EQ(resumed->turn, 1u);
}

TEST(failure, others_finish_the_round_with_any_number_of_workers) {
    const broken_for_a_while guard;
    for (const std::uint32_t workers : {1u, 2u, 4u}) {
        kay::actor_system system{{.places = 16, .workers = workers}};
        system.add<Actor, Other>();
        constexpr std::uint32_t count = 4000;
        std::vector<kay::id<Actor>> all;
        for (std::uint32_t i = 0; i < count; ++i) all.push_back(system.spawn<Actor>());
        system.send(all[5], Mark{1}); // in place 5
        ASSERT_TRUE(system.turn());
        system.send(kay::all<Actor>, BurnIf{1});
        system.send(kay::all<Actor>, Step{7});
        const auto failed = system.turn();
        ASSERT_FALSE(failed);
        EXPECT_TRUE(contains(failed.error().text, to_string(all[5]))) << failed.error().text;
        EXPECT_TRUE(contains(failed.error().text, "the marked one"));
        for (auto id : all) EXPECT_EQ(system.find(id)->steps, id.place() == 5 ? 0u : 1u);
        ASSERT_TRUE(system.resume(skip));
        for (auto id : all) EXPECT_EQ(system.find(id)->steps, 1u);
    }
}

TEST(failure, skipping_leaves_out_one_message_and_keeps_the_order_of_the_rest) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 2}};
    system.add<Actor, Other>();
    const auto actor = system.spawn<Actor>();
    constexpr std::uint32_t count = 5000; // several chunks of messages
    std::uint32_t burns = 0;
    for (std::uint32_t i = 1; i <= count; ++i) {
        system.send(actor, Step{i});
        if (i % 1000 == 0) system.send(actor, Burn{i % 2000 ? way::exception : way::told}), ++burns;
    }
    auto done = system.turn();
    for (std::uint32_t i = 1; i <= burns; ++i) {
        ASSERT_FALSE(done);
        EXPECT_EQ(system.find(actor)->last, i * 1000);
        EXPECT_EQ(system.find(actor)->steps, i * 1000);
        EXPECT_EQ(system.find(actor)->attempts, i);
        done = system.resume(skip);
    }
    ASSERT_TRUE(done);
    EXPECT_EQ(system.find(actor)->steps, count);
    EXPECT_EQ(system.find(actor)->attempts, burns);
    EXPECT_EQ(system.statistics().messages_skipped, burns);
    EXPECT_EQ(system.statistics().messages_retried, 0u);
}

TEST(failure, a_retry_handles_the_message_again_and_nothing_twice) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 2}};
    system.add<Actor, Other>();
    const auto actor = system.spawn<Actor>();
    for (std::uint32_t i = 1; i <= 3000; ++i) {
        system.send(actor, Step{i});
        if (i == 1500) system.send(actor, Burn{way::exception});
    }
    ASSERT_FALSE(system.turn());
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(system.resume(retry));
    EXPECT_EQ(system.find(actor)->attempts, 4u);
    EXPECT_EQ(system.find(actor)->steps, 1500u);
    broken = false;
    ASSERT_TRUE(system.resume(retry));
    EXPECT_EQ(system.find(actor)->attempts, 5u);
    EXPECT_EQ(system.find(actor)->steps, 3000u);
    EXPECT_EQ(system.find(actor)->last, 3000u);
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.statistics().messages_skipped, 0u);
    EXPECT_EQ(system.statistics().messages_retried, 4u);
}

TEST(failure, nothing_from_before_comes_again_after_it) {
    const broken_for_a_while guard;
    // Any number of messages: also such as end just where a group of the reader's ends.
    for (std::uint32_t count = 0; count <= 100; ++count) {
        kay::actor_system system{{.places = 1}};
        system.add<Actor, Other>();
        const auto actor = system.spawn<Actor>();
        std::uint32_t steps = 0;
        for (int again = 0; again < 3; ++again) {
            for (std::uint32_t i = 0; i < count; ++i) system.send(actor, Step{++steps});
            ASSERT_TRUE(system.turn());
            ASSERT_EQ(system.find(actor)->steps, steps);
            system.send(actor, Step{++steps});
            system.send(actor, Burn{}); // the last one of its chunk
            ASSERT_FALSE(system.turn());
            ASSERT_EQ(system.statistics().types[0].queued, 1u) << "after " << count << " messages";
            ASSERT_TRUE(system.resume(skip));
            ASSERT_EQ(system.find(actor)->steps, steps) << "after " << count << " messages";
        }
    }
}

TEST(failure, of_the_lowest_place_is_told_first) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 8, .workers = 4}};
    system.add<Actor, Other>();
    std::vector<kay::id<Actor>> all;
    for (std::uint32_t p : {6u, 3u, 5u}) all.push_back(system.spawn<Actor>(kay::in_place{p}));
    for (auto id : all) system.send(id, Burn{way::exception});
    const auto failed = system.turn();
    ASSERT_FALSE(failed);
    EXPECT_TRUE(contains(failed.error().text, to_string(all[1]))) << failed.error().text;
    for (auto id : all) EXPECT_EQ(system.find(id)->attempts, 1u); // they all had their round
    broken = false;
    ASSERT_TRUE(system.resume(retry));
    for (auto id : all) EXPECT_EQ(system.find(id)->attempts, 2u);
}

TEST(failure, no_message_is_skipped_that_no_error_has_told_of) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 8}};
    system.add<Actor, Other>();
    const auto first = system.spawn<Actor>(kay::in_place{1});
    const auto second = system.spawn<Actor>(kay::in_place{4});
    system.send(first, Burn{});
    system.send(second, Burn{});
    auto done = system.turn();
    std::string told;
    for (int i = 0; !done && i < 4; ++i) {
        told += done.error().text + '\n';
        done = system.resume(skip);
    }
    EXPECT_TRUE(done);
    EXPECT_TRUE(contains(told, to_string(first))) << told;
    EXPECT_TRUE(contains(told, to_string(second))) << told;
}

TEST(failure, an_actor_that_fails_does_not_die_of_it) {
    const broken_for_a_while guard;
    for (const way how : {way::after_dying, way::told_after_dying}) {
        kay::actor_system system{{.places = 2}};
        system.add<Actor, Other>();
        const auto actor = system.spawn<Actor>();
        system.send(actor, Burn{how});
        system.send(actor, Step{1});
        ASSERT_FALSE(system.turn());
        EXPECT_EQ(system.count<Actor>(), 1u); // die() belongs to a handler that did not finish
        ASSERT_TRUE(system.resume(skip));
        ASSERT_TRUE(system.find(actor));
        EXPECT_EQ(system.find(actor)->steps, 1u);
        EXPECT_EQ(system.statistics().dead_letters, 0u);
    }
}

TEST(failure, in_a_broadcast_names_the_instance_and_ends_the_broadcast_in_its_place) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 1}};
    system.add<Actor, Other>();
    std::vector<kay::id<Actor>> all;
    for (int i = 0; i < 10; ++i) all.push_back(system.spawn<Actor>());
    system.send(all[6], Mark{1});
    ASSERT_TRUE(system.turn());
    system.send(kay::all<Actor>, BurnIf{1});
    const auto failed = system.turn();
    ASSERT_FALSE(failed);
    EXPECT_TRUE(contains(failed.error().text, to_string(all[6]))) << failed.error().text;
    for (std::size_t i = 0; i < all.size(); ++i)
        EXPECT_EQ(system.find(all[i])->attempts, i <= 6 ? 1u : 0u);
    ASSERT_TRUE(system.resume(skip));
    EXPECT_EQ(system.find(all[9])->attempts, 0u);
}

TEST(failure, a_retried_broadcast_reaches_those_whom_it_had_not_reached) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 1}};
    system.add<Actor, Other>();
    std::vector<kay::id<Actor>> all;
    for (int i = 0; i < 10; ++i) all.push_back(system.spawn<Actor>());
    system.send(all[6], Mark{1});
    ASSERT_TRUE(system.turn());
    system.send(kay::all<Actor>, BurnIf{1});
    ASSERT_FALSE(system.turn());
    broken = false;
    ASSERT_TRUE(system.resume(retry));
    for (std::size_t i = 6; i < all.size(); ++i)
        EXPECT_EQ(system.find(all[i])->attempts, i == 6 ? 2u : 1u);
}

TEST(failure, messages_that_were_handled_before_it_are_counted) {
    const broken_for_a_while guard;
    for (const way how : {way::told, way::exception}) {
        kay::actor_system system{{.places = 2, .statistics = true}};
        system.add<Actor, Other>();
        const auto marked = system.spawn<Actor>(kay::in_place{0}, Actor{.mark = 1});
        const auto plain = system.spawn<Actor>(kay::in_place{0});
        for (int i = 0; i < 5; ++i) system.send(plain, BurnIf{1, how});
        system.send(marked, BurnIf{1, how});
        for (int i = 0; i < 3; ++i) system.send(plain, BurnIf{1, how});
        ASSERT_FALSE(system.turn());
        EXPECT_EQ(system.statistics().messages, 5u);
        const auto skipped = system.resume(skip);
        ASSERT_TRUE(skipped);
        EXPECT_EQ(system.find(plain)->attempts, 8u);
        EXPECT_EQ(skipped->messages, 8u);
        EXPECT_EQ(system.statistics().types[0].messages[2].handled, 8u);
    }
}

TEST(failure, dead_letters_before_it_do_not_spoil_the_counts) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 1}};
    system.add<Actor, Other>();
    const auto dead = system.spawn<Actor>();
    const auto actor = system.spawn<Actor>();
    system.send(dead, Die{});
    ASSERT_TRUE(system.turn());
    system.send(dead, Burn{});
    system.send(actor, Burn{way::exception});
    ASSERT_FALSE(system.turn());
    const auto done = system.resume(skip);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->messages, 0u);
    EXPECT_EQ(system.statistics().messages, 1u); // Die
    EXPECT_EQ(system.statistics().dead_letters, 1u);
}

// ---- while it is stopped

TEST(failure, a_stopped_system_says_so_and_stays_in_its_turn) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 2}};
    system.add<Actor>();
    const auto actor = system.spawn<Actor>();
    system.send(actor, Burn{});
    const auto failed = system.turn();
    ASSERT_FALSE(failed);
    for (int i = 0; i < 3; ++i) {
        const auto stopped = system.turn();
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, kay::error_code::handler_failed);
        EXPECT_TRUE(contains(stopped.error().text, failed.error().text)) << stopped.error().text;
        EXPECT_TRUE(contains(stopped.error().text, "resume")) << stopped.error().text;
    }
    EXPECT_EQ(system.turn_number(), 1u);
    EXPECT_EQ(system.find(actor)->attempts, 1u);
    const auto added = system.add<Other>();
    ASSERT_FALSE(added);
    EXPECT_TRUE(contains(added.error().text, "between turns")) << added.error().text;
    ASSERT_TRUE(system.resume(skip));
    EXPECT_TRUE(system.add<Other>());
    EXPECT_TRUE(system.turn());
    EXPECT_EQ(system.turn_number(), 2u);
}

TEST(failure, what_is_sent_and_spawned_meanwhile_comes_in_with_the_next_turn) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 4}};
    system.add<Actor, Other>();
    const auto actor = system.spawn<Actor>(kay::in_place{1});
    system.send(actor, Burn{});
    ASSERT_FALSE(system.turn());
    EXPECT_TRUE(system.send(actor, Step{1}));
    const auto newcomer = system.spawn<Actor>(kay::in_place{1});
    EXPECT_TRUE(newcomer);
    EXPECT_TRUE(system.send(newcomer, Step{2}));
    EXPECT_TRUE(system.after(kay::turns{1}, actor, Step{3}));
    auto poster = system.make_poster();
    EXPECT_EQ(poster.post(actor, Step{4}), kay::posted::accepted);
    ASSERT_TRUE(system.resume(skip));
    EXPECT_EQ(system.find(actor)->steps, 0u);
    EXPECT_EQ(system.count<Actor>(), 1u);
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(actor)->steps, 3u);
    ASSERT_TRUE(system.find(newcomer));
    EXPECT_EQ(system.find(newcomer)->steps, 1u);
    EXPECT_EQ(system.count<Actor>(), 2u);
}

TEST(failure, resuming_what_has_not_failed_is_an_error) {
    kay::actor_system system{{.places = 2}};
    system.add<Actor>();
    for (int i = 0; i < 2; ++i) {
        const auto refused = system.resume(skip);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, kay::error_code::invalid_argument);
        EXPECT_EQ(refused.error().text, "nothing has failed");
        ASSERT_TRUE(system.turn());
    }
}

TEST(failure, a_stopped_system_can_be_given_up) {
    const broken_for_a_while guard;
    kay::actor_system system{{.places = 4, .workers = 2}};
    system.add<Actor, Other>();
    for (int i = 0; i < 1000; ++i) system.spawn<Actor>();
    system.send(kay::all<Actor>, Burn{way::exception});
    for (int i = 0; i < 1000; ++i) system.send(kay::all<Actor>, Step{1});
    ASSERT_FALSE(system.turn());
    kay::actor_system next{{.places = 4}};
    system = std::move(next); // frees all that was queued
    EXPECT_TRUE(system.turn());
}

// ---- messages in circles

struct Ball {
    std::uint32_t hops_left;
};
struct Pong;
struct Meet {
    kay::id<Pong> pong;
};
struct Ping {
    using messages = kay::messages<Ball, Meet>;
    kay::id<Pong> pong;
    std::uint32_t hits = 0;
    void on(const Ball& m, kay::world& w);
    void on(const Meet& m, kay::world&) { pong = m.pong; }
};
struct Pong {
    using messages = kay::messages<Ball>;
    kay::id<Ping> ping;
    std::uint32_t hits = 0;
    void on(const Ball& m, kay::world& w) {
        ++hits;
        if (m.hops_left) w.send(ping, Ball{m.hops_left - 1});
    }
};
void Ping::on(const Ball& m, kay::world& w) {
    ++hits;
    if (m.hops_left) w.send(pong, Ball{m.hops_left - 1});
}

/// Two who play, in two places or in one.
struct table {
    table(std::uint64_t rounds_max, std::uint32_t place_of_pong)
        : system{{.places = 2, .rounds_max = rounds_max}} {
        system.add<Ping, Pong, Actor, Other>();
        ping = system.spawn<Ping>(kay::in_place{0});
        pong = system.spawn<Pong>(kay::in_place{place_of_pong}, Pong{.ping = ping});
        system.send(ping, Meet{pong});
        EXPECT_TRUE(system.turn());
    }
    std::uint32_t hits() const { return system.find(ping)->hits + system.find(pong)->hits; }
    std::uint64_t queued() const {
        std::uint64_t sum = 0;
        for (const auto& t : system.statistics().types) sum += t.queued;
        return sum;
    }

    kay::actor_system system;
    kay::id<Ping> ping;
    kay::id<Pong> pong;
};

TEST(failure, a_turn_may_use_all_its_rounds) {
    for (std::uint32_t place : {0u, 1u})
        for (std::uint32_t hops : {0u, 1u, 2u, 30u}) {
            table enough(hops + 1, place);
            enough.system.send(enough.ping, Ball{hops});
            const auto done = enough.system.turn();
            ASSERT_TRUE(done) << done.error().text;
            EXPECT_EQ(done->rounds, hops + 1);
            EXPECT_EQ(enough.hits(), hops + 1);
            if (hops == 0) continue;
            table one_short(hops, place);
            one_short.system.send(one_short.ping, Ball{hops});
            EXPECT_FALSE(one_short.system.turn());
            EXPECT_EQ(one_short.hits(), hops);
            EXPECT_TRUE(one_short.system.turn());
            EXPECT_EQ(one_short.hits(), hops + 1);
        }
}

TEST(failure, messages_in_circles_are_told_with_the_types_that_send_them) {
    for (std::uint32_t place : {0u, 1u}) {
        table t(100, place);
        constexpr std::uint32_t forever = ~0u;
        t.system.send(t.ping, Ball{forever});
        t.system.send(t.pong, Ball{forever});
        const kay::log_capture log(kay::log_level::error);
        const auto stopped = t.system.turn();
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, kay::error_code::exhausted);
        const std::string& text = stopped.error().text;
        EXPECT_TRUE(contains(text, "turn 2 did not end within 100 rounds")) << text;
        EXPECT_TRUE(contains(text, "failure_test::Ping, failure_test::Pong")) << text;
        EXPECT_FALSE(contains(text, "Actor")) << text;
        EXPECT_EQ(t.queued(), 2u);
        EXPECT_EQ(t.hits(), 200u);
        EXPECT_FALSE(t.system.turn()); // goes on for as long again
        EXPECT_EQ(t.hits(), 400u);
        EXPECT_EQ(t.queued(), 2u);
        EXPECT_EQ(t.system.turn_number(), 2u);
    }
}

TEST(failure, messages_in_circles_are_logged_too) {
    table t(100, 1);
    t.system.send(t.ping, Ball{~0u});
    const kay::log_capture log(kay::log_level::error);
    const auto stopped = t.system.turn();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(log.lines(), (std::vector<std::string>{"[turn 2] error: " + stopped.error().text}));
}

TEST(failure, a_long_game_is_played_to_its_end_in_several_attempts) {
    table t(1000, 1);
    t.system.send(t.ping, Ball{4999});
    int attempts = 1;
    auto done = t.system.turn();
    for (; !done && attempts < 20; ++attempts) done = t.system.turn();
    ASSERT_TRUE(done);
    EXPECT_EQ(attempts, 5);
    EXPECT_EQ(t.hits(), 5000u);
    EXPECT_EQ(t.queued(), 0u);
    EXPECT_EQ(done->turn, 2u);
    EXPECT_EQ(done->messages, 5000u);
}

// ---- memory

struct Page {
    std::uint64_t number = 0;
    std::array<std::uint64_t, 500> bytes{};
};
struct Fill {
    std::uint32_t pages;
};
struct Breed {
    std::uint32_t count;
};
struct Swell {
    std::uint32_t numbers;
};

/// Uses up memory in several ways.
struct Glutton {
    using messages = kay::messages<Step, Fill, Breed, Swell, Page>;
    kay::id<Glutton> to;
    std::uint64_t steps = 0;
    std::uint64_t pages = 0;
    std::uint64_t out_of_order = 0;
    kay::vector<std::uint64_t> numbers = {};

    void on(const Step&, kay::world&) { ++steps; }
    void on(const Page& m, kay::world&) { out_of_order += m.number != pages++; }
    void on(const Fill& m, kay::world& w) {
        Page page;
        for (std::uint32_t i = 0; i < m.pages; ++i) {
            page.number = i;
            w.send(to, page);
        }
    }
    void on(const Breed& m, kay::world& w) {
        for (std::uint32_t i = 0; i < m.count; ++i) w.spawn<Glutton>();
    }
    void on(const Swell& m, kay::world&) {
        for (std::uint32_t i = 0; i < m.numbers; ++i) numbers.push_back(numbers.size());
    }
};

/// The least that a system may be given.
kay::system_options little(std::uint32_t places) {
    return {.places = places, .workers = 1, .memory_bytes_max = 8 * mebibyte};
}

void expect_out_of_memory(const kay::result<kay::turn_summary>& failed, std::string_view message) {
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, kay::error_code::out_of_memory);
    const std::string& text = failed.error().text;
    EXPECT_TRUE(contains(text, "failed in the handler of failure_test::" + std::string(message)))
        << text;
    EXPECT_TRUE(contains(text, "out of memory")) << text;
    EXPECT_TRUE(contains(text, "8388608")) << text; // what it was given
    EXPECT_TRUE(contains(text, "raise memory_bytes_max")) << text;
}

TEST(failure, messages_that_outgrow_the_memory_are_told_and_those_sent_arrive) {
    kay::actor_system system{little(2)};
    system.add<Glutton>();
    const auto to = system.spawn<Glutton>(kay::in_place{1});
    const auto from = system.spawn<Glutton>(kay::in_place{0}, Glutton{.to = to});
    system.send(from, Fill{10'000}); // 40 MB
    system.send(from, Step{});
    expect_out_of_memory(system.turn(), "Fill");
    EXPECT_EQ(system.find(from)->steps, 0u);
    ASSERT_TRUE(system.resume(skip));
    EXPECT_EQ(system.find(from)->steps, 1u);
    EXPECT_GT(system.find(to)->pages, 1500u); // nearly all of 8 MiB
    EXPECT_LT(system.find(to)->pages, 2100u);
    EXPECT_EQ(system.find(to)->out_of_order, 0u);
    // There is room again.
    system.send(from, Fill{100});
    EXPECT_TRUE(system.turn());
}

TEST(failure, instances_that_outgrow_the_memory_are_told_and_those_made_live) {
    kay::actor_system system{little(2)};
    system.add<Glutton>();
    const auto parent = system.spawn<Glutton>(kay::in_place{0});
    system.send(parent, Breed{1'000'000});
    system.send(parent, Step{});
    expect_out_of_memory(system.turn(), "Breed");
    ASSERT_TRUE(system.resume(skip));
    EXPECT_EQ(system.find(parent)->steps, 1u);
    const std::size_t alive = system.count<Glutton>();
    EXPECT_GT(alive, 50'000u);
    EXPECT_TRUE(system.send(kay::all<Glutton>, Step{}));
    ASSERT_TRUE(system.turn());
    std::size_t reached = 0;
    system.each<Glutton>([&](kay::id<Glutton> id, const Glutton& g) {
        reached += g.steps == (id == parent ? 2u : 1u);
    });
    EXPECT_EQ(reached, alive);
}

TEST(failure, a_container_that_outgrows_the_memory_keeps_what_it_holds) {
    kay::actor_system system{little(1)};
    system.add<Glutton>();
    const auto neighbour = system.spawn<Glutton>();
    const auto eater = system.spawn<Glutton>();
    system.send(neighbour, Swell{1000});
    system.send(eater, Swell{2'000'000}); // 16 MB
    system.send(eater, Step{});
    expect_out_of_memory(system.turn(), "Swell");
    ASSERT_EQ(system.find(eater)->numbers.size(), 2'000'000u); // on the heap, for now
    for (std::uint32_t i = 0; i < 2'000'000; i += 1999)
        EXPECT_EQ(system.find(eater)->numbers[i], i);
    EXPECT_EQ(system.find(neighbour)->numbers.size(), 1000u);
    EXPECT_EQ(system.find(neighbour)->numbers[999], 999u);
}

TEST(failure, what_the_outside_sends_beyond_the_memory_is_refused_and_the_rest_arrives_in_order) {
    kay::actor_system system{little(4)};
    system.add<Glutton>();
    const auto to = system.spawn<Glutton>(kay::in_place{1});
    Page page;
    while (page.number < 10'000 && system.send(to, page)) ++page.number;
    ASSERT_LT(page.number, 10'000u);
    const auto problem = system.take_problem();
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->code, kay::error_code::out_of_memory);
    EXPECT_TRUE(contains(problem->text, "was not sent")) << problem->text;
    const auto done = system.turn();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->messages, page.number);
    EXPECT_EQ(system.find(to)->pages, page.number);
    EXPECT_EQ(system.find(to)->out_of_order, 0u);
    EXPECT_TRUE(system.send(to, page)); // there is room again
}

/// Uses up the memory for messages with pages to one actor. The next small message still fits
/// behind them; one to another place needs memory that there is not.
std::uint64_t fill_with_pages(kay::actor_system& system, kay::id<Glutton> to) {
    Page page;
    while (page.number < 10'000 && system.send(to, page)) ++page.number;
    EXPECT_TRUE(system.take_problem());
    return page.number;
}

TEST(failure, a_message_that_was_refused_to_a_place_that_got_none_does_no_harm) {
    kay::actor_system system{little(4)};
    system.add<Glutton>();
    const auto full = system.spawn<Glutton>(kay::in_place{0});
    const auto empty = system.spawn<Glutton>(kay::in_place{1});
    ASSERT_TRUE(system.turn());
    const std::uint64_t pages = fill_with_pages(system, full);
    ASSERT_FALSE(system.send(empty, Step{}));
    ASSERT_EQ(system.statistics().types[0].queued, pages);
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(full)->pages, pages);
    EXPECT_EQ(system.find(empty)->steps, 0u);
    EXPECT_TRUE(system.send(empty, Step{}));
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(empty)->steps, 1u);
}

TEST(failure, a_broadcast_that_was_refused_reaches_nobody) {
    kay::actor_system system{little(4)};
    system.add<Glutton>();
    std::vector<kay::id<Glutton>> all;
    for (int i = 0; i < 16; ++i) all.push_back(system.spawn<Glutton>());
    ASSERT_TRUE(system.turn());
    fill_with_pages(system, all[0]);
    ASSERT_FALSE(system.send(kay::all<Glutton>, Step{}));
    ASSERT_TRUE(system.turn());
    for (auto id : all) EXPECT_EQ(system.find(id)->steps, 0u) << "in place " << id.place();
}

// ---- options

TEST(failure, options_at_their_bounds_are_taken) {
    EXPECT_TRUE(kay::actor_system::create({.places = 1, .workers = 1}));
    EXPECT_TRUE(kay::actor_system::create({.places = 4096, .workers = 1}));
    EXPECT_TRUE(kay::actor_system::create({.places = 2, .workers = 1024})); // two of them, then
    EXPECT_TRUE(kay::actor_system::create({.step = std::chrono::nanoseconds(1)}));
    EXPECT_TRUE(kay::actor_system::create({.rounds_max = 1}));
    EXPECT_TRUE(kay::actor_system::create({.memory_bytes_max = 8 * mebibyte}));
    EXPECT_TRUE(kay::actor_system::create({.post_bytes_max = 65536}));
}

TEST(failure, options_beyond_their_bounds_are_refused_by_name_and_with_the_bound) {
    const auto refused = [](const kay::system_options& o) {
        const auto made = kay::actor_system::create(o);
        if (made) return std::string("it was taken");
        EXPECT_EQ(made.error().code, kay::error_code::invalid_argument);
        return made.error().text;
    };
    EXPECT_EQ(refused({.places = 3}), "places must be a power of two from 1 to 4096, not 3");
    EXPECT_EQ(refused({.places = ~0u}),
              "places must be a power of two from 1 to 4096, not 4294967295");
    EXPECT_EQ(refused({.workers = 1025}),
              "workers must be at most 1024 (0: one for each core), not 1025");
    EXPECT_EQ(refused({.step = std::chrono::nanoseconds(0)}),
              "step must be longer than zero: it is one turn's time");
    EXPECT_EQ(refused({.step = std::chrono::seconds(-1)}),
              "step must be longer than zero: it is one turn's time");
    EXPECT_EQ(refused({.rounds_max = 0}), "rounds_max must be at least 1");
    EXPECT_EQ(refused({.memory_bytes_max = 8 * mebibyte - 1}),
              "memory_bytes_max must be 0 (no bound) or at least 8388608, not 8388607");
    EXPECT_EQ(refused({.post_bytes_max = 65535}),
              "post_bytes_max must be at least 65536, not 65535");
    try {
        const kay::actor_system made({.rounds_max = 0});
        ADD_FAILURE() << "it was taken";
    } catch (const std::invalid_argument& e) {
        EXPECT_STREQ(e.what(), "rounds_max must be at least 1");
    }
}

// ---- ids and places that are not there

struct Forward {
    kay::id<Other> to;
    kay::id<Stepper> any = {};
};
struct SpawnFar {
    std::uint32_t place;
};
struct SendNever {};
struct SpawnNever {};

/// Does what it is told, however wrong.
struct Fool {
    using messages = kay::messages<Forward, SpawnFar, SendNever, SpawnNever, Step>;
    std::uint32_t steps = 0;
    void on(const Forward& m, kay::world& w) {
        w.send(m.to, Step{1});
        w.send(m.any, Step{1});
    }
    void on(const SpawnFar& m, kay::world& w) { w.spawn<Other>(kay::in_place{m.place}); }
    void on(const SendNever&, kay::world& w) { w.send(kay::all<Never>, Step{1}); }
    void on(const SpawnNever&, kay::world& w) { w.spawn<Never>(); }
    void on(const Step&, kay::world&) { ++steps; }
};

struct fools {
    fools() : system{{.places = 2}} {
        system.add<Fool, Other>();
        fool = system.spawn<Fool>(kay::in_place{1});
        other = system.spawn<Other>(kay::in_place{1});
        EXPECT_TRUE(system.turn());
    }
    void expect_failure(std::string_view part) {
        const auto failed = system.turn();
        ASSERT_FALSE(failed);
        EXPECT_TRUE(contains(failed.error().text, to_string(fool))) << failed.error().text;
        EXPECT_TRUE(contains(failed.error().text, part)) << failed.error().text;
        ASSERT_TRUE(system.resume(skip));
        EXPECT_EQ(system.count<Other>(), 1u);
    }
    std::string refusal() {
        const auto problem = system.take_problem();
        return problem ? problem->text : "no problem";
    }

    kay::actor_system system;
    kay::id<Fool> fool;
    kay::id<Other> other;
};

TEST(failure, a_handler_that_spawns_into_a_place_that_is_not_there_fails) {
    fools f;
    f.system.send(f.fool, SpawnFar{2});
    f.expect_failure("there is no place 2: this world has places 0 to 1");
    f.system.send(f.fool, SpawnFar{~0u});
    f.expect_failure("there is no place 4294967295");
}

TEST(failure, the_outside_cannot_spawn_into_a_place_that_is_not_there) {
    fools f;
    EXPECT_FALSE(f.system.spawn<Other>(kay::in_place{2}));
    EXPECT_EQ(f.refusal(), "there is no place 2: this world has places 0 to 1");
    EXPECT_FALSE(f.system.spawn<Other>(kay::beside(kay::id<Other>{kay::raw_id{77, 1, 0}})));
    EXPECT_EQ(f.refusal(), "there is no place 77: this world has places 0 to 1");
    ASSERT_TRUE(f.system.turn());
    EXPECT_EQ(f.system.count<Other>(), 1u);
}

TEST(failure, a_handler_that_names_a_type_that_was_not_added_fails) {
    fools f;
    f.system.send(f.fool, SendNever{});
    f.expect_failure("failure_test::Never was not added to this system");
    f.system.send(f.fool, SpawnNever{});
    f.expect_failure("failure_test::Never was not added to this system");
}

TEST(failure, a_handlers_message_to_nobody_is_a_dead_letter) {
    fools f;
    f.system.send(f.fool, Forward{{}, {}}); // one by type, one by trait
    ASSERT_TRUE(f.system.turn());
    const auto s = f.system.statistics();
    EXPECT_EQ(s.dead_letters, 2u);
    EXPECT_EQ(s.types[1].name, "failure_test::Other");
    EXPECT_EQ(s.types[1].messages[0].dead_letters, 1u);
}

TEST(failure, a_handlers_message_to_an_id_that_was_never_given_out_is_a_dead_letter) {
    fools f;
    const auto unknown_slot = kay::id<Other>{kay::raw_id{1, 1, 5000}};
    const auto far_slot = kay::id<Other>{kay::raw_id{0, 1, kay::slot_max}}; // no store there at all
    const auto later =
        kay::id<Other>{kay::raw_id{f.other.place(), f.other.generation() + 1, f.other.slot()}};
    for (auto id : {unknown_slot, far_slot, later}) f.system.send(f.fool, Forward{id, id});
    ASSERT_TRUE(f.system.turn());
    EXPECT_EQ(f.system.statistics().dead_letters, 6u);
    EXPECT_EQ(f.system.find(f.other)->steps, 0u);
    EXPECT_TRUE(f.system.take_outbox().empty());
}

TEST(failure, an_id_whose_slot_is_no_slot_does_not_stand_for_everybody) {
    fools f;
    const kay::id<Other> nobody{kay::raw_id{f.other.place(), 1, kay::slot_max + 1}};
    EXPECT_FALSE(f.system.send(nobody, Step{}));
    f.system.send(f.fool, Forward{nobody, {}});
    auto poster = f.system.make_poster();
    poster.post(nobody, Step{});
    ASSERT_TRUE(f.system.turn());
    EXPECT_EQ(f.system.find(f.other)->steps, 0u);
}

TEST(failure, ids_of_traits_are_checked_like_others) {
    fools f;
    EXPECT_TRUE(f.system.send(kay::id<Stepper>(f.other), Step{}));
    EXPECT_FALSE(
        f.system.send(kay::id<Stepper>(kay::raw_id{9, 1, 0}, kay::type_key<Other>), Step{}));
    EXPECT_EQ(f.refusal(),
              "failure_test::Other@9:1:0 is from another world: this one has places 0 to 1");
    EXPECT_FALSE(
        f.system.send(kay::id<Stepper>(kay::raw_id{1, 1, 77}, kay::type_key<Other>), Step{}));
    EXPECT_TRUE(contains(f.refusal(), "never gave it to anybody"));
    EXPECT_FALSE(f.system.send(kay::id<Stepper>(f.other.raw(), kay::type_key<Never>), Step{}));
    EXPECT_TRUE(contains(f.refusal(), "was not added"));
    EXPECT_FALSE(f.system.send(kay::id<Stepper>{}, Step{}));
    EXPECT_TRUE(contains(f.refusal(), "names nobody")); // not: a type that has to be added
    ASSERT_TRUE(f.system.turn());
    EXPECT_EQ(f.system.find(f.other)->steps, 1u);
}

TEST(failure, an_id_of_somebody_dead_is_taken_and_becomes_a_dead_letter) {
    kay::actor_system system{{.places = 2}};
    system.add<Actor, Other>();
    const auto actor = system.spawn<Actor>();
    EXPECT_TRUE(system.send(actor, Die{}));
    ASSERT_TRUE(system.turn());
    EXPECT_FALSE(system.find(actor));
    EXPECT_TRUE(system.send(actor, Step{}));
    EXPECT_FALSE(system.take_problem());
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.statistics().dead_letters, 1u);
}

TEST(failure, of_several_problems_the_oldest_is_kept_and_all_are_logged) {
    fools f;
    const kay::log_capture log(kay::log_level::error);
    EXPECT_FALSE(f.system.send(kay::id<Other>{}, Step{}));
    EXPECT_FALSE(f.system.spawn<Never>());
    EXPECT_FALSE(f.system.spawn<Other>(kay::in_place{5}));
    EXPECT_EQ(log.lines().size(), 3u);
    EXPECT_EQ(f.refusal(), "failure_test::Other@null names nobody");
    EXPECT_EQ(f.refusal(), "no problem");
}

TEST(failure, a_place_without_memory_for_more_ids_grants_fewer) {
    kay::actor_system system{little(2)};
    system.add<Fool, Other, Glutton>();
    const auto fool = system.spawn<Fool>(kay::in_place{1});
    constexpr std::uint32_t slots_in_page = 8192;
    for (std::uint32_t i = 0; i < slots_in_page - 3; ++i) system.spawn<Other>(kay::in_place{0});
    system.send(fool, SpawnFar{0}); // for which it is granted two more: one is left of the page
    ASSERT_TRUE(system.turn());
    for (int i = 0; system.spawn<Glutton>(kay::in_place{1}); ++i) ASSERT_LT(i, 1'000'000);
    system.take_problem();
    system.send(fool, SpawnFar{0});
    system.send(fool, SpawnFar{0}); // four are to be granted now
    EXPECT_NO_THROW({
        const auto done = system.turn();
        EXPECT_TRUE(done) << done.error().text;
    });
    EXPECT_EQ(system.count<Other>(), slots_in_page);
}

struct Table {
    int entries = 0;
};
struct Reader;
struct Read {
    kay::constant<Table> table;
};
struct SpawnBeside {
    kay::id<Reader> other;
};
struct Reader {
    using messages = kay::messages<Read, SpawnBeside>;
    int sum = 0;
    void on(const Read& m, kay::world& w) { sum += w[m.table].entries; }
    void on(const SpawnBeside& m, kay::world& w) { w.spawn<Reader>(kay::beside(m.other)); }
};

TEST(failure, reading_a_constant_that_is_null_is_one_of_the_handler) {
    kay::actor_system system{{.places = 2}};
    ASSERT_TRUE((system.add<Reader, Actor>()));
    const auto reader = system.spawn<Reader>();
    system.send(reader, Read{});
    system.send(reader, Read{system.make_constant(Table{7})});
    const auto failed = system.turn();
    ASSERT_FALSE(failed);
    EXPECT_TRUE(contains(failed.error().text, "Reader@")) << failed.error().text;
    EXPECT_TRUE(contains(failed.error().text, "constant that is null")) << failed.error().text;
    ASSERT_TRUE(system.resume(skip));
    EXPECT_EQ(system.find(reader)->sum, 7);
}

TEST(failure, beside_nobody_is_no_place) {
    kay::actor_system system{{.places = 2}};
    system.add<Reader>();
    EXPECT_FALSE(system.spawn<Reader>(kay::beside(kay::id<Reader>{})));
    const auto problem = system.take_problem();
    ASSERT_TRUE(problem);
    EXPECT_TRUE(contains(problem->text, "the id is null")) << problem->text;
    system.send(system.spawn<Reader>(), SpawnBeside{});
    const auto failed = system.turn();
    ASSERT_FALSE(failed);
    EXPECT_TRUE(contains(failed.error().text, "the id is null")) << failed.error().text;
}

struct Meddle {};
kay::actor_system* meddled_with = nullptr;
struct Meddler {
    using messages = kay::messages<Meddle>;
    int dummy = 0;
    void on(const Meddle&, kay::world&) { static_cast<void>(meddled_with->turn()); }
};

TEST(failure, a_handler_that_drives_its_own_system_is_stopped) {
    kay::actor_system system{{.places = 1}};
    system.add<Meddler>();
    meddled_with = &system;
    system.send(system.spawn<Meddler>(), Meddle{});
    EXPECT_DEATH(static_cast<void>(system.turn()), "is_in_handlers");
}

// ---- posters

TEST(failure, posts_to_nobody_are_dead_letters) {
    fools f;
    auto poster = f.system.make_poster();
    EXPECT_EQ(poster.post(kay::id<Other>{}, Step{}), kay::posted::accepted);
    EXPECT_EQ(poster.post(kay::id<Other>{kay::raw_id{1, 1, 77}}, Step{}), kay::posted::accepted);
    EXPECT_EQ(poster.post(kay::id<Stepper>{}, Step{}), kay::posted::accepted);
    EXPECT_EQ(poster.post(kay::all<Never>, Step{}), kay::posted::accepted);
    EXPECT_EQ(poster.post(kay::id<Never>{f.other.raw()}, Step{}), kay::posted::accepted);
    ASSERT_TRUE(f.system.turn());
    EXPECT_EQ(f.system.statistics().dead_letters, 5u);
    EXPECT_EQ(f.system.find(f.other)->steps, 0u);
}

TEST(failure, a_poster_past_its_budget_is_held_back_until_the_next_turn) {
    kay::actor_system system{{.places = 2, .post_bytes_max = 65536}};
    system.add<Glutton>();
    const auto to = system.spawn<Glutton>();
    ASSERT_TRUE(system.turn());
    auto poster = system.make_poster();
    std::uint64_t accepted = 0;
    for (std::uint64_t round = 1; round <= 3; ++round) {
        const std::uint64_t before = accepted;
        Page page;
        for (page.number = accepted; accepted < 100'000; page.number = accepted) {
            if (poster.post(to, page) == kay::posted::held_back) break;
            ++accepted;
        }
        EXPECT_GT(accepted - before, 10u);                        // 64 KiB of 4 KB pages
        EXPECT_LT(accepted - before, 100u);                       // and some chunks more
        EXPECT_EQ(poster.post(to, page), kay::posted::held_back); // it stays so
        EXPECT_EQ(system.statistics().posts_held_back, round * 2);
        ASSERT_TRUE(system.turn());
        EXPECT_EQ(system.find(to)->pages, accepted);
        EXPECT_EQ(system.find(to)->out_of_order, 0u);
    }
}

TEST(failure, a_poster_may_outlive_its_system) {
    std::optional<kay::poster> poster;
    kay::id<Other> to;
    {
        kay::actor_system system{{.places = 2, .post_bytes_max = 65536}};
        system.add<Other>();
        to = system.spawn<Other>();
        poster = system.make_poster();
    }
    std::uint32_t accepted = 0;
    while (accepted < 1'000'000 && poster->post(to, Step{}) == kay::posted::accepted) ++accepted;
    EXPECT_GT(accepted, 0u);
    EXPECT_LT(accepted, 1'000'000u); // nobody takes them any more
}

struct Grow {
    std::uint32_t count;
    std::uint32_t fails = ~0u; ///< whoever has this mark
};
struct Grower {
    using messages = kay::messages<Grow>;
    kay::vector<std::uint64_t> numbers;
    std::uint32_t mark = 0;
    void on(const Grow& m, kay::world& w) {
        for (std::uint32_t i = 0; i < m.count; ++i) numbers.push_back(i);
        if (m.fails == mark) w.fail("too many");
    }
};
/// Its name comes after Grower's, so that it runs after it.
struct Later {
    using messages = kay::messages<Grow>;
    kay::vector<std::uint64_t> numbers;
    void on(const Grow&, kay::world&) {}
};
/// Dies of everything but the message with its own number: of that it fails.
struct Survivor {
    using messages = kay::messages<Step>;
    std::uint32_t number = 0;
    void on(const Step& m, kay::world& w) {
        if (m.number == number)
            w.fail("alone");
        else
            w.die();
    }
};

template <class A>
void expect_names(const kay::result<kay::turn_summary>& done, kay::id<A> actor) {
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().text.find('@' + kay::to_string(kay::raw_id{actor.bits}) + ' '),
              std::string::npos)
        << done.error().text;
}

TEST(failure, names_the_actor_also_when_its_block_had_to_grow) {
    const kay::log_capture quiet(kay::log_level::error);
    kay::actor_system system{{.places = 1}};
    system.add<Grower>();
    const auto first = system.spawn<Grower>(), second = system.spawn<Grower>(Grower{{}, 7});
    system.send(first, Grow{100, 0});
    expect_names(system.turn(), first);
    ASSERT_TRUE(system.resume(skip));
    system.send(kay::all<Grower>, Grow{1000, 7});
    expect_names(system.turn(), second);
    EXPECT_EQ(system.find(second)->numbers.size(), 1000u);
}

TEST(failure, names_the_actor_also_when_all_others_died_of_the_same_broadcast) {
    const kay::log_capture quiet(kay::log_level::error);
    kay::actor_system system{{.places = 1}};
    system.add<Survivor>();
    constexpr std::uint32_t count = 20'000; // several chunks
    kay::id<Survivor> last;
    for (std::uint32_t i = 0; i < count; ++i) last = system.spawn<Survivor>(Survivor{i});
    system.send(kay::all<Survivor>, Step{count - 1});
    expect_names(system.turn(), last);
    EXPECT_EQ(system.count<Survivor>(), 1u);
}

TEST(failure, an_instance_that_found_no_room_waits_and_other_types_go_on) {
    const kay::log_capture quiet(kay::log_level::error);
    kay::actor_system system{{.places = 1, .memory_bytes_max = 8 * mebibyte}};
    system.add<Grower, Later>();
    const auto grower = system.spawn<Grower>();
    ASSERT_TRUE(system.turn());
    system.send(grower, Grow{1'000'000});
    system.send(kay::all<Later>, Grow{1}); // nobody is there
    expect_names(system.turn(), grower);
    ASSERT_TRUE(system.resume(skip));
    ASSERT_EQ(system.find(grower)->numbers.size(), 1'000'000u);
    for (std::uint32_t i = 0; i < 1'000'000; i += 1000)
        ASSERT_EQ(system.find(grower)->numbers[i], i);
    for (int i = 0; i < 100; ++i) system.spawn<Grower>(); // others come and go around it
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.count<Grower>(), 101u);
    EXPECT_EQ(system.find(grower)->numbers[999'999], 999'999u);
}

struct Socket {
    explicit Socket(int& count) : open(&count) { ++*open; }
    ~Socket() { --*open; }
    int* open;
};
int sockets_open = 0;
struct Client {
    using messages = kay::messages<Step>;
    kay::external<Socket> socket;
    void on(const Step&, kay::world&) {}
};
struct Acceptor {
    using messages = kay::messages<Step>;
    std::uint32_t unused = 0;
    void on(const Step&, kay::world& w) {
        for (std::uint32_t place = 0; place < w.place_count(); ++place) {
            Client client;
            client.socket.emplace(sockets_open);
            w.spawn<Client>(kay::in_place{place}, std::move(client));
        }
        w.fail("closed");
    }
};

TEST(failure, what_actors_own_ends_with_a_stopped_system_also_when_they_were_on_their_way) {
    const kay::log_capture quiet(kay::log_level::error);
    sockets_open = 0;
    {
        kay::actor_system system{{.places = 4}};
        system.add<Acceptor, Client>();
        system.send(system.spawn<Acceptor>(), Step{});
        ASSERT_FALSE(system.turn());
        EXPECT_EQ(sockets_open, 4);
    }
    EXPECT_EQ(sockets_open, 0);
}

} // namespace failure_test
