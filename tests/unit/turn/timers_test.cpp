// SPDX-License-Identifier: MIT
//
// Timers as handlers and the outside use them: when they fire, in which order, to whom, how they
// end.
#include <kay/kay.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <new>
#include <random>
#include <string>
#include <vector>

namespace timers_test {

using namespace std::chrono_literals;

struct Note {
    std::uint64_t number;
};
struct Ring {}; // no bytes at all
struct Letter {
    kay::string text;
    kay::vector<std::uint32_t> numbers;
};
struct Die {};

struct Heard {
    std::uint64_t turn;
    std::uint64_t number;
    friend bool operator==(const Heard&, const Heard&) = default;
};
std::ostream& operator<<(std::ostream& out, const Heard& h) {
    return out << h.number << " in turn " << h.turn;
}
using heard = std::vector<Heard>;

/// Writes down what it hears, and when.
struct Listener {
    using messages = kay::messages<Note, Ring, Letter, Die>;
    kay::vector<Heard> notes;
    kay::string text;
    std::uint64_t sum = 0;

    void on(const Note& m, kay::world& w) { notes.push_back({w.turn(), m.number}); }
    void on(const Ring&, kay::world& w) { notes.push_back({w.turn(), 0}); }
    void on(const Letter& m, kay::world&) {
        text = m.text;
        for (std::uint32_t n : m.numbers) sum += n;
    }
    void on(const Die&, kay::world& w) { w.die(); }
};

/// Hears too, but is another type.
struct Watcher {
    using messages = kay::messages<Die, Note>;
    kay::vector<Heard> notes;
    void on(const Die&, kay::world& w) { w.die(); }
    void on(const Note& m, kay::world& w) { notes.push_back({w.turn(), m.number}); }
};

/// One of many: what broadcasts are for. Remembers the last few notes.
struct Citizen {
    using messages = kay::messages<Note, Die>;
    std::array<Heard, 4> notes{};
    std::uint32_t count = 0;
    void on(const Note& m, kay::world& w) { notes[count++ % 4] = {w.turn(), m.number}; }
    void on(const Die&, kay::world& w) { w.die(); }
};

struct Herald {
    using messages = kay::messages<Note>;
    static constexpr bool singleton = true;
    kay::vector<Heard> notes;
    void on(const Note& m, kay::world& w) { notes.push_back({w.turn(), m.number}); }
};

using Ear = kay::trait<Note>;

struct Wait {
    std::chrono::milliseconds time;
};

/// Keeps a duration, and gets it in a message.
struct Napper {
    using messages = kay::messages<Wait, Ring>;
    std::chrono::nanoseconds slept{0};
    kay::vector<std::chrono::seconds> log;

    void on(const Wait& m, kay::world& w) {
        slept += m.time;
        log.push_back(std::chrono::duration_cast<std::chrono::seconds>(slept));
        w.after(m.time, w.id_of(*this), Ring{});
    }
    void on(const Ring&, kay::world& w) { slept = -w.now(); }
};

/// To whom a timer's message goes.
enum class whom : std::uint8_t { one, everybody, here, herald, ear };

struct Set {
    std::uint64_t delay;
    std::uint64_t period; ///< zero: once
    std::uint64_t number;
    kay::id<Listener> to;
    whom who = whom::one;
    kay::id<Ear> ear = {};
};
struct SetInTime {
    std::int64_t nanoseconds;
    bool repeats;
    std::uint64_t number;
    kay::id<Listener> to;
};
struct Cancel {
    std::uint32_t index;
    bool expected;
};
struct CancelOther {
    kay::timer_id timer;
    bool expected;
};
struct SetManyKinds {
    kay::id<Listener> to;
};
struct Stop {
    std::uint64_t after;
};

/// Sets timers and keeps their names.
struct Setter {
    using messages =
        kay::messages<Set, SetInTime, Cancel, CancelOther, SetManyKinds, Note, Stop, Die>;
    kay::vector<kay::timer_id> timers;
    std::uint64_t wrong = 0; ///< cancellations that did not go as expected
    std::uint64_t notes = 0;

