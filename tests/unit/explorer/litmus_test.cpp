// SPDX-License-Identifier: MIT
//
// The explorer's memory against litmus tests: for each small program, exactly the outcomes that
// C++20 allows are found. Names of the programs as in the literature: MP, SB, CoRR, 2+2W, IRIW.
#include "explorer/atomic.hpp"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace {

using explorer::atomic;
using explorer::thread;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto acq_rel = std::memory_order_acq_rel;
constexpr auto seq_cst = std::memory_order_seq_cst;

using outcome = std::tuple<int, int, int, int>;
using outcomes = std::set<outcome>;

/// All outcomes of a program, which reports each of its ends by calling its argument.
template <class Program>
outcomes all_of(Program program) {
    outcomes found;
    const auto note = [&](int a, int b = 0, int c = 0, int d = 0) { found.insert({a, b, c, d}); };
    const explorer::report r = explorer::explore({}, [&] { program(note); });
    EXPECT_EQ(r.failure, "");
    EXPECT_TRUE(r.complete);
    return found;
}

outcomes message_passing(std::memory_order publish, std::memory_order look) {
    return all_of([=](auto note) {
        atomic<int> data(0), flag(0);
        int seen_flag = 0, seen_data = 0;
        {
            thread writer([&] {
                data.store(1, relaxed);
                flag.store(1, publish);
            });
            thread reader([&] {
                seen_flag = flag.load(look);
                seen_data = data.load(relaxed);
            });
        }
        note(seen_flag, seen_data);
    });
}

TEST(litmus, a_relaxed_message_may_come_without_its_data) {
    const outcomes all{{0, 0, 0, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}, {1, 1, 0, 0}};
    EXPECT_EQ(message_passing(relaxed, relaxed), all);
    EXPECT_EQ(message_passing(release, relaxed), all);
    EXPECT_EQ(message_passing(relaxed, acquire), all);
}

TEST(litmus, a_released_message_that_is_acquired_comes_with_its_data) {
    const outcomes ordered{{0, 0, 0, 0}, {0, 1, 0, 0}, {1, 1, 0, 0}};
    EXPECT_EQ(message_passing(release, acquire), ordered);
    EXPECT_EQ(message_passing(seq_cst, seq_cst), ordered);
}

outcomes store_buffering(std::memory_order write, std::memory_order read) {
    return all_of([=](auto note) {
        atomic<int> x(0), y(0);
        int a = 0, b = 0;
        {
            thread one([&] {
                x.store(1, write);
                a = y.load(read);
            });
            thread two([&] {
                y.store(1, write);
                b = x.load(read);
            });
        }
        note(a, b);
    });
}

TEST(litmus, stores_wait_in_buffers_unless_sequentially_consistent) {
    const outcomes ordered{{0, 1, 0, 0}, {1, 0, 0, 0}, {1, 1, 0, 0}};
    outcomes all = ordered;
    all.insert({0, 0, 0, 0});
    EXPECT_EQ(store_buffering(relaxed, relaxed), all);
    EXPECT_EQ(store_buffering(release, acquire), all);
    EXPECT_EQ(store_buffering(seq_cst, seq_cst), ordered);
}

TEST(litmus, a_location_is_never_seen_to_go_backwards) {
    const outcomes found = all_of([](auto note) {
        atomic<int> x(0);
        int a = 0, b = 0;
        {
            thread writer([&] {
                x.store(1, relaxed);
                x.store(2, relaxed);
            });
            thread reader([&] {
                a = x.load(relaxed);
                b = x.load(relaxed);
            });
        }
        note(a, b, x.load(relaxed));
    });
    EXPECT_EQ(
        found,
        (outcomes{
            {0, 0, 2, 0}, {0, 1, 2, 0}, {0, 2, 2, 0}, {1, 1, 2, 0}, {1, 2, 2, 0}, {2, 2, 2, 0}}));
}

TEST(litmus, readers_agree_on_the_order_of_two_writers_of_a_location) {
    const outcomes found = all_of([](auto note) {
        atomic<int> x(0);
        int a = 0, b = 0, c = 0, d = 0;
        {
            thread one([&] { x.store(1, relaxed); });
            thread two([&] { x.store(2, relaxed); });
            thread three([&] {
                a = x.load(relaxed);
                b = x.load(relaxed);
            });
            thread four([&] {
                c = x.load(relaxed);
                d = x.load(relaxed);
            });
        }
        note(a, b, c, d);
    });
    EXPECT_TRUE(found.contains({1, 2, 1, 2}));
    EXPECT_TRUE(found.contains({2, 1, 2, 1}));
    EXPECT_TRUE(found.contains({1, 2, 0, 0}));
    EXPECT_FALSE(found.contains({1, 2, 2, 1}));
    EXPECT_FALSE(found.contains({2, 1, 1, 2}));
}

