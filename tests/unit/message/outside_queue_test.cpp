// SPDX-License-Identifier: MIT
//
// The outside queue with real threads; worth most under the thread and address sanitizers.
#include <kay/message/outside_queue.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace {

/// Small chunks, a count of the memory in use and of its peak, and a switch that refuses more.
struct counted {
    template <class T>
    using atomic = std::atomic<T>;
    template <class T>
    using plain = T;

    static constexpr std::size_t chunk_bytes = 256;

    static void note_write(const void*, std::size_t) {}
    static void note_read(const void*, std::size_t) {}
    static void* allocate(std::size_t bytes) {
        if (refuse) return nullptr;
        const std::size_t now = in_use += bytes;
        for (std::size_t seen = peak; seen < now && !peak.compare_exchange_weak(seen, now);) {}
        ++allocations;
        void* block = std::aligned_alloc(64, (bytes + 127) / 64 * 64);
        std::memcpy(block, &bytes, sizeof bytes);
        return static_cast<std::byte*>(block) + 64;
    }
    static void release(void* block) {
        void* all = static_cast<std::byte*>(block) - 64;
        std::size_t bytes;
        std::memcpy(&bytes, all, sizeof bytes);
        in_use -= bytes;
        std::free(all);
    }
    static inline std::atomic<std::size_t> in_use{0}, peak{0}, allocations{0};
    static inline std::atomic<bool> refuse{false};
};

using queue = kay::detail::outside_queue<counted>;
constexpr std::size_t ample = std::size_t{64} << 20;
constexpr std::size_t long_bytes = 1'000; ///< has to go into a block of its own

class outside_queue : public testing::Test {
protected:
    void SetUp() override { counted::in_use = counted::peak = counted::allocations = 0; }
    void TearDown() override { EXPECT_EQ(counted::in_use, 0u); }
};

/// Eight bytes of number, then bytes that follow from it.
template <class Writer>
bool post(Writer& w, std::uint64_t number, std::size_t bytes = 8) {
    std::byte* at = w.reserve(bytes);
    if (!at) return false;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % 8, 0u);
    std::memcpy(at, &number, 8);
    for (std::size_t i = 8; i < bytes; ++i) at[i] = static_cast<std::byte>(number + i);
    w.commit();
    return true;
}

std::uint64_t number_of(std::span<const std::byte> record) {
    std::uint64_t number = 0;
    EXPECT_GE(record.size(), 8u);
    std::memcpy(&number, record.data(), 8);
    bool same = true;
    for (std::size_t i = 8; i < record.size(); ++i)
        same &= record[i] == static_cast<std::byte>(number + i);
    EXPECT_TRUE(same);
    return number;
}

using numbers = std::vector<std::uint64_t>;

numbers drained(queue& q) {
    numbers all;
    const std::size_t count =
        q.drain([&](std::uint64_t, std::span<const std::byte> r) { all.push_back(number_of(r)); });
    EXPECT_EQ(count, all.size());
    return all;
}

TEST_F(outside_queue, an_empty_one_delivers_nothing) {
    queue q(ample);
    EXPECT_EQ(drained(q), numbers{});
    const queue::writer w = q.make_writer();
    EXPECT_EQ(drained(q), numbers{});
}

TEST_F(outside_queue, records_come_in_order_with_their_bytes_whatever_their_length) {
    queue q(ample);
    auto w = q.make_writer();
    numbers expected;
    for (std::uint64_t i = 0; i < 600; ++i) {
        ASSERT_TRUE(post(w, i, 8 + i));
        expected.push_back(i);
        if (i % 100 == 50) {
            EXPECT_EQ(drained(q), expected);
            expected.clear();
        }
    }
    EXPECT_EQ(drained(q), expected);
}

TEST_F(outside_queue, a_record_may_be_empty) {
    queue q(ample);
    auto w = q.make_writer();
    for (int i = 0; i < 100; ++i) {
        ASSERT_NE(w.reserve(0), nullptr);
        w.commit();
    }
    std::size_t bytes = 0;
    EXPECT_EQ(q.drain([&](std::uint64_t, auto record) { bytes += record.size(); }), 100u);
    EXPECT_EQ(bytes, 0u);
}

TEST_F(outside_queue, what_is_not_committed_is_not_delivered) {
    queue q(ample);
    auto w = q.make_writer();
    ASSERT_TRUE(post(w, 1));
    std::byte* at = w.reserve(8);
    EXPECT_EQ(drained(q), numbers{1});
    std::memset(at, 0, 8);
    w.commit();
    EXPECT_EQ(drained(q), numbers{0});
}

TEST_F(outside_queue, writers_come_in_the_order_in_which_they_were_made_and_are_numbered_so) {
    queue q(ample);
    auto a = q.make_writer();
    auto b = q.make_writer();
    ASSERT_TRUE(post(b, 20));
    ASSERT_TRUE(post(a, 10));
    EXPECT_EQ(drained(q), (numbers{10, 20}));
    auto c = q.make_writer();
    ASSERT_TRUE(post(c, 30));
    ASSERT_TRUE(post(b, 21));
    ASSERT_TRUE(post(a, 11));
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    q.drain([&](std::uint64_t writer, auto r) { found.emplace_back(writer, number_of(r)); });
    EXPECT_EQ(found, (decltype(found){{0, 11}, {1, 21}, {2, 30}}));
}