    void on(const Set& m, kay::world& w) {
        const auto set = [&](const auto& to) {
            return m.period ? w.every(kay::turns{m.period}, to, Note{m.number})
                            : w.after(kay::turns{m.delay}, to, Note{m.number});
        };
        switch (m.who) {
        case whom::one: timers.push_back(set(m.to)); break;
        case whom::everybody: timers.push_back(set(kay::all<Citizen>)); break;
        case whom::here: timers.push_back(set(kay::local<Citizen>)); break;
        case whom::herald: timers.push_back(set(kay::the<Herald>)); break;
        case whom::ear: timers.push_back(set(m.ear)); break;
        }
    }
    void on(const SetInTime& m, kay::world& w) {
        const std::chrono::nanoseconds time(m.nanoseconds);
        timers.push_back(m.repeats ? w.every(time, m.to, Note{m.number})
                                   : w.after(time, m.to, Note{m.number}));
    }
    void on(const Cancel& m, kay::world& w) { wrong += w.cancel(timers[m.index]) != m.expected; }
    void on(const CancelOther& m, kay::world& w) { wrong += w.cancel(m.timer) != m.expected; }
    void on(const SetManyKinds& m, kay::world& w) {
        Letter letter;
        letter.text = "a text that is longer than any small buffer would be";
        for (std::uint32_t i = 1; i <= 5000; ++i) letter.numbers.push_back(i);
        w.after(kay::turns{2}, m.to, letter);
        w.after(kay::turns{3}, m.to, Ring{});
    }
    /// A repeating timer of its own that ends itself when it has rung so often.
    void on(const Stop& m, kay::world& w) {
        wrong = m.after;
        timers.push_back(w.every(kay::turns{1}, w.id_of(*this), Note{0}));
    }
    void on(const Note&, kay::world& w) {
        if (++notes == wrong) wrong = w.cancel(timers[0]) ? 0 : 99;
    }
    void on(const Die&, kay::world& w) { w.die(); }
};

/// A world with one listener, and one setter in each place.
struct scene {
    explicit scene(std::uint32_t places = 4, std::uint32_t listener_place = 1)
        : system{{.places = places, .seed = 5, .workers = 2}} {
        system.add<Listener, Watcher, Citizen, Herald, Setter>();
        listener = system.spawn<Listener>(kay::in_place{listener_place});
        for (std::uint32_t p = 0; p < places; ++p)
            setters.push_back(system.spawn<Setter>(kay::in_place{p}));
        turn();
    }

    void turn(std::uint64_t times = 1) {
        for (; times; --times) {
            const auto done = system.turn();
            ASSERT_TRUE(done) << done.error().text;
        }
    }
    heard notes() const { return notes_of(listener); }
    template <class A>
    heard notes_of(kay::id<A> who) const {
        const A* a = system.find(who);
        if constexpr (std::is_same_v<A, Citizen>)
            return a ? heard(a->notes.begin(), a->notes.begin() + a->count) : heard{{0, ~0u}};
        else
            return a ? heard(a->notes.begin(), a->notes.end()) : heard{{0, ~0u}};
    }
    void expect_cancels_went_as_expected() const {
        for (auto s : setters)
            if (const Setter* setter = system.find(s)) {
                EXPECT_EQ(setter->wrong, 0u);
            }
    }
    std::uint64_t pending() const { return system.statistics().timers; }
    std::uint64_t dead_letters() const { return system.statistics().dead_letters; }

    kay::actor_system system;
    kay::id<Listener> listener;
    std::vector<kay::id<Setter>> setters;
};

// ---- when

TEST(timers, take_durations_that_are_state_and_messages) {
    EXPECT_EQ(kay::type_name<std::chrono::milliseconds>(), "duration<i8,1,1000>");
    EXPECT_NE(kay::layout_hash<std::chrono::milliseconds>, kay::layout_hash<std::chrono::seconds>);
    EXPECT_FALSE(kay::storable<std::chrono::duration<float>>);
    EXPECT_FALSE(kay::storable<std::chrono::steady_clock::time_point>);

    kay::actor_system system{{.places = 1, .workers = 1, .step = 100ms}};
    ASSERT_TRUE(system.add<Napper>());
    const auto napper = system.spawn<Napper>();
    ASSERT_TRUE(system.turn());
    const std::uint64_t before = system.hash();
    system.send(napper, Wait{2500ms});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(napper)->slept, 2500ms);
    EXPECT_EQ(system.find(napper)->log[0], 2s);
    EXPECT_NE(system.hash(), before);
    for (int i = 0; i < 25; ++i) ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(napper)->slept, -2700ms); // turn 27
}

TEST(timers, one_set_in_a_handler_fires_once_when_so_many_turns_have_gone_by) {
    scene s;
    s.system.send(s.setters[2], Set{3, 0, 7, s.listener});
    s.turn(); // turn 2: it is set
    EXPECT_EQ(s.pending(), 1u);
    s.turn(20);
    EXPECT_EQ(s.notes(), (heard{{5, 7}}));
    EXPECT_EQ(s.pending(), 0u);
}

