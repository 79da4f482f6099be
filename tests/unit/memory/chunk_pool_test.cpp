// SPDX-License-Identifier: MIT
#include <kay/memory/chunk_pool.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace {

using kay::chunk_bytes;
using kay::chunk_pool;
using kay::out_of_memory;

constexpr std::size_t slab_chunks = 32;
constexpr std::size_t slab_bytes = slab_chunks * chunk_bytes;

std::uintptr_t address(const std::byte* at) { return reinterpret_cast<std::uintptr_t>(at); }

std::vector<std::byte*> take_many(chunk_pool& pool, std::size_t count) {
    std::vector<std::byte*> taken;
    for (std::size_t i = 0; i < count; ++i) taken.push_back(pool.take());
    return taken;
}

void give_all(chunk_pool& pool, const std::vector<std::byte*>& chunks) {
    for (std::byte* chunk : chunks) pool.give(chunk);
}

bool is_filled(const std::byte* at, std::size_t bytes, std::byte value) {
    return std::all_of(at, at + bytes, [value](std::byte b) { return b == value; });
}

TEST(chunk_pool, a_new_pool_takes_nothing_from_the_system) {
    const chunk_pool pool;
    EXPECT_EQ(pool.bytes_in_use(), 0u);
    EXPECT_EQ(pool.bytes_reserved(), 0u);
}

