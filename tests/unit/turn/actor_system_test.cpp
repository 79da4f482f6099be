// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace actor_system_test {

struct Add {
    std::int64_t amount;
};
struct Note {
    kay::string text;
    kay::vector<std::uint32_t> numbers;
};
struct Forever {
    std::uint32_t unused = 0;
};
struct Fail {
    bool by_exception = false;
};
struct Kill {};
struct AskName {};

struct Counter {
    using messages = kay::messages<Add, Note, Forever, Fail, Kill, AskName>;
    std::int64_t sum = 0;
    kay::string last;
    std::uint64_t name = 0;

    void on(const Add& m, kay::world&) { sum += m.amount; }
    void on(const Note& m, kay::world&) {
        last = m.text;
        for (std::uint32_t n : m.numbers) sum += n;
    }
    void on(const Forever& m, kay::world& w) { w.send(w.id_of(*this), m); }
    void on(const Fail& m, kay::world& w) {
        ++sum;
        if (m.by_exception) throw std::runtime_error("thrown");
        w.fail("told");
    }
    void on(const Kill&, kay::world& w) { w.die(); }
    void on(const AskName&, kay::world& w) { name = w.id_of(*this).bits; }
};

struct Stranger {
    using messages = kay::messages<Add>;
    std::int64_t sum = 0;
    void on(const Add& m, kay::world&) { sum += m.amount; }
};

struct Courier {
    using messages = kay::messages<Add>;
    kay::id<Counter> to;
    void on(const Add& m, kay::world& w) { w.send(to, m); }
};

struct Clock {
    using messages = kay::messages<Add, Kill>;
    static constexpr bool singleton = true;
    std::int64_t now = 0;
    void on(const Add& m, kay::world&) { now += m.amount; }
    void on(const Kill&, kay::world& w) { w.die(); }
};

TEST(actor_system, the_program_of_the_first_page_works) {
    kay::actor_system system{{.places = 16, .seed = 42}};
    system.add<Counter>();
    auto counter = system.spawn<Counter>();
    system.send(counter, Add{3});
    system.send(kay::all<Counter>, Add{1});
    const auto done = system.turn();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->turn, 1u);
    EXPECT_EQ(done->messages, 2u);
    EXPECT_EQ(system.find(counter)->sum, 4);
}

TEST(actor_system, options_that_make_no_sense_are_told_with_what_to_do) {
    const auto text_of = [](const kay::system_options& o) {
        auto made = kay::actor_system::create(o);
        return made ? std::string() : made.error().text;
    };
    EXPECT_EQ(text_of({}), "");
    EXPECT_EQ(text_of({.places = 0}), "places must be a power of two from 1 to 4096, not 0");
    EXPECT_EQ(text_of({.places = 12}), "places must be a power of two from 1 to 4096, not 12");
    EXPECT_EQ(text_of({.places = 8192}), "places must be a power of two from 1 to 4096, not 8192");
    EXPECT_NE(text_of({.workers = 5000}), "");
    EXPECT_NE(text_of({.step = std::chrono::nanoseconds(0)}), "");
    EXPECT_NE(text_of({.rounds_max = 0}), "");
    EXPECT_NE(text_of({.memory_bytes_max = 1}), "");
    EXPECT_NE(text_of({.post_bytes_max = 1}), "");
    EXPECT_THROW(kay::actor_system({.places = 3}), std::invalid_argument);
}

TEST(actor_system, a_handler_learns_its_own_id) {
    kay::actor_system system{{.places = 4}};
    system.add<Counter>();
    std::vector<kay::id<Counter>> ids;
    for (int i = 0; i < 100; ++i) ids.push_back(system.spawn<Counter>());
    for (std::size_t i = 0; i < 50; ++i) system.send(ids[i], AskName{});
    ASSERT_TRUE(system.turn());
    for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(system.find(ids[i])->name, ids[i].bits);
    system.send(kay::all<Counter>, AskName{});
    ASSERT_TRUE(system.turn());
    for (auto id : ids) EXPECT_EQ(system.find(id)->name, id.bits);
}