TEST(timers, one_set_from_outside_counts_from_the_end_of_the_last_turn) {
    scene s;
    EXPECT_TRUE(s.system.after(kay::turns{1}, s.listener, Note{1}));
    EXPECT_TRUE(s.system.after(kay::turns{4}, s.listener, Note{2}));
    s.turn(10);
    EXPECT_EQ(s.notes(), (heard{{2, 1}, {5, 2}}));
}

TEST(timers, zero_turns_are_taken_as_one) {
    scene s;
    s.system.send(s.setters[1], Set{0, 0, 1, s.listener});
    s.turn(); // turn 2
    s.system.after(kay::turns{0}, s.listener, Note{2});
    s.turn(5);
    EXPECT_EQ(s.notes(), (heard{{3, 1}, {3, 2}}));
}

TEST(timers, a_repeating_one_fires_first_after_one_period) {
    scene s;
    s.system.send(s.setters[0], Set{0, 3, 1, s.listener});
    s.turn(); // turn 2
    s.system.every(kay::turns{4}, s.listener, Note{2});
    s.turn(9); // up to turn 11
    EXPECT_EQ(s.notes(), (heard{{5, 1}, {6, 2}, {8, 1}, {10, 2}, {11, 1}}));
    EXPECT_EQ(s.pending(), 2u);
}

TEST(timers, a_period_of_zero_turns_is_taken_as_one_too) {
    scene s;
    s.system.every(kay::turns{0}, s.listener, Note{1});
    s.turn(3);
    EXPECT_EQ(s.notes(), (heard{{2, 1}, {3, 1}, {4, 1}}));
}

TEST(timers, simulated_time_is_rounded_up_to_whole_turns) {
    scene s; // a turn is 100 ms
    const std::vector<std::pair<std::chrono::nanoseconds, std::uint64_t>> delays{
        {-5s, 1},           {0ns, 1},   {1ns, 1},   {99'999'999ns, 1}, {100ms, 1},
        {100'000'001ns, 2}, {200ms, 2}, {250ms, 3}, {1s, 10},          {1001ms, 11}};
    heard expected;
    for (std::uint64_t i = 0; i < delays.size(); ++i) {
        s.system.send(s.setters[0], SetInTime{delays[i].first.count(), false, i, s.listener});
        expected.push_back({2 + delays[i].second, i});
    }
    s.turn(15);
    EXPECT_EQ(s.notes(), expected);
    s.system.after(250ms, s.listener, Note{1}); // after turn 16
    s.turn(4);
    EXPECT_EQ(s.notes().back(), (Heard{19, 1}));
}

TEST(timers, a_period_in_simulated_time_is_a_whole_number_of_turns) {
    scene s;
    s.system.send(s.setters[0],
                  SetInTime{std::chrono::nanoseconds(250ms).count(), true, 1, s.listener});
    s.turn(); // turn 2
    s.system.every(0ns, s.listener, Note{2});
    s.turn(7); // up to turn 9
    heard expected;
    for (std::uint64_t t = 3; t <= 9; ++t) {
        if (t == 5 || t == 8) expected.push_back({t, 1});
        expected.push_back({t, 2});
    }
    EXPECT_EQ(s.notes(), expected);
}

TEST(timers, the_step_of_the_system_says_how_long_a_turn_is) {
    kay::actor_system system{{.places = 2, .step = 7ms}};
    system.add<Listener>();
    const auto listener = system.spawn<Listener>();
    system.after(15ms, listener, Note{1});
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(system.turn());
    ASSERT_EQ(system.find(listener)->notes.size(), 1u);
    EXPECT_EQ(system.find(listener)->notes[0].turn, 3u);
    EXPECT_EQ(system.now(), 35ms);
}

TEST(timers, a_delay_beyond_all_turns_never_fires_and_does_no_harm) {
    scene s;
    const auto never = s.system.after(kay::turns{~std::uint64_t{0}}, s.listener, Note{1});
    s.system.send(s.setters[0], Set{~std::uint64_t{0} - 3, 0, 2, s.listener});
    s.system.after(kay::turns{2}, s.listener, Note{3});
    s.turn(100);
    EXPECT_EQ(s.notes(), (heard{{3, 3}}));
    EXPECT_EQ(s.pending(), 2u);
    EXPECT_TRUE(s.system.cancel(never));
    EXPECT_EQ(s.pending(), 1u);
}

// ---- in which order

