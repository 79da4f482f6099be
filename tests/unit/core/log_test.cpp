// SPDX-License-Identifier: MIT
//
// Logging: levels, sinks, capture, and the stamp of a line that a handler writes.
#include <kay/core/log.hpp>
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace log_test {

using kay::log_level;
using lines = std::vector<std::string>;

void write(log_level level, std::string_view text) { kay::write_log(level, 0, {}, {}, text); }

TEST(log, a_record_is_one_line_with_turn_actor_level_and_text) {
    EXPECT_EQ(to_string(kay::log_record{log_level::warning, 12, "Car", "0:1:42", "text"}),
              "[turn 12 Car 0:1:42] warning: text");
    EXPECT_EQ(to_string(kay::log_record{log_level::error, 0, {}, {}, "bad"}),
              "[turn 0] error: bad");
    EXPECT_EQ(to_string(kay::log_record{log_level::info, 3, "Car", {}, "x"}),
              "[turn 3 Car] info: x");
    EXPECT_EQ(to_string(kay::log_record{log_level::trace, 1, {}, {}, {}}), "[turn 1] trace: ");
    EXPECT_EQ(to_string(kay::log_record{log_level::debug, ~std::uint64_t{0}, {}, {}, "d"}),
              "[turn 18446744073709551615] debug: d");
}

TEST(log, capture_collects_everything_of_its_lifetime_in_order) {
    const kay::log_capture capture;
    write(log_level::trace, "one");
    write(log_level::error, "two");
    kay::write_log(log_level::info, 7, "Car", "1:2:3", "three");
    EXPECT_EQ(capture.lines(), (lines{"[turn 0] trace: one", "[turn 0] error: two",
                                      "[turn 7 Car 1:2:3] info: three"}));
}

TEST(log, records_below_the_level_are_dropped) {
    constexpr log_level all[] = {log_level::trace, log_level::debug, log_level::info,
                                 log_level::warning, log_level::error};
    for (std::size_t lowest = 0; lowest < std::size(all); ++lowest) {
        const kay::log_capture capture(all[lowest]);
        for (std::size_t level = 0; level < std::size(all); ++level) {
            EXPECT_EQ(kay::log_enabled(all[level]), level >= lowest);
            write(all[level], "x");
        }
        EXPECT_EQ(capture.lines().size(), std::size(all) - lowest);
    }
}

TEST(log, the_level_can_be_changed_at_any_time_and_switched_off) {
    const kay::log_capture capture(log_level::error);
    write(log_level::warning, "not seen");
    kay::set_log_level(log_level::debug);
    write(log_level::warning, "seen");
    write(log_level::trace, "not seen");
    kay::set_log_level(log_level::off);
    write(log_level::error, "not seen");
    EXPECT_FALSE(kay::log_enabled(log_level::error));
    EXPECT_EQ(capture.lines(), (lines{"[turn 0] warning: seen"}));
}

TEST(log, captures_nest_and_give_back_what_was_before) {
    const kay::log_capture outer(log_level::info);
    {
        const kay::log_capture inner(log_level::error);
        write(log_level::info, "dropped");
        write(log_level::error, "inner");
        EXPECT_EQ(inner.lines(), (lines{"[turn 0] error: inner"}));
    }
    EXPECT_TRUE(kay::log_enabled(log_level::info));
    EXPECT_FALSE(kay::log_enabled(log_level::debug));
    write(log_level::info, "outer");
    EXPECT_EQ(outer.lines(), (lines{"[turn 0] info: outer"}));
}

TEST(log, a_sink_gets_the_record_whole_and_can_be_put_back) {
    const kay::log_capture capture(log_level::trace); // restores level and sink afterwards
    struct seen {
        log_level level;
        std::uint64_t turn;
        std::string type, actor, text;
    };
    std::vector<seen> got;
    kay::log_sink before = kay::set_log_sink([&](const kay::log_record& r) {
        got.push_back({r.level, r.turn, std::string(r.actor_type), std::string(r.actor),
                       std::string(r.text)});
    });
    kay::write_log(log_level::debug, 9, "Car", "2:1:5", "from a car");
    ASSERT_TRUE(before); // the capture's
    kay::set_log_sink(std::move(before));
    write(log_level::debug, "to the capture");
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].level, log_level::debug);
    EXPECT_EQ(got[0].turn, 9u);
    EXPECT_EQ(got[0].type, "Car");
    EXPECT_EQ(got[0].actor, "2:1:5");
    EXPECT_EQ(got[0].text, "from a car");
    EXPECT_EQ(capture.lines(), (lines{"[turn 0] debug: to the capture"}));
}

TEST(log, what_a_sink_throws_harms_nobody) {
    const kay::log_capture capture(log_level::trace);
    int calls = 0;
    kay::log_sink before = kay::set_log_sink([&](const kay::log_record&) {
        ++calls;
        throw std::runtime_error("a broken sink");
    });
    write(log_level::info, "one");
    write(log_level::info, "two"); // the lock was given back
    kay::set_log_sink(std::move(before));
    EXPECT_EQ(calls, 2);
}

TEST(log, the_usual_sink_prints_to_the_standard_error_output) {
    const kay::log_capture restore(log_level::info);
    kay::log_sink before = kay::set_log_sink({});
    ::testing::internal::CaptureStderr();
    kay::write_log(log_level::warning, 4, "Car", "0:1:0", "hot");
    write(log_level::debug, "below the level");
    const std::string printed = ::testing::internal::GetCapturedStderr();
    kay::set_log_sink(std::move(before));
    EXPECT_EQ(printed, "kay: [turn 4 Car 0:1:0] warning: hot\n");
}