TEST(litmus, what_a_thread_has_learnt_from_another_it_does_not_unlearn) {
    // The second thread's load happens before the third's, so the third may not read older.
    const outcomes found = all_of([](auto note) {
        atomic<int> x(0), flag(0);
        int a = 0, b = 0, seen = 0;
        {
            thread one([&] { x.store(1, relaxed); });
            thread two([&] {
                a = x.load(relaxed);
                flag.store(1, release);
            });
            thread three([&] {
                seen = flag.load(acquire);
                b = x.load(relaxed);
            });
        }
        note(a, seen, b);
    });
    EXPECT_FALSE(found.contains({1, 1, 0, 0}));
    EXPECT_TRUE(found.contains({1, 0, 0, 0}));
    EXPECT_TRUE(found.contains({1, 1, 1, 0}));
}

TEST(litmus, the_order_of_a_location_may_differ_from_the_order_of_execution) {
    const auto two_and_two = [](std::memory_order order) {
        return all_of([=](auto note) {
            atomic<int> x(0), y(0);
            {
                thread one([&] {
                    x.store(1, order);
                    y.store(2, order);
                });
                thread two([&] {
                    y.store(1, order);
                    x.store(2, order);
                });
            }
            note(x.load(relaxed), y.load(relaxed));
        });
    };
    const outcomes ordered{{2, 2, 0, 0}, {1, 2, 0, 0}, {2, 1, 0, 0}};
    outcomes all = ordered;
    all.insert({1, 1, 0, 0});
    EXPECT_EQ(two_and_two(relaxed), all);
    EXPECT_EQ(two_and_two(release), all);
    EXPECT_EQ(two_and_two(seq_cst), ordered);
}

TEST(litmus, independent_readers_agree_on_two_writers_only_if_sequentially_consistent) {
    const auto independent = [](std::memory_order write, std::memory_order read) {
        return all_of([=](auto note) {
            atomic<int> x(0), y(0);
            int a = 0, b = 0, c = 0, d = 0;
            {
                thread one([&] { x.store(1, write); });
                thread two([&] { y.store(1, write); });
                thread three([&] {
                    a = x.load(read);
                    b = y.load(read);
                });
                thread four([&] {
                    c = y.load(read);
                    d = x.load(read);
                });
            }
            note(a, b, c, d);
        });
    };
    EXPECT_TRUE(independent(release, acquire).contains({1, 0, 1, 0}));
    EXPECT_FALSE(independent(seq_cst, seq_cst).contains({1, 0, 1, 0}));
}

TEST(litmus, additions_are_never_lost) {
    const outcomes found = all_of([](auto note) {
        atomic<int> x(0);
        int a = 0, b = 0;
        {
            thread one([&] { a = x.fetch_add(1, relaxed); });
            thread two([&] { b = x.fetch_sub(3, relaxed); });
        }
        note(a, b, x.load(relaxed));
    });
    EXPECT_EQ(found, (outcomes{{0, 1, -2, 0}, {-3, 0, -2, 0}}));
}

TEST(litmus, a_load_and_a_store_do_lose_an_addition) {
    const outcomes found = all_of([](auto note) {
        atomic<int> x(0);
        {
            thread one([&] { x.store(x.load() + 1); });
            thread two([&] { x.store(x.load() + 1); });
        }
        note(x.load());
    });
    EXPECT_EQ(found, (outcomes{{1, 0, 0, 0}, {2, 0, 0, 0}}));
}

TEST(litmus, exactly_one_compare_exchange_wins) {
    const outcomes found = all_of([](auto note) {
        atomic<int> x(0);
        bool a = false, b = false;
        int seen_a = 0, seen_b = 0;
        {
            thread one([&] { a = x.compare_exchange_strong(seen_a, 1, relaxed, relaxed); });
            thread two([&] { b = x.compare_exchange_strong(seen_b, 2, relaxed, relaxed); });
        }
        note(a, b, seen_a, seen_b);
    });
    EXPECT_EQ(found, (outcomes{{1, 0, 0, 1}, {0, 1, 2, 0}}));
}