TEST(timers, of_one_turn_fire_by_place_and_then_in_the_order_in_which_they_were_set) {
    scene s(4, 2);
    heard expected;
    // Set in this order of calls, over three turns, all for turn 10; places on purpose mixed up.
    for (std::uint64_t t = 2; t <= 4; ++t) {
        for (std::uint32_t place : {3u, 1u, 0u, 2u})
            for (std::uint64_t i = 0; i < 2; ++i)
                s.system.send(s.setters[place],
                              Set{10 - t, 0, place * 100 + t * 10 + i, s.listener});
        s.turn();
    }
    for (std::uint64_t place = 0; place < 4; ++place)
        for (std::uint64_t t = 2; t <= 4; ++t)
            for (std::uint64_t i = 0; i < 2; ++i)
                expected.push_back({10, place * 100 + t * 10 + i});
    s.turn(10);
    EXPECT_EQ(s.notes(), expected);
}

TEST(timers, a_repeating_one_takes_its_turn_behind_those_that_were_set_before_it_fired) {
    scene s;
    s.system.send(s.setters[0], Set{0, 2, 1, s.listener}); // turn 2: for 4, 6, 8
    s.turn();
    s.system.send(s.setters[0],
                  Set{3, 0, 2, s.listener}); // turn 3: for 6, before the first re-arms
    s.system.send(s.setters[0], Set{1, 0, 3, s.listener}); // turn 3: for 4
    s.turn(2);
    s.system.send(s.setters[0], Set{1, 0, 4, s.listener}); // turn 5: for 6
    s.turn(2);
    EXPECT_EQ(s.notes(), (heard{{4, 1}, {4, 3}, {6, 2}, {6, 1}, {6, 4}}));
}

TEST(timers, of_places_come_before_what_is_sent_or_posted_from_outside) {
    scene s;
    for (std::uint32_t p = 0; p < 4; ++p) s.system.send(s.setters[p], Set{2, 0, p, s.listener});
    s.turn(2); // they are due in turn 4
    auto poster = s.system.make_poster();
    poster.post(s.listener, Note{20});
    s.system.send(s.listener, Note{10});
    s.turn();
    EXPECT_EQ(s.notes(), (heard{{4, 0}, {4, 1}, {4, 2}, {4, 3}, {4, 10}, {4, 20}}));
}

TEST(timers, of_the_outside_come_before_what_is_sent_or_posted_from_outside) {
    scene s;
    s.system.after(kay::turns{1}, s.listener, Note{0});
    auto poster = s.system.make_poster();
    poster.post(s.listener, Note{20});
    s.system.send(s.listener, Note{10});
    s.turn();
    EXPECT_EQ(s.notes(), (heard{{2, 0}, {2, 10}, {2, 20}}));
}

TEST(timers, what_is_due_reaches_only_those_who_lived_when_the_turn_began) {
    scene s;
    const auto old = s.system.spawn<Citizen>();
    s.system.send(s.setters[0], Set{1, 0, 1, {}, whom::everybody});
    s.turn();
    const auto newcomer = s.system.spawn<Citizen>();
    s.turn();
    EXPECT_EQ(s.notes_of(old), (heard{{3, 1}}));
    EXPECT_TRUE(s.notes_of(newcomer).empty()); // its spawn is outside input
}

// ---- to whom

TEST(timers, a_broadcast_reaches_everybody_who_lives_when_it_fires) {
    scene s;
    std::vector<kay::id<Citizen>> all{s.system.spawn<Citizen>()};
    s.system.send(s.setters[3], Set{3, 0, 1, {}, whom::everybody});
    s.system.after(kay::turns{4}, kay::all<Citizen>, Note{2}); // for turn 5 too
    s.turn();
    for (int i = 0; i < 50; ++i) all.push_back(s.system.spawn<Citizen>());
    s.system.send(all.back(), Die{});
    all.pop_back();
    s.turn(5);
    for (auto id : all) EXPECT_EQ(s.notes_of(id), (heard{{5, 1}, {5, 2}}));
    EXPECT_EQ(s.system.count<Citizen>(), all.size());
    EXPECT_EQ(s.dead_letters(), 0u);
}

TEST(timers, a_local_broadcast_reaches_the_place_where_it_was_set) {
    scene s;
    std::vector<kay::id<Citizen>> all;
    for (std::uint32_t i = 0; i < 12; ++i)
        all.push_back(s.system.spawn<Citizen>(kay::in_place{i % 4}));
    s.system.send(s.setters[3], Set{0, 2, 1, {}, whom::here});
    s.turn(5); // turns 2 to 6
    for (auto id : all)
        EXPECT_EQ(s.notes_of(id), id.place() == 3 ? (heard{{4, 1}, {6, 1}}) : heard{});
}

