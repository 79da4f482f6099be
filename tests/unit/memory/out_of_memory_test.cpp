// SPDX-License-Identifier: MIT
//
// Containers and the pool when the heap has nothing left, at every allocation there is: what was
// there is still there, and nothing leaks.
#include "failing_new.hpp"

#include <kay/memory/chunk_pool.hpp>
#include <kay/memory/map.hpp>
#include <kay/memory/optional.hpp>
#include <kay/memory/string.hpp>
#include <kay/memory/vector.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace out_of_memory_test {

using failing_new::blocks_alive;
using failing_new::until_it_works;

struct Item {
    std::int32_t number = 0;
    kay::string text;
    kay::vector<kay::string> names;

    friend bool operator==(const Item&, const Item&) = default;
};

struct State {
    kay::vector<Item> items;
    kay::map<std::int32_t, kay::vector<kay::string>> groups;
    kay::optional<Item> chosen;

    friend bool operator==(const State&, const State&) = default;
};

Item item(std::int32_t number) {
    const std::string text = "text of number " + std::to_string(number);
    return {number, text, {text + ", a", text + ", b"}};
}

State state() {
    State made;
    for (std::int32_t i = 0; i < 4; ++i) {
        made.items.push_back(item(i));
        made.groups[i * 2].push_back(kay::string("group " + std::to_string(i)));
    }
    made.chosen = item(7);
    return made;
}

/// A state packed into a block of its own.
struct block {
    std::byte* at;
    std::size_t bytes;

    explicit block(State from, std::size_t spare = 0)
        : bytes(kay::detail::packed_bytes(from) + spare) {
        at = static_cast<std::byte*>(std::malloc(bytes));
        kay::detail::pack_move(from, at, bytes);
    }
    ~block() {
        kay::detail::release(**this);
        std::memset(at, 0xdd, bytes);
        std::free(at);
    }
    block(const block&) = delete;
    block& operator=(const block&) = delete;
    State& operator*() { return *reinterpret_cast<State*>(at); }
    State* operator->() { return &**this; }

    /// As the store does when a neighbour dies, also with containers on the heap.
    void relocate() {
        auto* const to = static_cast<std::byte*>(std::malloc(bytes));
        std::memcpy(to, at, bytes);
        kay::detail::moved(*reinterpret_cast<State*>(to), to - at);
        std::memset(at, 0xdd, bytes);
        std::free(std::exchange(at, to));
    }
};

/// A change that either happens or leaves all as it was.
template <class F>
void all_or_nothing(F&& change) {
    const std::int64_t before = blocks_alive();
    {
        const State old = state();
        State expected = state();
        change(expected);
        block there(state());
        const std::size_t times = until_it_works([&] { change(*there); },
                                                 [&] {
                                                     there.relocate();
                                                     ASSERT_EQ(*there, old);
                                                 });
        EXPECT_GT(times, 0u);
        there.relocate();
        EXPECT_EQ(*there, expected);
    }
    EXPECT_EQ(blocks_alive(), before);
}

TEST(out_of_memory, a_vector_that_cannot_grow_keeps_its_elements) {
    all_or_nothing([](State& s) { s.items.push_back(item(9)); });
    all_or_nothing([](State& s) { s.items.push_back(s.items[1]); });
    all_or_nothing([](State& s) { s.items.insert(s.items.begin() + 1, s.items[3]); });
    all_or_nothing([](State& s) { s.items.insert(s.items.begin(), item(9)); });
    all_or_nothing([](State& s) { s.items.reserve(100); });
    all_or_nothing([](State& s) { s.items[2].names.push_back("more"); });
}

TEST(out_of_memory, a_map_or_a_string_that_cannot_grow_is_as_it_was) {
    all_or_nothing([](State& s) { s.groups[3] = {}; });
    all_or_nothing([](State& s) { s.groups.insert_or_assign(3, s.groups.at(2)); });
    all_or_nothing([](State& s) { s.groups.at(4).push_back("other"); });
    all_or_nothing([](State& s) { s.items[0].text += " and more"; });
    all_or_nothing([](State& s) { s.items[0].text += s.items[0].text; });
    all_or_nothing([](State& s) { s.chosen = s.items[0]; });
}