TEST(actor_system, messages_with_containers_arrive_whole) {
    kay::actor_system system{{.places = 4}};
    system.add<Counter>();
    const auto counter = system.spawn<Counter>(kay::in_place{3});
    Note note;
    note.text = "a text that is longer than any small buffer would be";
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        note.numbers.push_back(i);
        sum += i;
    }
    system.send(counter, note);
    system.send(counter, Note{});
    system.send(counter, note);
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(counter)->sum, 2 * sum);
    EXPECT_EQ(system.find(counter)->last, note.text);
}

TEST(actor_system, spawns_from_outside_are_spread_evenly_or_placed) {
    kay::actor_system system{{.places = 8}};
    system.add<Counter>();
    std::vector<int> in(8);
    for (int i = 0; i < 80; ++i) ++in[system.spawn<Counter>().place()];
    EXPECT_EQ(in, std::vector<int>(8, 10));
    const auto placed = system.spawn<Counter>(kay::in_place{6});
    EXPECT_EQ(placed.place(), 6u);
    EXPECT_EQ(system.spawn<Counter>(kay::beside(placed)).place(), 6u);
}

TEST(actor_system, spawning_hands_over_the_first_state) {
    kay::actor_system system{{.places = 2}};
    system.add<Counter>();
    Counter first;
    first.sum = 12;
    first.last = "hello, this is somewhat long";
    const auto id = system.spawn<Counter>(std::move(first));
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(id)->sum, 12);
    EXPECT_EQ(system.find(id)->last, "hello, this is somewhat long");
}

TEST(actor_system, a_singleton_is_there_and_cannot_die) {
    kay::actor_system system{{.places = 4}};
    system.add<Counter, Clock>();
    system.send(kay::the<Clock>, Add{5});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system[kay::the<Clock>].now, 5);
    system.send(kay::the<Clock>, Kill{});
    const auto failed = system.turn();
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().text.find("a singleton cannot die"), std::string::npos);
    ASSERT_TRUE(system.resume(kay::actor_system::after_failure::skip));
    EXPECT_EQ(system.count<Clock>(), 1u);
}

TEST(actor_system, messages_that_go_round_in_circles_are_told_and_kept) {
    kay::actor_system system{{.places = 2, .rounds_max = 1000}};
    system.add<Counter>();
    system.send(system.spawn<Counter>(), Forever{});
    const auto first = system.turn();
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().code, kay::error_code::exhausted);
    EXPECT_NE(first.error().text.find("Counter"), std::string::npos) << first.error().text;
    EXPECT_NE(first.error().text.find("1000 rounds"), std::string::npos) << first.error().text;
    EXPECT_EQ(system.statistics().types[0].queued, 1u);
    EXPECT_FALSE(system.turn()); // goes on, and does not end either
    EXPECT_EQ(system.turn_number(), 1u);
}

TEST(actor_system, a_failed_handler_ends_the_turn_and_names_actor_message_and_text) {
    for (const bool by_exception : {false, true}) {
        kay::actor_system system{{.places = 4, .workers = 2}};
        system.add<Counter>();
        const auto counter = system.spawn<Counter>(kay::in_place{2});
        const auto other = system.spawn<Counter>(kay::in_place{1});
        system.send(counter, Add{10});
        system.send(counter, Fail{by_exception});
        system.send(counter, Add{100});
        system.send(other, Add{1});
        const auto failed = system.turn();
        ASSERT_FALSE(failed);
        const std::string& text = failed.error().text;
        EXPECT_NE(text.find(to_string(counter)), std::string::npos) << text;
        EXPECT_NE(text.find("Fail"), std::string::npos) << text;
        EXPECT_NE(text.find(by_exception ? "thrown" : "told"), std::string::npos) << text;
        EXPECT_EQ(system.find(other)->sum, 1); // other places finish the round
        EXPECT_EQ(system.find(counter)->sum, 11);
        EXPECT_EQ(system.statistics().types[0].queued, 2u); // its own, and the one behind it
        EXPECT_FALSE(system.turn());                        // until it is resumed
        EXPECT_FALSE(system.resume(kay::actor_system::after_failure::retry));
        EXPECT_EQ(system.find(counter)->sum, 12);
        const auto resumed = system.resume(kay::actor_system::after_failure::skip);
        ASSERT_TRUE(resumed) << resumed.error().text;
        EXPECT_EQ(system.find(counter)->sum, 112);
        EXPECT_TRUE(system.turn());
    }
}