TEST(timers, a_repeating_broadcast_goes_on_while_nobody_is_there_to_hear_it) {
    scene s;
    const auto first = s.system.spawn<Citizen>();
    s.system.send(s.setters[0], Set{0, 1, 1, {}, whom::everybody}); // turn 2
    s.system.send(first, Die{});
    s.turn(3);
    const auto late = s.system.spawn<Citizen>(); // turn 5
    s.turn(3);
    EXPECT_EQ(s.notes_of(late), (heard{{6, 1}, {7, 1}}));
    EXPECT_EQ(s.dead_letters(), 0u);
}

TEST(timers, the_one_of_its_type_can_be_the_target) {
    scene s;
    s.system.send(s.setters[2], Set{2, 0, 1, {}, whom::herald});
    s.system.after(kay::turns{2}, kay::the<Herald>, Note{2});
    s.turn(5);
    const auto& notes = s.system[kay::the<Herald>].notes;
    EXPECT_EQ(heard(notes.begin(), notes.end()), (heard{{3, 2}, {4, 1}}));
}

TEST(timers, a_traits_id_can_be_the_target) {
    scene s;
    const auto watcher = s.system.spawn<Watcher>(kay::in_place{0});
    s.system.send(s.setters[2], Set{1, 0, 1, {}, whom::ear, s.listener});
    s.system.send(s.setters[0], Set{0, 2, 2, {}, whom::ear, watcher}); // Note has another tag here
    s.system.after(kay::turns{1}, kay::id<Ear>(watcher), Note{3});
    s.turn(5);
    EXPECT_EQ(s.notes(), (heard{{3, 1}}));
    EXPECT_EQ(s.notes_of(watcher), (heard{{2, 3}, {4, 2}, {6, 2}}));
}

TEST(timers, all_implementors_of_a_trait_can_be_the_target) {
    scene s;
    const auto watcher = s.system.spawn<Watcher>();
    EXPECT_TRUE(s.system.after(kay::turns{2}, kay::all<Ear>, Note{3}));
    const auto problem = s.system.take_problem();
    EXPECT_FALSE(problem) << problem->text;
    s.turn(4);
    EXPECT_EQ(s.notes(), (heard{{3, 3}}));
    EXPECT_EQ(s.notes_of(watcher), (heard{{3, 3}}));
    EXPECT_EQ(s.system[kay::the<Herald>].notes.size(), 1u);
}

TEST(timers, to_nobody_are_dead_letters) {
    scene s;
    s.system.send(s.setters[0], Set{1, 0, 1, {}, whom::ear, {}}); // no type: known when it is set
    s.turn();
    EXPECT_EQ(s.pending(), 0u);
    EXPECT_EQ(s.dead_letters(), 1u);
    EXPECT_FALSE(s.system.find(s.setters[0])->timers[0]);
    s.system.send(s.setters[0], Set{1, 0, 1, kay::id<Listener>{}}); // known when it fires
    s.turn();
    EXPECT_EQ(s.pending(), 1u);
    s.turn();
    EXPECT_EQ(s.dead_letters(), 2u);
    EXPECT_EQ(s.pending(), 0u);
}

TEST(timers, for_a_type_that_was_not_added_are_told_at_once) {
    kay::actor_system system{{.places = 2}};
    system.add<Listener>();
    const auto listener = system.spawn<Listener>();
    EXPECT_FALSE(system.after(kay::turns{1}, kay::all<Watcher>, Note{1}));
    const auto problem = system.take_problem();
    EXPECT_TRUE(problem);
    if (problem) {
        EXPECT_NE(problem->text.find("timers_test::Watcher was not added"), std::string::npos);
    }
    EXPECT_TRUE(system.send(listener, Note{2})); // has nothing to do with it
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(listener)->notes.size(), 1u);
}

TEST(timers, messages_of_any_size_arrive_whole) {
    scene s;
    s.system.send(s.setters[0], SetManyKinds{s.listener});
    s.turn(5);
    EXPECT_EQ(s.system.find(s.listener)->text,
              "a text that is longer than any small buffer would be");
    EXPECT_EQ(s.system.find(s.listener)->sum, 5000u * 5001 / 2);
    EXPECT_EQ(s.notes(), (heard{{5, 0}}));
}

// ---- the dead

TEST(timers, one_for_an_actor_that_died_becomes_a_dead_letter) {
    for (std::uint32_t place : {1u, 3u}) { // the listener's own place, and another
        scene s(4, 1);
        s.system.send(s.setters[place], Set{4, 0, 1, s.listener});
        s.turn();
        s.system.send(s.listener, Die{});
        s.turn(3);
        EXPECT_EQ(s.dead_letters(), 0u);
        EXPECT_EQ(s.pending(), 1u);
        s.turn();
        EXPECT_EQ(s.dead_letters(), 1u);
        EXPECT_EQ(s.pending(), 0u);
        const auto statistics = s.system.statistics();
        const auto& listeners = statistics.types[2];
        EXPECT_EQ(listeners.name, "timers_test::Listener");
        EXPECT_EQ(listeners.messages[0].name, "timers_test::Note");
        EXPECT_EQ(listeners.messages[0].dead_letters, 1u);
    }
}