TEST(litmus, a_weak_compare_exchange_may_fail_for_nothing_and_a_strong_one_not) {
    const auto alone = [](bool weak) {
        return all_of([=](auto note) {
            atomic<int> x(5);
            int expected = 5;
            const bool changed = weak ? x.compare_exchange_weak(expected, 6)
                                      : x.compare_exchange_strong(expected, 6);
            note(changed, expected, x.load());
        });
    };
    EXPECT_EQ(alone(true), (outcomes{{1, 5, 6, 0}, {0, 5, 5, 0}}));
    EXPECT_EQ(alone(false), (outcomes{{1, 5, 6, 0}}));
}

TEST(litmus, a_failed_compare_exchange_may_read_an_old_value) {
    const outcomes found = all_of([](auto note) {
        atomic<int> x(0);
        int expected = 7;
        {
            thread one([&] {
                x.store(1, relaxed);
                x.store(2, relaxed);
            });
            thread two([&] { x.compare_exchange_strong(expected, 8, relaxed, relaxed); });
        }
        note(expected);
    });
    EXPECT_EQ(found, (outcomes{{0, 0, 0, 0}, {1, 0, 0, 0}, {2, 0, 0, 0}}));
}

/// Data, then a release store, then a second thread's operation on the same flag.
template <class Between>
outcomes release_sequence(Between between) {
    return all_of([=](auto note) {
        atomic<int> data(0), flag(0);
        int seen_flag = 0, seen_data = 0;
        {
            thread writer([&] {
                data.store(1, relaxed);
                flag.store(1, release);
            });
            thread middle([&] { between(flag); });
            thread reader([&] {
                seen_flag = flag.load(acquire);
                seen_data = data.load(relaxed);
            });
        }
        note(seen_flag, seen_data);
    });
}

TEST(litmus, a_read_modify_write_carries_a_release_on_and_a_store_does_not) {
    const outcomes modified =
        release_sequence([](atomic<int>& flag) { flag.fetch_add(10, relaxed); });
    EXPECT_TRUE(modified.contains({11, 1, 0, 0}));
    EXPECT_FALSE(modified.contains({11, 0, 0, 0}));
    const outcomes stored = release_sequence([](atomic<int>& flag) {
        if (flag.load(relaxed) == 1) flag.store(11, relaxed);
    });
    EXPECT_TRUE(stored.contains({11, 0, 0, 0}));
}

TEST(litmus, a_release_store_ends_the_sequence_of_another_thread) {
    const outcomes found = release_sequence([](atomic<int>& flag) {
        if (flag.load(relaxed) == 1)
            flag.store(11, release); // releases what it knows: not the data
    });
    EXPECT_TRUE(found.contains({11, 0, 0, 0}));
}

TEST(litmus, order_is_passed_on_through_a_third_thread) {
    const auto chain = [](std::memory_order middle) {
        return all_of([=](auto note) {
            atomic<int> data(0), first(0), second(0);
            int seen = 0, seen_data = 0;
            {
                thread one([&] {
                    data.store(1, relaxed);
                    first.store(1, release);
                });
                thread two([&] {
                    if (first.load(middle)) second.store(1, release);
                });
                thread three([&] {
                    seen = second.load(acquire);
                    seen_data = data.load(relaxed);
                });
            }
            note(seen, seen_data);
        });
    };
    EXPECT_FALSE(chain(acquire).contains({1, 0, 0, 0}));
    EXPECT_TRUE(chain(relaxed).contains({1, 0, 0, 0}));
}

TEST(litmus, an_exchange_that_acquires_and_releases_makes_a_lock) {
    const auto lock = [](std::memory_order take, std::memory_order give) {
        return explorer::explore({}, [=] {
            atomic<int> held(0);
            explorer::plain<int> counter(0);
            const auto once = [&] {
                if (held.exchange(1, take) == 0) {
                    counter = counter + 1;
                    held.store(0, give);
                }
            };
            thread one(once);
            thread two(once);
        });
    };
    EXPECT_EQ(lock(acquire, release).failure, "");
    EXPECT_EQ(lock(acq_rel, release).failure, "");
    EXPECT_NE(lock(relaxed, release).failure, "");
    EXPECT_NE(lock(acquire, relaxed).failure, "");
}

} // namespace