TEST(actor_system, an_id_from_another_world_is_refused_with_a_reason) {
    kay::actor_system system{{.places = 2}};
    system.add<Counter>();
    const auto mine = system.spawn<Counter>();
    ASSERT_TRUE(system.turn());
    EXPECT_TRUE(system.send(mine, Add{1}));
    const auto refused = [&](kay::raw_id raw, const char* part) {
        EXPECT_FALSE(system.send(kay::id<Counter>{raw}, Add{1}));
        const auto problem = system.take_problem();
        ASSERT_TRUE(problem);
        EXPECT_NE(problem->text.find(part), std::string::npos) << problem->text;
        EXPECT_FALSE(system.take_problem());
    };
    refused(kay::raw_id{9, 1, 0}, "places 0 to 1");
    refused(kay::raw_id{0, 1, 77}, "never gave");
    refused(kay::raw_id{mine.place(), mine.generation() + 1, mine.slot()}, "never gave");
    refused(kay::raw_id{}, "names nobody");
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(mine)->sum, 1);
}

TEST(actor_system, a_type_that_was_not_added_is_named) {
    kay::actor_system system{{.places = 2}};
    system.add<Counter>();
    EXPECT_FALSE(system.spawn<Stranger>());
    const auto problem = system.take_problem();
    ASSERT_TRUE(problem);
    EXPECT_NE(problem->text.find("actor_system_test::Stranger was not added"), std::string::npos)
        << problem->text;
    EXPECT_FALSE(system.send(kay::all<Stranger>, Add{1}));
    EXPECT_TRUE(system.turn());
}

TEST(actor_system, types_may_be_added_to_a_running_system) {
    kay::actor_system system{{.places = 4}};
    system.add<Counter>();
    const auto counter = system.spawn<Counter>();
    ASSERT_TRUE(system.turn());
    system.add<Stranger>();
    system.add<Clock>();
    const auto stranger = system.spawn<Stranger>();
    system.send(stranger, Add{2});
    system.send(counter, Add{3});
    system.send(kay::the<Clock>, Add{4});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(stranger)->sum, 2);
    EXPECT_EQ(system.find(counter)->sum, 3);
    EXPECT_EQ(system[kay::the<Clock>].now, 4);
}

TEST(actor_system, running_out_of_memory_is_an_error_and_nothing_is_lost) {
    kay::actor_system system{{.places = 2, .memory_bytes_max = std::size_t{8} << 20}};
    system.add<Counter, Stranger>();
    const auto keep = system.spawn<Stranger>();
    std::size_t made = 1;
    while (system.spawn<Stranger>()) ASSERT_LT(++made, 10'000'000u);
    const auto problem = system.take_problem();
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->code, kay::error_code::out_of_memory);
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.count<Stranger>(), made);
    system.send(kay::all<Stranger>, Add{1});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(keep)->sum, 1);
}

TEST(actor_system, messages_to_places_of_other_worlds_are_in_the_outbox) {
    kay::actor_system system{{.places = 2}};
    system.add<Counter, Courier>();
    const kay::raw_id far{500, 1, 3};
    const auto courier = system.spawn<Courier>(kay::in_place{0}, Courier{kay::id<Counter>{far}});
    system.send(courier, Add{7});
    ASSERT_TRUE(system.turn());
    const auto out = system.take_outbox();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].to, far);
    EXPECT_EQ(out[0].actor_type, "actor_system_test::Counter");
    EXPECT_EQ(out[0].bytes.size(), 8 + sizeof(Add));
    EXPECT_TRUE(system.take_outbox().empty());
}