TEST(timers, do_not_reach_whoever_got_the_slot_of_the_dead) {
    scene s(4, 1);
    s.system.send(s.setters[1], Set{4, 0, 1, s.listener});
    s.system.send(s.setters[3], Set{4, 0, 2, s.listener});
    s.turn();
    s.system.send(s.listener, Die{});
    s.turn();
    const auto heir = s.system.spawn<Listener>(kay::in_place{1});
    ASSERT_EQ(heir.slot(), s.listener.slot());
    s.turn(6);
    EXPECT_TRUE(s.notes_of(heir).empty());
    EXPECT_EQ(s.dead_letters(), 2u);
}

/// A repeating timer has to end by one firing after its target's death at the latest: the world
/// would fill with timers for nobody otherwise.
void expect_a_repeating_timer_ends_with_its_target(const std::function<void(scene&)>& set) {
    scene s(4, 1);
    set(s);
    s.turn(4);
    ASSERT_EQ(s.pending(), 1u);
    ASSERT_GE(s.notes().size(), 2u);
    s.system.send(s.listener, Die{});
    s.turn(10);
    EXPECT_EQ(s.pending(), 0u);
    EXPECT_LE(s.dead_letters(), 2u);
    EXPECT_GE(s.dead_letters(), 1u);
}

TEST(timers, a_repeating_one_ends_when_its_target_in_the_same_place_is_dead) {
    expect_a_repeating_timer_ends_with_its_target(
        [](scene& s) { s.system.send(s.setters[1], Set{0, 1, 1, s.listener}); });
}

TEST(timers, a_repeating_one_ends_when_its_target_in_another_place_is_dead) {
    expect_a_repeating_timer_ends_with_its_target(
        [](scene& s) { s.system.send(s.setters[3], Set{0, 1, 1, s.listener}); });
}

TEST(timers, a_repeating_one_of_the_outside_ends_when_its_target_is_dead) {
    expect_a_repeating_timer_ends_with_its_target(
        [](scene& s) { s.system.every(kay::turns{1}, s.listener, Note{1}); });
}

TEST(timers, outlive_the_actor_that_set_them) {
    scene s;
    s.system.send(s.setters[2], Set{3, 0, 1, s.listener});
    s.system.send(s.setters[2], Die{});
    s.turn(6);
    EXPECT_EQ(s.system.count<Setter>(), 3u);
    EXPECT_EQ(s.notes(), (heard{{5, 1}}));
}

// ---- how they end

TEST(timers, a_cancelled_one_does_not_fire_and_can_be_cancelled_once) {
    scene s;
    s.system.send(s.setters[0], Set{3, 0, 1, s.listener});
    s.system.send(s.setters[0], Set{3, 0, 2, s.listener});
    s.system.send(s.setters[0], Set{0, 3, 3, s.listener});
    const auto outside = s.system.every(kay::turns{3}, s.listener, Note{4});
    s.turn();
    s.system.send(s.setters[0], Cancel{0, true});
    s.system.send(s.setters[0], Cancel{0, false});
    s.system.send(s.setters[0], Cancel{2, true});
    s.system.send(s.setters[0], Cancel{2, false});
    EXPECT_TRUE(s.system.cancel(outside));
    EXPECT_FALSE(s.system.cancel(outside));
    s.turn(10);
    EXPECT_EQ(s.notes(), (heard{{5, 2}}));
    EXPECT_EQ(s.pending(), 0u);
    s.expect_cancels_went_as_expected();
}

TEST(timers, one_that_has_fired_cannot_be_cancelled) {
    scene s;
    s.system.send(s.setters[0], Set{1, 0, 1, s.listener});
    const auto outside = s.system.after(kay::turns{1}, s.listener, Note{2});
    s.turn(2);
    s.system.send(s.setters[0], Cancel{0, false});
    EXPECT_FALSE(s.system.cancel(outside));
    s.turn();
    EXPECT_EQ(s.notes(), (heard{{2, 2}, {3, 1}}));
    s.expect_cancels_went_as_expected();
}