TEST(chunk_pool, a_first_chunk_is_zero_aligned_and_all_of_it_can_be_written) {
    chunk_pool pool;
    std::byte* const chunk = pool.take();
    EXPECT_EQ(address(chunk) % chunk_bytes, 0u);
    EXPECT_TRUE(is_filled(chunk, chunk_bytes, std::byte{0}));
    std::memset(chunk, 0xee, chunk_bytes);
    EXPECT_TRUE(is_filled(chunk, chunk_bytes, std::byte{0xee}));
    EXPECT_EQ(pool.bytes_in_use(), chunk_bytes);
    EXPECT_EQ(pool.bytes_reserved(), slab_bytes);
    pool.give(chunk);
    EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(chunk_pool, chunks_in_use_never_overlap) {
    chunk_pool pool;
    const auto chunks = take_many(pool, 100);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        std::memset(chunks[i], static_cast<int>(i), chunk_bytes);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        EXPECT_TRUE(is_filled(chunks[i], chunk_bytes, static_cast<std::byte>(i))) << i;
    EXPECT_EQ(pool.bytes_in_use(), 100 * chunk_bytes);
    EXPECT_EQ(pool.bytes_reserved(), 4 * slab_bytes);
    give_all(pool, chunks);
}

TEST(chunk_pool, thirty_two_chunks_fill_one_huge_page) {
    chunk_pool pool;
    const auto chunks = take_many(pool, slab_chunks);
    const std::uintptr_t page = address(chunks[0]) / slab_bytes;
    std::set<std::uintptr_t> places;
    for (const std::byte* chunk : chunks) {
        EXPECT_EQ(address(chunk) / slab_bytes, page);
        places.insert(address(chunk) % slab_bytes / chunk_bytes);
    }
    EXPECT_EQ(places.size(), slab_chunks);
    EXPECT_EQ(pool.bytes_reserved(), slab_bytes);
    std::byte* const next = pool.take();
    EXPECT_NE(address(next) / slab_bytes, page);
    EXPECT_EQ(pool.bytes_reserved(), 2 * slab_bytes);
    pool.give(next);
    give_all(pool, chunks);
}

TEST(chunk_pool, a_chunk_given_back_is_taken_again_before_the_system_is_asked) {
    chunk_pool pool;
    auto chunks = take_many(pool, 3 * slab_chunks);
    std::set<std::byte*> given;
    for (std::size_t i = 0; i < chunks.size(); i += 3) {
        given.insert(chunks[i]);
        pool.give(chunks[i]);
    }
    std::set<std::byte*> again;
    for (std::size_t i = 0; i < given.size(); ++i) again.insert(pool.take());
    EXPECT_EQ(again, given);
    EXPECT_EQ(pool.bytes_reserved(), 3 * slab_bytes);
    EXPECT_EQ(pool.bytes_in_use(), 3 * slab_bytes);
    give_all(pool, chunks);
    EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(chunk_pool, a_chunk_that_comes_back_holds_its_old_bytes) {
    chunk_pool pool;
    std::byte* const chunk = pool.take();
    std::memset(chunk, 0x5a, chunk_bytes);
    pool.give(chunk);
    std::byte* const again = pool.take();
    ASSERT_EQ(again, chunk);
    EXPECT_TRUE(is_filled(again, chunk_bytes, std::byte{0x5a}));
    pool.give(again);
}

TEST(chunk_pool, a_row_of_chunks_is_one_aligned_zeroed_block) {
    chunk_pool pool;
    for (std::size_t count : {2u, 3u, 31u, 32u, 33u, 100u}) {
        std::byte* const block = pool.take(count);
        EXPECT_EQ(address(block) % chunk_bytes, 0u) << count;
        EXPECT_TRUE(is_filled(block, count * chunk_bytes, std::byte{0})) << count;
        std::memset(block, 0xee, count * chunk_bytes);
        EXPECT_EQ(pool.bytes_in_use(), count * chunk_bytes);
        EXPECT_EQ(pool.bytes_reserved(), count * chunk_bytes);
        pool.give(block, count);
        EXPECT_EQ(pool.bytes_in_use(), 0u);
        EXPECT_EQ(pool.bytes_reserved(), 0u);
    }
}

TEST(chunk_pool, rows_and_single_chunks_do_not_disturb_each_other) {
    chunk_pool pool;
    std::byte* const before = pool.take();
    std::byte* const row = pool.take(5);
    std::byte* const after = pool.take();
    std::memset(before, 1, chunk_bytes);
    std::memset(row, 2, 5 * chunk_bytes);
    std::memset(after, 3, chunk_bytes);
    EXPECT_TRUE(is_filled(before, chunk_bytes, std::byte{1}));
    EXPECT_TRUE(is_filled(row, 5 * chunk_bytes, std::byte{2}));
    EXPECT_EQ(pool.bytes_in_use(), 7 * chunk_bytes);
    pool.give(row, 5);
    EXPECT_TRUE(is_filled(before, chunk_bytes, std::byte{1}));
    EXPECT_TRUE(is_filled(after, chunk_bytes, std::byte{3}));
    EXPECT_EQ(pool.bytes_in_use(), 2 * chunk_bytes);
    EXPECT_EQ(pool.bytes_reserved(), slab_bytes);
    pool.give(before);
    pool.give(after);
}

TEST(chunk_pool, the_bound_is_a_clear_failure_that_loses_nothing) {
    chunk_pool pool(2 * slab_bytes);
    const auto chunks = take_many(pool, 2 * slab_chunks);
    try {
        pool.take();
        FAIL() << "took a chunk beyond the bound";
    } catch (const out_of_memory& e) {
        EXPECT_EQ(e.bytes_wanted, slab_bytes);
        EXPECT_EQ(e.bytes_used, 2 * slab_bytes);
        EXPECT_EQ(e.bytes_max, 2 * slab_bytes);
    }
    EXPECT_EQ(pool.bytes_in_use(), 2 * slab_bytes);
    EXPECT_EQ(pool.bytes_reserved(), 2 * slab_bytes);
    pool.give(chunks[7]);
    EXPECT_EQ(pool.take(), chunks[7]);
    EXPECT_THROW(pool.take(), out_of_memory);
    give_all(pool, chunks);
    EXPECT_EQ(pool.bytes_in_use(), 0u);
    const auto again = take_many(pool, 2 * slab_chunks);
    EXPECT_EQ(std::set<std::byte*>(again.begin(), again.end()),
              std::set<std::byte*>(chunks.begin(), chunks.end()));
    give_all(pool, again);
}

TEST(chunk_pool, a_row_beyond_the_bound_fails_and_a_smaller_one_still_fits) {
    chunk_pool pool(10 * chunk_bytes);
    try {
        pool.take(11);
        FAIL() << "took a row beyond the bound";
    } catch (const out_of_memory& e) {
        EXPECT_EQ(e.bytes_wanted, 11 * chunk_bytes);
        EXPECT_EQ(e.bytes_used, 0u);
        EXPECT_EQ(e.bytes_max, 10 * chunk_bytes);
    }
    EXPECT_EQ(pool.bytes_reserved(), 0u);
    std::byte* const row = pool.take(10);
    EXPECT_THROW(pool.take(2), out_of_memory);
    pool.give(row, 10);
    std::byte* const again = pool.take(10);
    pool.give(again, 10);
}

TEST(chunk_pool, a_bound_that_is_no_multiple_of_a_huge_page_is_kept) {
    chunk_pool pool(slab_bytes + slab_bytes / 2);
    const auto chunks = take_many(pool, slab_chunks);
    EXPECT_THROW(pool.take(), out_of_memory);
    EXPECT_LE(pool.bytes_reserved(), slab_bytes + slab_bytes / 2);
    std::byte* const row = pool.take(slab_chunks / 2);
    EXPECT_EQ(pool.bytes_reserved(), slab_bytes + slab_bytes / 2);
    pool.give(row, slab_chunks / 2);
    give_all(pool, chunks);
}

TEST(chunk_pool, more_than_the_machine_has_is_out_of_memory_too) {
    chunk_pool pool;
    std::byte* const chunk = pool.take();
    const std::size_t far_too_many = std::size_t{1} << (sizeof(std::size_t) * 8 - 18);
    try {
        pool.take(far_too_many);
        FAIL() << "took more than an address space";
    } catch (const out_of_memory& e) {
        EXPECT_EQ(e.bytes_wanted, far_too_many * chunk_bytes);
        EXPECT_EQ(e.bytes_max, 0u);
    }
    EXPECT_EQ(pool.bytes_in_use(), chunk_bytes);
    EXPECT_EQ(pool.bytes_reserved(), slab_bytes);
    pool.give(chunk);
}

TEST(chunk_pool, a_row_of_more_bytes_than_can_be_counted_is_out_of_memory_too) {
    constexpr std::size_t all = ~std::size_t{0};
    for (std::size_t bytes_max : {std::size_t{0}, 10 * slab_bytes, all}) {
        chunk_pool pool(bytes_max);
        std::byte* const chunk = pool.take();
        for (std::size_t count : {all, all / chunk_bytes, all / chunk_bytes + 1,
                                  all / chunk_bytes + 2, all / chunk_bytes / 2 + 1})
            EXPECT_THROW(pool.take(count), out_of_memory) << count;
        EXPECT_EQ(pool.bytes_in_use(), chunk_bytes);
        EXPECT_EQ(pool.bytes_reserved(), slab_bytes);
        pool.give(chunk);
    }
}

TEST(chunk_pool, trim_returns_what_was_not_needed_since_the_last_one) {
    chunk_pool pool;
    give_all(pool, take_many(pool, 10 * slab_chunks));
    EXPECT_EQ(pool.bytes_reserved(), 10 * slab_bytes);
    pool.trim(); // ten were needed a moment ago
    EXPECT_EQ(pool.bytes_reserved(), 10 * slab_bytes);
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), 0u);
    EXPECT_EQ(pool.bytes_in_use(), 0u);
    const auto chunks = take_many(pool, 3 * slab_chunks);
    for (std::byte* chunk : chunks) std::memset(chunk, 0xee, chunk_bytes);
    EXPECT_EQ(pool.bytes_reserved(), 3 * slab_bytes);
    give_all(pool, chunks);
}