TEST(actor_system, constants_are_read_in_handlers_without_messages) {
    kay::actor_system system{{.places = 2}};
    system.add<Counter>();
    kay::vector<std::uint32_t> primes{2, 3, 5, 7, 11};
    const auto constant = system.make_constant(std::move(primes));
    EXPECT_EQ(system[constant].size(), 5u);
    EXPECT_EQ(system[constant][4], 11u);
}

struct Prices {
    kay::vector<std::uint32_t> of;
};
struct Buy {
    std::uint32_t what;
};
struct Buyer {
    using messages = kay::messages<Buy>;
    kay::constant<Prices> prices;
    std::uint64_t paid = 0;
    void on(const Buy& m, kay::world& w) { paid += w[prices].of[m.what]; }
};

TEST(actor_system, a_constant_may_be_set_between_turns_and_all_handles_lead_to_the_new_value) {
    kay::actor_system system{{.places = 4}};
    system.add<Buyer>();
    const auto prices = system.make_constant(Prices{{1, 2, 3}});
    for (int i = 0; i < 100; ++i) system.spawn<Buyer>({prices});
    system.send(kay::all<Buyer>, Buy{2});
    ASSERT_TRUE(system.turn());
    const std::uint64_t before = system.hash();

    EXPECT_TRUE(system.set_constant(prices, Prices{{10, 20, 30, 40}}));
    EXPECT_EQ(system[prices].of.size(), 4u);
    EXPECT_NE(system.hash(), before); // it is state
    EXPECT_TRUE(system.set_constant(prices, Prices{{1, 2, 3}}));
    EXPECT_EQ(system.hash(), before);
    EXPECT_TRUE(system.set_constant(prices, Prices{{10, 20, 30, 40}}));
    system.send(kay::all<Buyer>, Buy{3});
    ASSERT_TRUE(system.turn());
    system.each<Buyer>([](kay::id<Buyer>, const Buyer& b) { EXPECT_EQ(b.paid, 3u + 40u); });
}

struct Dice {
    using messages = kay::messages<Buy>;
    std::uint32_t eyes = 6;
    void on(const Buy& m, kay::world& w) {
        w.spawn<Dice>({m.what});
        w.spawn<Dice>(kay::in_place{1});
        w.spawn<Dice>(kay::beside(w.id_of(*this)), {m.what});
    }
};

TEST(actor_system, a_state_in_braces_is_no_place) {
    kay::actor_system system{{.places = 2}};
    system.add<Dice>();
    const auto three = system.spawn<Dice>({3});
    const auto six = system.spawn<Dice>(kay::in_place{1});
    const auto five = system.spawn<Dice>(kay::beside(six), {5});
    system.send(three, Buy{4});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(three)->eyes, 3u);
    EXPECT_EQ(system.find(six)->eyes, 6u);
    EXPECT_EQ(system.find(five)->eyes, 5u);
    EXPECT_EQ(five.place(), 1u);
    std::vector<std::uint32_t> eyes;
    system.each<Dice>([&](kay::id<Dice>, const Dice& d) { eyes.push_back(d.eyes); });
    std::sort(eyes.begin(), eyes.end());
    EXPECT_EQ(eyes, (std::vector<std::uint32_t>{3, 4, 4, 5, 6, 6}));
}

TEST(actor_system, a_constant_of_another_world_cannot_be_set) {
    kay::actor_system system, other;
    const auto strange = other.make_constant(Prices{{1}});
    EXPECT_FALSE(system.set_constant(strange, Prices{{2}}));
    EXPECT_FALSE(system.set_constant(kay::constant<Prices>(), Prices{{2}}));
    const auto problem = system.take_problem();
    ASSERT_TRUE(problem);
    EXPECT_NE(problem->text.find("Prices"), std::string::npos) << problem->text;
    EXPECT_EQ(other[strange].of[0], 1u);
}