TEST(timers, one_that_is_due_in_this_turn_has_fired_before_any_handler_could_cancel_it) {
    scene s;
    s.system.send(s.setters[0], Set{2, 0, 1, s.listener}); // turn 2, for turn 4
    s.turn(2);
    s.system.send(s.setters[0], Cancel{0, false});
    s.turn();
    EXPECT_EQ(s.notes(), (heard{{4, 1}}));
    s.expect_cancels_went_as_expected();
}

TEST(timers, an_old_name_does_not_cancel_a_timer_that_came_later) {
    scene s;
    s.system.send(s.setters[0], Set{1, 0, 1, s.listener});
    s.turn(2);
    s.system.send(s.setters[0], Set{5, 0, 2, s.listener});
    s.turn();
    const auto& timers = s.system.find(s.setters[0])->timers;
    ASSERT_EQ(timers[0].index, timers[1].index); // or this test shows nothing
    EXPECT_NE(timers[0], timers[1]);
    s.system.send(s.setters[0], Cancel{0, false});
    s.turn(5);
    EXPECT_EQ(s.notes(), (heard{{3, 1}, {9, 2}}));
    s.expect_cancels_went_as_expected();
}

TEST(timers, only_their_own_place_can_cancel_them) {
    scene s;
    s.system.send(s.setters[0], Set{4, 0, 1, s.listener});
    const auto outside = s.system.after(kay::turns{5}, s.listener, Note{2});
    s.turn();
    const kay::timer_id in_0 = s.system.find(s.setters[0])->timers[0];
    EXPECT_FALSE(s.system.cancel(in_0));
    EXPECT_FALSE(s.system.cancel({}));
    s.system.send(s.setters[1], CancelOther{in_0, false});
    s.system.send(s.setters[1], CancelOther{outside, false});
    s.system.send(s.setters[1], CancelOther{{}, false});
    s.system.send(s.setters[0], CancelOther{{}, false});
    s.system.send(s.setters[0], CancelOther{{0, 12345, 1}, false});
    s.turn(6);
    EXPECT_EQ(s.notes(), (heard{{6, 1}, {6, 2}}));
    s.expect_cancels_went_as_expected();
}

TEST(timers, a_repeating_one_can_be_ended_by_the_handler_of_its_own_message) {
    scene s;
    s.system.send(s.setters[2], Stop{3});
    s.turn(10);
    EXPECT_EQ(s.system.find(s.setters[2])->notes, 3u);
    EXPECT_EQ(s.pending(), 0u);
    s.expect_cancels_went_as_expected();
}

struct Gap {
    std::uint8_t narrow;
    std::uint64_t wide;
};
struct Sleeper {
    using messages = kay::messages<Gap, Ring>;
    std::uint64_t sum = 0;
    void on(const Gap& m, kay::world&) { sum += m.wide; }
    void on(const Ring&, kay::world&) { ++sum; }
};

TEST(timers, enter_the_hash_by_their_fields_and_not_by_what_lies_between) {
    const auto hash_with = [](int between, std::uint64_t wide) {
        kay::actor_system system;
        system.add<Sleeper>();
        const auto sleeper = system.spawn<Sleeper>();
        alignas(Gap) std::byte room[sizeof(Gap)];
        std::memset(room, between, sizeof room);
        Gap* const gap = ::new (room) Gap;
        gap->narrow = 1;
        gap->wide = wide;
        alignas(Ring) std::byte room_of_ring[sizeof(Ring)];
        std::memset(room_of_ring, between, sizeof room_of_ring);
        system.after(kay::turns{5}, sleeper, *gap);
        system.every(kay::turns{5}, kay::all<kay::trait<Gap>>, *gap);
        system.after(kay::turns{6}, sleeper, *::new (room_of_ring) Ring);
        EXPECT_TRUE(system.turn());
        return system.hash();
    };
    EXPECT_EQ(hash_with(0, 7), hash_with(0xaa, 7));
    EXPECT_NE(hash_with(0, 7), hash_with(0, 8));
}

TEST(timers, are_part_of_the_worlds_hash) {
    const auto hash_with = [](std::uint64_t delay, std::uint64_t number) {
        kay::actor_system system{{.places = 2}};
        system.add<Listener>();
        const auto listener = system.spawn<Listener>();
        if (delay) system.after(kay::turns{delay}, listener, Note{number});
        return system.hash();
    };
    EXPECT_EQ(hash_with(0, 0), hash_with(0, 0));
    EXPECT_EQ(hash_with(5, 1), hash_with(5, 1));
    EXPECT_NE(hash_with(5, 1), hash_with(0, 0));
    EXPECT_NE(hash_with(5, 1), hash_with(6, 1));
    EXPECT_NE(hash_with(5, 1), hash_with(5, 2));
}

// ---- many

