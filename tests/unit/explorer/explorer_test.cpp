// SPDX-License-Identifier: MIT
//
// The explorer itself: that it finds what is planted, finds nothing else, and finds it again.
#include "explorer/atomic.hpp"

#include <kay/core/assert.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <new>
#include <set>
#include <string>

namespace {

using explorer::atomic;
using explorer::check;
using explorer::explore;
using explorer::plain;
using explorer::thread;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

/// First line of what an exploration of all runs finds.
std::string found_in(const std::function<void()>& program) {
    const std::string failure = explore({}, program).failure;
    return failure.substr(0, failure.find('\n'));
}

TEST(explorer, two_writes_without_order_are_a_race) {
    EXPECT_EQ(found_in([] {
                  plain<int> x(0);
                  thread one([&] { x = 1; });
                  thread two([&] { x = 2; });
              }),
              "a race: a write without order after a write");
}

TEST(explorer, a_read_and_a_write_without_order_are_a_race_whichever_comes_first) {
    EXPECT_EQ(found_in([] {
                  plain<int> x(0);
                  thread one([&] { x = 1; });
                  thread two([&] { static_cast<void>(x == 1); });
              }),
              "a race: a read without order after a write");
    EXPECT_EQ(found_in([] {
                  plain<int> x(0);
                  thread one([&] { static_cast<void>(x == 1); });
                  thread two([&] { x = 1; });
              }),
              "a race: a write without order after a read");
}

TEST(explorer, reads_are_no_race_and_threads_are_ordered_by_their_begin_and_end) {
    EXPECT_EQ(found_in([] {
                  plain<int> x(0);
                  x = 1;
                  {
                      thread one([&] { check(x == 1, "not begun after"); });
                      thread two([&] { check(x == 1, "not begun after"); });
                  }
                  {
                      thread three([&] { x = 2; });
                  }
                  check(x == 2, "not joined after");
              }),
              "");
}

template <class Program>
auto passing_plain_data(std::memory_order publish, std::memory_order look, Program later) {
    return [=] {
        plain<int> data(0);
        atomic<bool> flag(false);
        thread writer([&] {
            data = 1;
            flag.store(true, publish);
            later(data);
        });
        if (flag.load(look)) check(data == 1, "not what was published");
    };
}

TEST(explorer, plain_data_needs_both_the_release_and_the_acquire) {
    const auto nothing = [](plain<int>&) {};
    EXPECT_EQ(found_in(passing_plain_data(release, acquire, nothing)), "");
    EXPECT_NE(found_in(passing_plain_data(relaxed, acquire, nothing)), "");
    EXPECT_NE(found_in(passing_plain_data(release, relaxed, nothing)), "");
}

TEST(explorer, what_comes_after_a_release_is_not_released) {
    const auto writes_again = [](plain<int>& data) { data = 2; };
    EXPECT_NE(found_in(passing_plain_data(release, acquire, writes_again)), "");
}

TEST(explorer, a_block_is_watched_byte_by_byte) {
    const auto two_writers = [](std::size_t first, std::size_t second) {
        return [=] {
            auto* block = static_cast<std::byte*>(explorer::allocate(16));
            {
                thread one([=] { explorer::note_write(block + first, 4); });
                thread two([=] { explorer::note_write(block + second, 4); });
            }
            explorer::release(block);
        };
    };
    EXPECT_EQ(found_in(two_writers(0, 4)), "");
    EXPECT_EQ(found_in(two_writers(3, 0)), "a race: a write without order after a write");
}

TEST(explorer, wrong_uses_of_memory_are_found) {
    EXPECT_EQ(found_in([] { static_cast<void>(explorer::allocate(8)); }),
              "memory was not released");
    EXPECT_EQ(found_in([] {
                  void* block = explorer::allocate(8);
                  explorer::release(block);
                  explorer::note_read(block, 1);
              }),
              "an access to a block that was released");
    EXPECT_EQ(found_in([] {
                  void* block = explorer::allocate(8);
                  explorer::release(block);
                  explorer::release(block);
              }),
              "an access to a block that was released");
    EXPECT_EQ(found_in([] { explorer::note_write(explorer::allocate(8), 9); }),
              "an access beyond the end of a block");
    EXPECT_EQ(found_in([] { explorer::note_read(explorer::allocate(8), 1); }),
              "a read of plain memory that was never written");
    EXPECT_EQ(found_in([] {
                  int mine = 0;
                  explorer::note_write(&mine, 1);
              }),
              "plain memory that was never allocated");
}

TEST(explorer, the_release_of_a_block_has_to_come_after_its_last_use) {
    const auto handed_over = [](std::memory_order order) {
        return [=] {
            void* block = explorer::allocate(8);
            atomic<bool> done(false);
            bool freed = false;
            {
                thread user([&] {
                    explorer::note_write(block, 8);
                    done.store(true, order);
                });
                if (done.load(acquire)) {
                    explorer::release(block);
                    freed = true;
                }
            }
            if (!freed) explorer::release(block);
        };
    };
    EXPECT_EQ(found_in(handed_over(release)), "");
    EXPECT_EQ(found_in(handed_over(relaxed)), "a race: a write without order after a write");
}

/// Ends an object of shared memory while another thread may use it; who waits looks at a flag
/// first.
template <class T, class Use>
auto ending_what_is_used(std::memory_order order, bool waits, Use use) {
    return [=] {
        void* room = explorer::allocate(sizeof(T));
        T* x = new (room) T(0);
        atomic<bool> done(false);
        bool ended = false;
        {
            thread user([&] {
                done.load(relaxed); // so that the other can go first
                use(*x);
                done.store(true, order);
            });
            if (!waits || done.load(acquire)) {
                x->~T();
                ended = true;
            }
        }
        if (!ended) x->~T();
        explorer::release(room);
    };
}

TEST(explorer, the_end_of_an_atomic_has_to_come_after_its_last_use) {
    const auto use = [](atomic<int>& x) { x.store(1, relaxed); };
    const auto found = [&](std::memory_order order, bool waits) {
        return found_in(ending_what_is_used<atomic<int>>(order, waits, use));
    };
    EXPECT_EQ(found(release, true), "");
    EXPECT_EQ(found(relaxed, true), "a race: a write without order after a read");
    EXPECT_EQ(found(release, false), "an atomic is used after its end");
}

TEST(explorer, the_end_of_a_plain_variable_has_to_come_after_its_last_use) {
    const auto use = [](plain<int>& x) { x = 1; };
    const auto found = [&](std::memory_order order, bool waits) {
        return found_in(ending_what_is_used<plain<int>>(order, waits, use));
    };
    EXPECT_EQ(found(release, true), "");
    EXPECT_EQ(found(relaxed, true), "a race: a write without order after a write");
    EXPECT_EQ(found(release, false), "a plain variable is used after its end");
}

TEST(explorer, failed_checks_and_asserts_are_failures) {
    EXPECT_EQ(found_in([] { check(false, "as said"); }), "as said");
    EXPECT_EQ(found_in([] { KAY_ASSERT(1 + 1 == 3); }).substr(0, 20), "assert 1 + 1 == 3 at");
}

TEST(explorer, a_program_without_end_is_a_failure) {
    EXPECT_EQ(found_in([] {
                  atomic<int> x(0);
                  while (x.load(relaxed) == 0) {}
              }),
              "no end in sight");
}

/// Fails only if the main thread runs between the other's stores, and again after them: the other
/// is preempted once and so is the main thread.
void needs_two_preemptions() {
    atomic<int> x(0), y(0);
    thread other([&] {
        for (int i = 1; i <= 2; ++i) x.store(i);
    });
    y.store(1);
    const bool began = x.load() == 1;
    const bool ended = x.load() == 2;
    check(!(began && ended), "found");
}

TEST(explorer, a_bound_on_preemptions_is_kept) {
    EXPECT_EQ(explore({.preemptions_max = 0}, needs_two_preemptions).failure, "");
    EXPECT_EQ(explore({.preemptions_max = 1}, needs_two_preemptions).failure, "");
    EXPECT_NE(explore({.preemptions_max = 2}, needs_two_preemptions).failure, "");
    EXPECT_NE(explore({}, needs_two_preemptions).failure, "");
}

TEST(explorer, runs_that_only_swap_independent_operations_are_left_out) {
    const auto ends_of = [](std::size_t preemptions_max, std::size_t& runs) {
        std::set<int> ends;
        const explorer::report r = explore({.preemptions_max = preemptions_max}, [&] {
            atomic<int> x(0), y(0), z(0);
            int a = 0, b = 0;
            {
                thread one([&] {
                    x.store(1, relaxed);
                    y.fetch_add(1, relaxed);
                    a = z.load(relaxed);
                });
                thread two([&] {
                    z.store(1, relaxed);
                    y.fetch_add(2, relaxed);
                    b = x.load(relaxed);
                });
            }
            ends.insert(a * 10 + b);
        });
        EXPECT_EQ(r.failure, "");
        EXPECT_TRUE(r.complete);
        runs = r.runs;
        return ends;
    };
    std::size_t all = 0, fewer = 0;
    EXPECT_EQ(ends_of(1'000, all), ends_of(explorer::options{}.preemptions_max, fewer));
    EXPECT_LT(fewer * 2, all);
}

TEST(explorer, a_random_failure_is_found_again_by_its_seed) {
    const explorer::report first = explore({.seed = 1, .runs_max = 1'000}, needs_two_preemptions);
    ASSERT_NE(first.failure, "");
    const explorer::report again =
        explore({.seed = 1 + first.runs - 1, .runs_max = 1}, needs_two_preemptions);
    EXPECT_NE(again.failure, "");
    const auto trace = [](const std::string& failure) {
        return failure.substr(failure.find("\n  thread"));
    };
    EXPECT_EQ(trace(first.failure), trace(again.failure));
    EXPECT_EQ(std::count(first.failure.begin(), first.failure.end(), '\n'), 7); // five operations
}

TEST(explorer, a_free_decision_takes_every_value) {
    std::set<std::size_t> taken;
    const explorer::report r = explore({}, [&] { taken.insert(explorer::choose(3)); });
    EXPECT_EQ(r.runs, 3u);
    EXPECT_EQ(taken, (std::set<std::size_t>{0, 1, 2}));
}

TEST(explorer, an_exploration_stops_at_its_number_of_runs) {
    const explorer::report r = explore({.runs_max = 2}, needs_two_preemptions);
    EXPECT_EQ(r.runs, 2u);
    EXPECT_FALSE(r.complete);
}

TEST(explorer, orders_are_listed_and_each_can_be_weakened) {
    const auto program = passing_plain_data(release, acquire, [](plain<int>&) {});
    const explorer::report r = explore({}, program);
    ASSERT_EQ(r.failure, "");
    ASSERT_EQ(r.sites.size(), 2u);
    for (const explorer::site& weak : r.sites)
        EXPECT_NE(explore({.weaken = weak}, program).failure, "") << to_string(weak);
}

TEST(explorer, both_orders_of_a_compare_exchange_are_listed) {
    const explorer::report r = explore({}, [] {
        atomic<int> x(0);
        int expected = 1;
        x.compare_exchange_strong(expected, 2, release, acquire);
    });
    ASSERT_EQ(r.sites.size(), 2u);
    EXPECT_FALSE(r.sites.begin()->on_failure);
    EXPECT_TRUE(r.sites.rbegin()->on_failure);
}

} // namespace