TEST(actor_system, posts_from_other_threads_arrive_in_order_and_once) {
    kay::actor_system system{{.places = 4, .workers = 2}};
    system.add<Counter>();
    const auto counter = system.spawn<Counter>();
    ASSERT_TRUE(system.turn());
    constexpr int threads = 3, each = 20'000;
    std::vector<std::thread> posting;
    for (int t = 0; t < threads; ++t)
        posting.emplace_back([p = system.make_poster(), counter]() mutable {
            for (int i = 0; i < each; ++i)
                while (p.post(counter, Add{1}) == kay::posted::held_back) std::this_thread::yield();
        });
    while (system.find(counter)->sum < threads * each) ASSERT_TRUE(system.turn());
    for (auto& t : posting) t.join();
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(counter)->sum, threads * each);
}

TEST(actor_system, statistics_tell_instances_messages_and_time_by_type) {
    kay::actor_system system{{.places = 2, .statistics = true}};
    system.add<Counter, Stranger>();
    const auto a = system.spawn<Counter>();
    system.spawn<Counter>();
    system.send(a, Add{1});
    system.send(kay::all<Counter>, Add{1});
    ASSERT_TRUE(system.turn());
    const auto s = system.statistics();
    ASSERT_EQ(s.types.size(), 2u);
    EXPECT_EQ(s.types[0].name, "actor_system_test::Counter");
    EXPECT_EQ(s.types[0].instances, 2u);
    EXPECT_EQ(s.types[0].messages[0].handled, 3u);
    EXPECT_EQ(s.types[0].messages[0].sent, 3u); // one, and one packet for each place
    EXPECT_GT(s.types[0].nanoseconds, 0u);
    EXPECT_EQ(s.types[1].instances, 0u);
    EXPECT_EQ(s.messages, 3u);
}

template <int N>
struct Filler {
    using messages = kay::messages<Add>;
    std::int64_t sum = 0;
    void on(const Add& m, kay::world&) { sum += m.amount; }
};

TEST(actor_system, types_that_come_late_leave_what_was_sent_before_as_it_is) {
    kay::actor_system system{{.places = 4}};
    system.add<Counter>();
    const auto counter = system.spawn<Counter>();
    system.send(counter, Add{3});
    system.add<Filler<0>, Filler<1>, Filler<2>, Filler<3>, Filler<4>, Filler<5>, Filler<6>,
               Filler<7>, Filler<8>>();
    const auto late = system.spawn<Filler<8>>();
    system.send(counter, Add{4});
    system.send(late, Add{5});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(counter)->sum, 7);
    EXPECT_EQ(system.find(late)->sum, 5);
}

TEST(actor_system, a_type_that_is_added_in_a_stopped_turn_is_a_problem_that_is_kept) {
    const kay::log_capture quiet(kay::log_level::error);
    kay::actor_system system{{.places = 1}};
    system.add<Counter>();
    system.send(system.spawn<Counter>(), Fail{});
    ASSERT_FALSE(system.turn());
    EXPECT_FALSE(system.add<Stranger>());
    const auto problem = system.take_problem();
    ASSERT_TRUE(problem);
    EXPECT_NE(problem->text.find("between turns"), std::string::npos);
}

TEST(actor_system, the_hash_tells_worlds_apart_whose_time_runs_differently) {
    const auto hash = [](std::chrono::nanoseconds step) {
        kay::actor_system system{{.places = 1, .step = step}};
        system.add<Counter>();
        return system.hash();
    };
    EXPECT_EQ(hash(std::chrono::seconds(1)), hash(std::chrono::seconds(1)));
    EXPECT_NE(hash(std::chrono::seconds(1)), hash(std::chrono::seconds(2)));
}

TEST(actor_system, the_hash_tells_worlds_apart_whose_next_timers_get_other_names) {
    const auto make = [](bool other_way) {
        kay::actor_system system{{.places = 1}};
        system.add<Counter>();
        const auto counter = system.spawn<Counter>();
        EXPECT_TRUE(system.turn());
        const auto a = system.after(kay::turns{5}, counter, Add{1});
        const auto b = system.after(kay::turns{5}, counter, Add{1});
        system.cancel(other_way ? a : b);
        system.cancel(other_way ? b : a);
        return system.hash();
    };
    EXPECT_EQ(make(false), make(false));
    EXPECT_NE(make(false), make(true));
}

} // namespace actor_system_test