TEST(chunk_pool, trim_keeps_what_was_needed_at_the_peak_since_the_last_one) {
    chunk_pool pool;
    const auto kept = take_many(pool, 8 * slab_chunks);
    give_all(pool, take_many(pool, 6 * slab_chunks));
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), (8 + 6) * slab_bytes);
    give_all(pool, take_many(pool, 2 * slab_chunks));
    give_all(pool, take_many(pool, 1));
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), (8 + 2) * slab_bytes);
    give_all(pool, take_many(pool, slab_chunks / 2));
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), (8 + 1) * slab_bytes);
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), 8 * slab_bytes);
    EXPECT_EQ(pool.bytes_in_use(), 8 * slab_bytes);
    give_all(pool, kept);
}

TEST(chunk_pool, trim_keeps_as_much_as_it_is_told) {
    chunk_pool pool;
    give_all(pool, take_many(pool, 10 * slab_chunks));
    EXPECT_EQ(pool.bytes_in_use_max(), 10 * slab_bytes);
    pool.trim();
    EXPECT_EQ(pool.bytes_in_use_max(), 0u);
    pool.trim(4 * slab_bytes);
    EXPECT_EQ(pool.bytes_reserved(), 4 * slab_bytes);
    pool.trim(4 * slab_bytes);
    EXPECT_EQ(pool.bytes_reserved(), 4 * slab_bytes);
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), 0u);
}