TEST(log, threads_may_write_at_the_same_time_and_no_line_is_lost_or_torn) {
    const kay::log_capture capture;
    constexpr int threads = 4, each = 500;
    std::vector<std::thread> writing;
    for (int t = 0; t < threads; ++t)
        writing.emplace_back([t] {
            for (int i = 0; i < each; ++i)
                write(log_level::info,
                      "thread " + std::to_string(t) + " line " + std::to_string(i));
        });
    for (auto& t : writing) t.join();
    const lines all = capture.lines();
    EXPECT_EQ(all.size(), static_cast<std::size_t>(threads * each));
    std::set<std::string> expected;
    for (int t = 0; t < threads; ++t)
        for (int i = 0; i < each; ++i)
            expected.insert("[turn 0] info: thread " + std::to_string(t) + " line " +
                            std::to_string(i));
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()), expected);
}

// ---- from a handler

struct Say {
    kay::string text;
    std::uint8_t level = 0;
};
struct SayAndDie {};
struct SpawnAndSay {};
struct Grow {};

struct Speaker {
    using messages = kay::messages<Say, SayAndDie, SpawnAndSay, Grow>;
    kay::vector<std::uint64_t> numbers;

    void on(const Say& m, kay::world& w) const {
        w.log(static_cast<log_level>(m.level), std::string_view(m.text));
    }
    void on(const SayAndDie&, kay::world& w) {
        w.die();
        w.log(log_level::info, "last words");
    }
    void on(const SpawnAndSay&, kay::world& w) {
        for (int i = 0; i < 100; ++i) w.spawn<Speaker>();
        w.log(log_level::info, "a parent");
    }
    void on(const Grow&, kay::world& w) {
        for (std::uint64_t i = 0; i < 1000; ++i) numbers.push_back(i);
        w.log(log_level::info, "larger than its block");
    }
};

std::string stamped(std::uint64_t turn, kay::id<Speaker> who, std::string_view rest) {
    return "[turn " + std::to_string(turn) + " log_test::Speaker " + to_string(who.raw()) + "] " +
           std::string(rest);
}

TEST(log, a_line_from_a_handler_bears_turn_type_and_id) {
    kay::actor_system system{{.places = 4}};
    system.add<Speaker>();
    const auto a = system.spawn<Speaker>(kay::in_place{3});
    ASSERT_TRUE(system.turn());
    ASSERT_TRUE(system.turn());
    const auto b = system.spawn<Speaker>(kay::in_place{3});
    const kay::log_capture capture;
    system.send(a, Say{"hello", 2});
    ASSERT_TRUE(system.turn());
    system.send(b, Say{"hm", 3});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(capture.lines(), (lines{stamped(3, a, "info: hello"), stamped(4, b, "warning: hm")}));
}

TEST(log, in_a_broadcast_each_line_bears_the_id_of_its_own_actor) {
    kay::actor_system system{{.places = 4, .workers = 1}};
    system.add<Speaker>();
    std::vector<kay::id<Speaker>> all;
    for (int i = 0; i < 40; ++i) all.push_back(system.spawn<Speaker>());
    const kay::log_capture capture;
    system.send(kay::all<Speaker>, Say{"here", 2});
    ASSERT_TRUE(system.turn());
    lines expected, got = capture.lines();
    for (auto id : all) expected.push_back(stamped(1, id, "info: here"));
    std::sort(expected.begin(), expected.end());
    std::sort(got.begin(), got.end());
    EXPECT_EQ(got, expected);
}

TEST(log, the_stamp_is_right_for_the_dying_the_spawning_and_the_growing) {
    kay::actor_system system{{.places = 2}};
    system.add<Speaker>();
    const auto a = system.spawn<Speaker>(kay::in_place{1});
    const auto b = system.spawn<Speaker>(kay::in_place{1});
    const auto c = system.spawn<Speaker>(kay::in_place{1});
    const kay::log_capture capture;
    system.send(a, SayAndDie{});
    system.send(b, SpawnAndSay{});
    system.send(c, Grow{});
    system.send(c, Say{"still me", 2});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(
        capture.lines(),
        (lines{stamped(1, a, "info: last words"), stamped(1, b, "info: a parent"),
               stamped(1, c, "info: larger than its block"), stamped(1, c, "info: still me")}));
}

TEST(log, lines_below_the_level_cost_a_handler_nothing_visible) {
    kay::actor_system system{{.places = 2}};
    system.add<Speaker>();
    const auto a = system.spawn<Speaker>();
    const kay::log_capture capture(log_level::warning);
    system.send(a, Say{"dropped", 2});
    system.send(a, Say{"kept", 4});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(capture.lines(), (lines{stamped(1, a, "error: kept")}));
}

TEST(log, lines_from_several_workers_arrive_whole) {
    kay::actor_system system{{.places = 16, .workers = 4}};
    system.add<Speaker>();
    constexpr std::size_t count = 2000;
    std::set<std::string> expected;
    for (std::size_t i = 0; i < count; ++i)
        expected.insert(stamped(1, system.spawn<Speaker>(), "info: here"));
    const kay::log_capture capture;
    system.send(kay::all<Speaker>, Say{"here", 2});
    ASSERT_TRUE(system.turn());
    const lines got = capture.lines();
    EXPECT_EQ(got.size(), count);
    EXPECT_EQ(std::set<std::string>(got.begin(), got.end()), expected);
}

TEST(log, what_the_system_cannot_do_is_written_with_the_turn_alone) {
    kay::actor_system system{{.places = 2}};
    system.add<Speaker>();
    ASSERT_TRUE(system.turn());
    const kay::log_capture capture;
    EXPECT_FALSE(system.send(kay::id<Speaker>{}, Grow{}));
    EXPECT_EQ(capture.lines(), (lines{"[turn 1] error: log_test::Speaker@null names nobody"}));
}

} // namespace log_test