TEST(out_of_memory, erasing_needs_no_memory_and_leaves_the_block_whole) {
    block there(state());
    {
        const failing_new::after nothing(0);
        there->items.erase(there->items.begin());
        there->items.erase(there->items.begin() + 1, there->items.begin() + 2);
        there->groups.erase(2);
        there->items[1].names.erase(there->items[1].names.begin());
        there->chosen.reset();
    }
    EXPECT_FALSE(kay::detail::is_spilled(*there));
    there.relocate();
    State expected = state();
    expected.items = {item(1), item(3)};
    expected.items[1].names = {expected.items[1].names[1]};
    expected.groups.erase(2);
    expected.chosen = {};
    EXPECT_EQ(*there, expected);
}

TEST(out_of_memory, inserting_where_there_is_room_moves_no_neighbour_to_the_heap) {
    block there(state(), 1000);
    ASSERT_GT(there->items.capacity(), there->items.size());
    const failing_new::after nothing(0);
    there->items.insert(there->items.begin(), Item{});
    EXPECT_FALSE(kay::detail::is_spilled(*there));
    EXPECT_EQ(there->items[0], Item{});
    EXPECT_EQ(there->items[4].names.size(), 2u);
}

TEST(out_of_memory, copies_and_moves_that_fail_leak_nothing) {
    const std::int64_t before = blocks_alive();
    {
        const State old = state();
        block there(state());
        until_it_works([&] { const State copy(*there); }, [&] { ASSERT_EQ(*there, old); });
        State to = state();
        until_it_works([&] { to = *there; }, [&] { ASSERT_EQ(*there, old); });
        EXPECT_EQ(to, old);
        until_it_works([&] { to.items = {item(1), item(2), item(3)}; }, [] {});
        EXPECT_EQ(to.items[2], item(3));
        until_it_works([&] { const kay::vector<Item> row(5, item(4)); }, [] {});
        // The text is moved out of the block, which is whole until that works.
        kay::vector<Item> taken;
        until_it_works([&] { taken = std::move(there->items); },
                       [&] { ASSERT_EQ(there->items, old.items); });
        EXPECT_EQ(taken, old.items);
        EXPECT_TRUE(there->items.empty());
    }
    EXPECT_EQ(blocks_alive(), before);
}

TEST(out_of_memory, a_size_beyond_all_bounds_is_a_clear_error_that_loses_nothing) {
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    for (std::size_t count : {std::size_t{1} << 31, std::size_t{1} << 32, all / 16 + 2, all}) {
        kay::vector<std::uint64_t> v{1, 2, 3};
        EXPECT_THROW(v.reserve(count), std::bad_alloc) << count;
        EXPECT_THROW(v.resize(count), std::bad_alloc) << count;
        EXPECT_THROW(v.resize(count, 5), std::bad_alloc) << count;
        EXPECT_EQ(v, (kay::vector<std::uint64_t>{1, 2, 3}));
        kay::string s("text");
        EXPECT_THROW(s.resize(count), std::bad_alloc) << count;
        EXPECT_EQ(s, "text");
    }
}

TEST(out_of_memory, elements_that_cannot_be_state_move_by_their_constructors) {
    kay::vector<std::string> words;
    for (int i = 0; i < 20; ++i) words.insert(words.begin(), std::to_string(i));
    words.erase(words.begin() + 1, words.begin() + 18);
    words.push_back(words[0]);
    EXPECT_EQ(words, (kay::vector<std::string>{"19", "1", "0", "19"}));
}

TEST(out_of_memory, a_pool_that_cannot_note_a_huge_page_does_not_take_it) {
    const std::int64_t before = blocks_alive();
    {
        kay::chunk_pool pool;
        std::vector<std::byte*> chunks;
        chunks.reserve(20 * 32);
        std::size_t failures = 0;
        for (int i = 0; i < 20 * 32; ++i)
            failures += until_it_works(
                [&] {
                    chunks.push_back(pool.take(1, i % 2 ? kay::chunk_pool::use::instances
                                                        : kay::chunk_pool::use::tables));
                },
                [&] {
                    ASSERT_EQ(pool.bytes_in_use(), chunks.size() * kay::chunk_bytes);
                    ASSERT_EQ(pool.bytes_reserved() % (32 * kay::chunk_bytes), 0u);
                });
        EXPECT_GE(failures, 20u);
        EXPECT_EQ(pool.bytes_reserved(), 20 * 32 * kay::chunk_bytes);
        const failing_new::after nothing(0);
        for (std::byte* chunk : chunks) pool.give(chunk);
        pool.trim();
        pool.trim();
        EXPECT_EQ(pool.bytes_reserved(), 0u);
    }
    EXPECT_EQ(blocks_alive(), before);
}

} // namespace out_of_memory_test