TEST(chunk_pool, a_steady_coming_and_going_asks_the_system_for_nothing) {
    chunk_pool pool;
    std::set<std::byte*> first;
    for (int turn = 0; turn < 10; ++turn) {
        const auto chunks = take_many(pool, 5 * slab_chunks);
        const std::set<std::byte*> now(chunks.begin(), chunks.end());
        if (turn == 0) first = now;
        EXPECT_EQ(now, first);
        give_all(pool, chunks);
        pool.trim();
        EXPECT_EQ(pool.bytes_reserved(), 5 * slab_bytes);
    }
}

// ---- instances and tables

std::uintptr_t page_of(const std::byte* chunk) { return address(chunk) / slab_bytes; }

TEST(chunk_pool, tables_that_stay_hold_no_huge_page_of_instances_that_go) {
    chunk_pool pool;
    std::vector<std::byte*> instances, tables;
    for (std::size_t i = 0; i < 4 * slab_chunks; ++i) {
        instances.push_back(pool.take());
        if (i % 4 == 0) tables.push_back(pool.take(1, chunk_pool::use::tables));
    }
    for (const std::byte* table : tables) {
        EXPECT_EQ(page_of(table), page_of(tables[0]));
        for (const std::byte* instance : instances) EXPECT_NE(page_of(table), page_of(instance));
    }
    EXPECT_EQ(pool.bytes_reserved(), 5 * slab_bytes);
    give_all(pool, instances);
    pool.trim();
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), slab_bytes);
    EXPECT_EQ(pool.bytes_in_use(), slab_bytes);
    give_all(pool, tables);
}

TEST(chunk_pool, a_huge_page_that_is_free_serves_the_other_use_before_the_system_is_asked) {
    chunk_pool pool;
    auto chunks = take_many(pool, 2 * slab_chunks);
    give_all(pool, {chunks.begin() + slab_chunks, chunks.end()});
    chunks.resize(slab_chunks);
    std::byte* const table = pool.take(1, chunk_pool::use::tables);
    EXPECT_EQ(pool.bytes_reserved(), 2 * slab_bytes);
    std::byte* const next = pool.take(); // the page is one of tables now
    EXPECT_NE(page_of(next), page_of(table));
    EXPECT_EQ(pool.bytes_reserved(), 3 * slab_bytes);
    pool.give(next);
    pool.give(table);
    give_all(pool, chunks);
    EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(chunk_pool, uses_share_a_huge_page_when_there_is_no_memory_for_two) {
    chunk_pool pool(slab_bytes);
    std::vector<std::byte*> chunks;
    for (std::size_t i = 0; i < slab_chunks; ++i)
        chunks.push_back(
            pool.take(1, i % 3 ? chunk_pool::use::instances : chunk_pool::use::tables));
    EXPECT_EQ(std::set<std::byte*>(chunks.begin(), chunks.end()).size(), slab_chunks);
    for (auto use : {chunk_pool::use::instances, chunk_pool::use::tables})
        EXPECT_THROW(pool.take(1, use), out_of_memory);
    pool.give(chunks[0]);
    EXPECT_EQ(pool.take(1, chunk_pool::use::instances), chunks[0]);
    pool.give(chunks[1]);
    EXPECT_EQ(pool.take(1, chunk_pool::use::tables), chunks[1]);
    give_all(pool, chunks);
    EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(chunk_pool, trim_never_touches_a_huge_page_with_a_chunk_in_use) {
    chunk_pool pool;
    const auto chunks = take_many(pool, 10 * slab_chunks);
    std::vector<std::byte*> kept;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        if (i % slab_chunks == 5) {
            kept.push_back(chunks[i]);
            std::memset(chunks[i], static_cast<int>(i / slab_chunks + 1), chunk_bytes);
        } else {
            pool.give(chunks[i]);
        }
    }
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), 10 * slab_bytes);
    for (std::size_t i = 0; i < kept.size(); ++i)
        EXPECT_TRUE(is_filled(kept[i], chunk_bytes, static_cast<std::byte>(i + 1))) << i;
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), 10 * slab_bytes);
    give_all(pool, kept);
    pool.trim(); // ten chunks were needed: one page is enough for them
    EXPECT_EQ(pool.bytes_reserved(), slab_bytes);
    pool.trim();
    EXPECT_EQ(pool.bytes_reserved(), 0u);
}