/// Random timers of all places and the outside, beside a std::multimap by due turn for each of
/// them.
void check_against_model(std::uint64_t seed, std::uint32_t places, std::uint32_t turns,
                         std::uint32_t timers_per_turn) {
    struct entry {
        std::uint64_t number;
        std::uint64_t period;
        std::uint32_t index; ///< among the timers of its setter
    };
    scene s(places, places / 2);
    std::vector<std::multimap<std::uint64_t, entry>> model(places + 1);
    std::vector<std::uint32_t> set_by(places);
    std::vector<kay::timer_id> outside_timers;
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t bound) { return random() % bound; };
    heard expected;
    std::uint64_t number = 0;
    for (std::uint64_t t = 2; t < 2 + turns; ++t) {
        struct set_in_turn {
            std::uint32_t place;
            std::uint64_t due;
            entry e;
        };
        std::vector<set_in_turn> set_now;
        for (std::uint64_t i = below(timers_per_turn + 1); i > 0; --i) {
            const std::uint64_t magnitude = std::uint64_t{1} << (below(3) ? below(8) : below(14));
            const std::uint64_t delay = below(magnitude);
            const std::uint64_t period = below(6) ? 0 : delay + 1;
            const std::uint64_t wait = period ? period : std::max<std::uint64_t>(delay, 1);
            const auto p = static_cast<std::uint32_t>(below(places + 1));
            entry e{++number, period, 0};
            if (p == places) { // the outside's count from the end of the turn before
                e.index = static_cast<std::uint32_t>(outside_timers.size());
                outside_timers.push_back(
                    period ? s.system.every(kay::turns{period}, s.listener, Note{number})
                           : s.system.after(kay::turns{delay}, s.listener, Note{number}));
                model[p].insert({t - 1 + wait, e});
            } else {
                e.index = set_by[p]++;
                s.system.send(s.setters[p], Set{delay, period, number, s.listener});
                set_now.push_back({p, t + wait, e});
            }
        }
        // The turn: first what is due fires, then handlers set and cancel.
        for (std::uint32_t p = 0; p <= places; ++p)
            while (!model[p].empty() && model[p].begin()->first <= t) {
                const auto [due, e] = *model[p].begin();
                model[p].erase(model[p].begin());
                expected.push_back({t, e.number});
                if (e.period) model[p].insert({due + e.period, e});
            }
        for (const set_in_turn& n : set_now) model[n.place].insert({n.due, n.e});
        for (std::uint64_t i = below(timers_per_turn / 4 + 1); i > 0; --i) {
            const auto p = static_cast<std::uint32_t>(below(places));
            if (set_by[p] == 0) continue;
            const auto index = static_cast<std::uint32_t>(below(set_by[p]));
            const auto found = std::find_if(model[p].begin(), model[p].end(),
                                            [&](const auto& m) { return m.second.index == index; });
            s.system.send(s.setters[p], Cancel{index, found != model[p].end()});
            if (found != model[p].end()) model[p].erase(found);
        }
        s.turn();
        // Between turns the outside cancels some of its own.
        for (std::uint64_t i = below(3); i > 0 && !outside_timers.empty(); --i) {
            const auto index = static_cast<std::uint32_t>(below(outside_timers.size()));
            auto& own = model[places];
            const auto found = std::find_if(own.begin(), own.end(),
                                            [&](const auto& m) { return m.second.index == index; });
            RC_ASSERT(s.system.cancel(outside_timers[index]) == (found != own.end()));
            if (found != own.end()) own.erase(found);
        }
        std::size_t left = 0;
        for (const auto& m : model) left += m.size();
        RC_ASSERT(s.pending() == left);
    }
    const heard got = s.notes();
    RC_ASSERT(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) RC_ASSERT(got[i] == expected[i]);
    for (auto id : s.setters) RC_ASSERT(s.system.find(id)->wrong == 0u);
}

TEST(timers, many_of_them_fire_as_a_sorted_list_says) {
    EXPECT_TRUE(rc::check("timers and multimaps agree", [] {
        const auto places = std::uint32_t{1} << *rc::gen::inRange(0, 4);
        check_against_model(*rc::gen::arbitrary<std::uint64_t>(), places,
                            *rc::gen::inRange(1u, 40u), *rc::gen::inRange(1u, 60u));
    }));
}

TEST(timers, thousands_over_a_long_time_fire_as_a_sorted_list_says) {
    EXPECT_TRUE(rc::check("timers and multimaps agree for long", [] {
        check_against_model(*rc::gen::arbitrary<std::uint64_t>(), 4, 80, 200);
    }));
}

} // namespace timers_test