TEST_F(outside_queue, a_number_is_not_given_twice) {
    queue q(ample);
    std::vector<std::uint64_t> found;
    for (int i = 0; i < 3; ++i) {
        auto w = q.make_writer();
        ASSERT_TRUE(post(w, 7));
        q.drain([&](std::uint64_t writer, auto) { found.push_back(writer); });
    }
    EXPECT_EQ(found, (numbers{0, 1, 2}));
}

TEST_F(outside_queue, what_a_writer_has_committed_outlives_it) {
    queue q(ample);
    {
        auto w = q.make_writer();
        for (std::uint64_t i = 0; i < 100; ++i) ASSERT_TRUE(post(w, i));
        ASSERT_TRUE(post(w, 100, long_bytes));
    }
    EXPECT_EQ(drained(q).size(), 101u);
    EXPECT_EQ(counted::in_use, 0u); // the writer's memory went with its last record
}

TEST_F(outside_queue, a_queue_may_end_with_records_in_it) {
    queue q(ample);
    auto w = q.make_writer();
    for (std::uint64_t i = 0; i < 100; ++i) ASSERT_TRUE(post(w, i, 8 + 8 * i));
}

TEST_F(outside_queue, a_moved_writer_goes_on_where_it_was) {
    queue q(ample);
    auto v = q.make_writer();
    ASSERT_TRUE(post(v, 1));
    auto w = std::move(v);
    ASSERT_TRUE(post(w, 2));
    auto u = q.make_writer();
    ASSERT_TRUE(post(u, 9));
    u = std::move(w); // ends what u was
    ASSERT_TRUE(post(u, 3));
    EXPECT_EQ(drained(q), (numbers{1, 2, 3, 9}));
}

TEST_F(outside_queue, posts_and_new_writers_may_come_out_of_a_drain) {
    queue q(ample);
    auto w = q.make_writer();
    ASSERT_TRUE(post(w, 1));
    std::vector<queue::writer> made;
    const std::size_t records = q.drain([&](std::uint64_t, auto) {
        EXPECT_TRUE(post(w, 2));
        made.push_back(q.make_writer());
        EXPECT_TRUE(post(made.back(), 3));
    });
    EXPECT_EQ(records, 1u); // a drain that fed itself would not end
    EXPECT_EQ(drained(q), (numbers{2, 3}));
}