TEST(chunk_pool, after_a_trim_the_fullest_huge_pages_are_taken_from_first) {
    chunk_pool pool;
    const auto chunks = take_many(pool, 8 * slab_chunks);
    // Pages 0 to 2 keep 1, 31 and 16 chunks; the others go, so that the trim has something to do.
    const std::array<std::size_t, 3> keeps{1, 31, 16};
    std::vector<std::byte*> kept;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        const std::size_t page = i / slab_chunks;
        if (page < keeps.size() && i % slab_chunks < keeps[page])
            kept.push_back(chunks[i]);
        else
            pool.give(chunks[i]);
    }
    pool.trim();
    std::byte* const first = pool.take();
    EXPECT_EQ(page_of(first), page_of(chunks[slab_chunks]));
    const auto next = take_many(pool, 16);
    for (const std::byte* chunk : next) EXPECT_EQ(page_of(chunk), page_of(chunks[2 * slab_chunks]));
    pool.give(first);
    give_all(pool, next);
    give_all(pool, kept);
}

#if defined(__linux__)

bool is_mapped(std::byte* at) {
    unsigned char resident = 0;
    return ::mincore(at, 1, &resident) == 0;
}

TEST(chunk_pool, trimmed_memory_is_no_longer_mapped) {
    chunk_pool pool;
    const auto chunks = take_many(pool, 10 * slab_chunks);
    give_all(pool, {chunks.begin() + slab_chunks, chunks.end()});
    pool.trim();
    for (std::byte* chunk : chunks) EXPECT_TRUE(is_mapped(chunk));
    pool.trim();
    for (std::size_t i = 0; i < chunks.size(); ++i)
        EXPECT_EQ(is_mapped(chunks[i]), i < slab_chunks) << i;
    give_all(pool, {chunks.begin(), chunks.begin() + slab_chunks});
}

TEST(chunk_pool, a_row_is_unmapped_at_once_and_the_rest_with_the_pool) {
    std::byte* chunk;
    {
        chunk_pool pool;
        std::byte* const row = pool.take(7);
        EXPECT_TRUE(is_mapped(row + 6 * chunk_bytes));
        pool.give(row, 7);
        EXPECT_FALSE(is_mapped(row));
        EXPECT_FALSE(is_mapped(row + 6 * chunk_bytes));
        chunk = pool.take();
        EXPECT_TRUE(is_mapped(chunk));
    }
    EXPECT_FALSE(is_mapped(chunk));
}

#endif

TEST(chunk_pool, threads_share_it_without_getting_the_same_chunk) {
    chunk_pool pool;
    const auto work = [&pool](int mark) {
        bool own = true;
        for (int round = 0; round < 200; ++round) {
            std::vector<std::byte*> mine;
            for (int i = 0; i < 5; ++i) {
                mine.push_back(pool.take());
                std::memset(mine.back(), mark, 64);
            }
            std::byte* const row = pool.take(2);
            std::memset(row, mark, 64);
            own = own && is_filled(row, 64, static_cast<std::byte>(mark));
            pool.give(row, 2);
            for (std::byte* chunk : mine) {
                own = own && is_filled(chunk, 64, static_cast<std::byte>(mark));
                pool.give(chunk);
            }
            if (round % 16 == 0) pool.trim();
        }
        return own;
    };
    std::array<bool, 3> own{};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < own.size(); ++i)
        threads.emplace_back([&, i] { own[i] = work(static_cast<int>(i + 1)); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(own, (std::array<bool, 3>{true, true, true}));
    EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(chunk_pool_death, giving_a_chunk_back_twice_stops_the_process) {
    chunk_pool pool;
    std::byte* const chunk = pool.take();
    pool.give(chunk);
    EXPECT_DEATH(pool.give(chunk), "assertion failed");
}

TEST(chunk_pool_death, giving_back_what_another_pool_gave_stops_the_process) {
    chunk_pool pool, other;
    std::byte* const own = pool.take();
    std::byte* const foreign = other.take();
    EXPECT_DEATH(pool.give(foreign), "assertion failed");
    pool.give(own);
    other.give(foreign);
}

TEST(chunk_pool_death, taking_nothing_stops_the_process) {
    chunk_pool pool;
    EXPECT_DEATH(pool.take(0), "assertion failed");
}

} // namespace