TEST_F(outside_queue, beyond_the_budget_a_writer_is_held_back_until_the_reader_has_drained) {
    constexpr std::size_t budget = 4 * counted::chunk_bytes;
    queue q(budget);
    auto w = q.make_writer();
    std::uint64_t accepted = 0;
    while (accepted < 10'000 && post(w, accepted)) ++accepted;
    EXPECT_LT(accepted, 10'000u);
    EXPECT_EQ(q.bytes_in_flight(), budget);
    EXPECT_FALSE(post(w, accepted));
    EXPECT_EQ(drained(q).size(), accepted);
    EXPECT_EQ(q.bytes_in_flight(), 0u);
    EXPECT_TRUE(post(w, accepted));
    EXPECT_EQ(drained(q), numbers{accepted});
}

TEST_F(outside_queue, a_writer_that_is_held_back_does_not_keep_others_from_their_chunk) {
    queue q(counted::chunk_bytes);
    auto w = q.make_writer();
    while (post(w, 0)) {}
    auto v = q.make_writer();
    EXPECT_TRUE(post(v, 1));
    EXPECT_FALSE(post(v, 1, long_bytes));
    EXPECT_EQ(drained(q).back(), 1u);
}

TEST_F(outside_queue, a_record_beyond_the_whole_budget_passes_alone) {
    for (const std::size_t budget : {std::size_t{0}, counted::chunk_bytes}) {
        queue q(budget);
        auto w = q.make_writer();
        ASSERT_TRUE(post(w, 1, 100 * long_bytes));
        EXPECT_FALSE(post(w, 2, 100 * long_bytes));
        EXPECT_EQ(drained(q), numbers{1});
        EXPECT_TRUE(post(w, 2, 100 * long_bytes));
    }
}

TEST_F(outside_queue, a_writer_that_goes_on_trying_always_gets_through) {
    // Every mixture of lengths, with the budget at its least: each try is followed by a drain.
    queue q(0);
    auto w = q.make_writer();
    numbers expected, found;
    for (std::uint64_t i = 0; i < 300; ++i) {
        const std::size_t bytes = i % 3 == 0 ? long_bytes : 8 + 40 * (i % 5);
        int tries = 1;
        for (; tries < 4 && !post(w, i, bytes); ++tries)
            for (std::uint64_t n : drained(q)) found.push_back(n);
        ASSERT_LT(tries, 4);
        expected.push_back(i);
    }
    for (std::uint64_t n : drained(q)) found.push_back(n);
    EXPECT_EQ(found, expected);
}

TEST_F(outside_queue, without_memory_a_writer_is_held_back_and_none_is_made) {
    queue q(ample);
    auto w = q.make_writer();
    std::uint64_t accepted = 0;
    counted::refuse = true;
    while (accepted < 10'000 && post(w, accepted)) ++accepted;
    EXPECT_LT(accepted, 10'000u);
    EXPECT_FALSE(post(w, accepted, long_bytes));
    EXPECT_EQ(q.bytes_in_flight(), 0u);
    EXPECT_THROW(static_cast<void>(q.make_writer()), std::bad_alloc);
    counted::refuse = false;
    EXPECT_TRUE(post(w, accepted, long_bytes));
    EXPECT_EQ(drained(q).size(), accepted + 1);
}

TEST_F(outside_queue, chunks_are_used_again) {
    queue q(ample);
    auto w = q.make_writer();
    const auto turn = [&] {
        for (std::uint64_t i = 0; i < 200; ++i) ASSERT_TRUE(post(w, i));
        EXPECT_EQ(drained(q).size(), 200u);
    };
    for (int i = 0; i < 10; ++i) turn(); // how many chunks a turn leaves depends on where it begins
    const std::size_t before = counted::allocations;
    for (int i = 0; i < 50; ++i) turn();
    EXPECT_EQ(counted::allocations, before);
}

TEST_F(outside_queue, memory_is_bounded_by_the_budget_however_many_writers_had_their_burst) {
    constexpr std::size_t budget = 8 * counted::chunk_bytes, writers = 20, lane_bytes = 256;
    queue q(budget);
    std::vector<queue::writer> all;
    for (std::size_t i = 0; i < writers; ++i) all.push_back(q.make_writer());
    for (auto& w : all) {
        while (post(w, 0)) {}
        drained(q);
    }
    // In flight, and kept; and each writer's own.
    EXPECT_LE(counted::peak, 2 * budget + writers * (counted::chunk_bytes + lane_bytes));
}

/// Threads that post `count` numbers each, and end their writer and begin a new one every `life`.
template <class Drain>
void stress(queue& q, std::size_t threads, std::uint64_t count, std::uint64_t life, Drain drain) {
    std::atomic<std::size_t> running = threads;
    std::vector<std::thread> all;
    for (std::size_t t = 0; t < threads; ++t)
        all.emplace_back([&, t] {
            auto w = q.make_writer();
            for (std::uint64_t i = 0; i < count; ++i) {
                if (i % life == life - 1) w = q.make_writer();
                const std::size_t bytes = i % 97 == 0 ? long_bytes : 8 + i % 50;
                while (!post(w, t << 32 | i, bytes)) std::this_thread::yield();
            }
            --running;
        });
    while (running > 0) {
        drain();
        std::this_thread::yield();
    }
    for (auto& t : all) t.join();
    drain();
}

void stress_and_check(std::size_t budget, std::size_t threads, std::uint64_t count,
                      std::uint64_t life) {
    queue q(budget);
    std::map<std::uint64_t, std::uint64_t> last_of_writer; // by number of the writer: record
    std::vector<std::vector<bool>> seen(threads, std::vector<bool>(count));
    std::size_t out_of_order = 0, doubled = 0, other_threads = 0, in_flight_max = 0;
    stress(q, threads, count, life, [&] {
        in_flight_max = std::max(in_flight_max, q.bytes_in_flight());
        q.drain([&](std::uint64_t writer, std::span<const std::byte> r) {
            const std::uint64_t number = number_of(r), t = number >> 32, i = number & 0xffffffff;
            ASSERT_LT(t, threads);
            ASSERT_LT(i, count);
            const auto [last, is_new] = last_of_writer.try_emplace(writer, number);
            if (!is_new) {
                out_of_order += last->second >= number;
                other_threads += last->second >> 32 != t;
                last->second = number;
            }
            doubled += seen[t][i];
            seen[t][i] = true;
        });
    });
    EXPECT_EQ(out_of_order, 0u);
    EXPECT_EQ(other_threads, 0u);
    EXPECT_EQ(doubled, 0u);
    for (const auto& records : seen)
        EXPECT_EQ(std::count(records.begin(), records.end(), true), static_cast<long>(count));
    EXPECT_LE(in_flight_max, std::max(budget, long_bytes));
    EXPECT_EQ(q.bytes_in_flight(), 0u);
}

TEST_F(outside_queue, many_threads_lose_nothing_double_nothing_and_keep_their_order) {
    stress_and_check(ample, 4, 40'000, 1'000'000);
}

TEST_F(outside_queue, threads_that_are_held_back_all_the_time_lose_nothing) {
    constexpr std::size_t budget = 8 * counted::chunk_bytes, threads = 4, lane_bytes = 256;
    stress_and_check(budget, threads, 1'000, 1'000'000);
    EXPECT_LE(counted::peak, 2 * budget + threads * (2 * counted::chunk_bytes + lane_bytes));
}

TEST_F(outside_queue, writers_that_come_and_go_while_the_reader_reads_lose_nothing) {
    stress_and_check(ample, 3, 20'000, 10);
}

} // namespace
