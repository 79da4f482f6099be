// SPDX-License-Identifier: MIT
//
// Blocks and what lies in them. A packed<T> is an instance as a store keeps it: one row of bytes of
// exactly its room, so that the address sanitizer sees each byte written beside it; one that was
// left is overwritten before it is freed, so that an offset into it shows.
#include <kay/memory/external.hpp>
#include <kay/memory/map.hpp>
#include <kay/memory/optional.hpp>
#include <kay/memory/set.hpp>
#include <kay/memory/string.hpp>
#include <kay/memory/vector.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iomanip>
#include <iterator>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace containers_test {

using kay::detail::block_changes;
using kay::detail::content_bytes;
using kay::detail::has_containers;
using kay::detail::is_spilled;
using kay::detail::pack_copy;
using kay::detail::pack_move;
using kay::detail::packed_bytes;
using kay::detail::release;
using kay::detail::size_class_bytes;
using kay::detail::size_class_of;
using kay::detail::visit_content;
using kay::detail::wanted_bytes;

/// A container between fields that show when it writes beside itself.
template <class C>
struct Row {
    std::uint32_t before = 0xaaaaaaaa;
    C it;
    std::uint16_t after = 0xbbbb;
};

struct Item {
    std::int32_t number = 0;
    kay::string text;
    kay::vector<std::int64_t> marks;

    friend bool operator==(const Item&, const Item&) = default;
};

enum class Colour : std::uint8_t { red, green };

struct Plain {
    std::uint8_t small = 1;
    double number = 2.5;
    Colour colour = Colour::green;
};

/// Counts the objects that are alive.
struct Guest {
    static inline int alive = 0;
    int name = 0;
    explicit Guest(int n) : name(n) { ++alive; }
    Guest(const Guest& other) : name(other.name) { ++alive; }
    Guest& operator=(const Guest&) = default;
    ~Guest() { --alive; }
};

struct Host {
    std::int32_t number = 0;
    kay::external<Guest> guest;
    kay::string text;
};

struct Everything {
    std::int32_t number = 0;
    kay::vector<Item> items;
    kay::map<std::int32_t, kay::string> names;
    kay::set<std::int64_t> keys;
    kay::optional<kay::string> note;
    kay::optional<std::int32_t> count;
    kay::external<Guest> guest;
    kay::vector<kay::vector<kay::vector<std::uint8_t>>> deep;
    std::array<kay::string, 2> pair;
    kay::vector<double> row[2];
    kay::map<kay::string, kay::map<std::int32_t, kay::set<std::int32_t>>> tree;
    Plain plain;
};

/// What visit_content tells, each number as its bits.
template <class T>
std::vector<std::uint64_t> numbers(const T& object) {
    std::vector<std::uint64_t> told;
    visit_content(object, [&told](auto value) {
        using number = decltype(value);
        if constexpr (std::is_same_v<number, double>)
            told.push_back(std::bit_cast<std::uint64_t>(value));
        else
            told.push_back(static_cast<std::uint64_t>(value));
    });
    return told;
}

void trash(std::byte* at, std::size_t bytes) {
    std::memset(at, 0xee, bytes);
    std::free(at);
}

template <class T>
class packed {
public:
    packed(T& from, std::size_t room) : room_(room), at_(allocate(room)) {
        pack_move(from, at_, room_);
    }
    packed(packed&& other) : room_(other.room_), at_(std::exchange(other.at_, nullptr)) {}
    ~packed() {
        if (!at_) return;
        release(**this);
        trash(at_, room_);
    }

    T& operator*() { return *reinterpret_cast<T*>(at_); }
    T* operator->() { return &**this; }
    std::size_t room() const { return room_; }
    bool holds(const void* at) const {
        return std::less_equal<const void*>()(at_, at) && std::less<const void*>()(at, at_ + room_);
    }

    /// To another address, bytes alone.
    void relocate() {
        ASSERT_FALSE(is_spilled(**this));
        std::byte* const fresh = allocate(room_);
        std::memcpy(fresh, at_, room_);
        trash(std::exchange(at_, fresh), room_);
    }
    /// Into a block that fits, as a store does when a handler has returned.
    void settle() { settle(size_class_bytes(size_class_of(wanted_bytes(**this)))); }
    void settle(std::size_t room) {
        std::byte* const fresh = allocate(room);
        pack_move(**this, fresh, room);
        trash(std::exchange(at_, fresh), std::exchange(room_, room));
    }

private:
    static std::byte* allocate(std::size_t bytes) {
        auto* at = static_cast<std::byte*>(std::malloc(bytes));
        std::memset(at, 0xcd, bytes);
        return at;
    }

    std::size_t room_;
    std::byte* at_;
};

/// The container in a block of its own, with so many bytes to spare.
template <class C>
packed<Row<C>> in_block(C it, std::size_t spare = 0) {
    Row<C> row;
    row.it = std::move(it);
    const std::size_t room = packed_bytes(row) + spare;
    return packed<Row<C>>(row, room);
}

template <class C>
void expect_frame(const Row<C>& row) {
    EXPECT_EQ(row.before, 0xaaaaaaaa);
    EXPECT_EQ(row.after, 0xbbbb);
}

kay::vector<std::int32_t> up_to(std::int32_t count) {
    kay::vector<std::int32_t> v;
    for (std::int32_t i = 0; i < count; ++i) v.push_back(i);
    return v;
}

Item an_item(std::int32_t number) {
    return {number, "the text of item " + std::to_string(number), {number, -number, 7}};
}

void fill(Everything& e) {
    e.number = -5;
    for (std::int32_t i = 0; i < 9; ++i) {
        e.items.push_back(an_item(i));
        e.names[i * 5 % 9] = "name " + std::to_string(i);
        e.keys.insert(-i);
    }
    e.note = "a note that is long enough to be worth a heap buffer";
    e.count = 11;
    e.guest.emplace(3);
    e.deep = {{{1, 2, 3}, {}}, {}, {{4}}};
    e.pair[0] = "left";
    e.pair[1] = "right";
    e.row[1] = {0.5, 1.5};
    e.tree["even"][2] = {4, 8, 16};
    e.tree["odd"][3] = {9, 27};
    e.tree["none"];
}

static_assert(sizeof(kay::vector<std::int32_t>) == 16 && sizeof(kay::string) == 16);
static_assert(sizeof(kay::map<std::int32_t, kay::string>) == 16);
static_assert(sizeof(kay::set<std::int32_t>) == 16 && sizeof(kay::external<Guest>) == 8);
static_assert(has_containers<Everything> && has_containers<const Item>);
static_assert(has_containers<kay::vector<std::int32_t>> && has_containers<kay::string[2]>);
static_assert(has_containers<kay::optional<Item>> && has_containers<kay::external<Guest>>);
static_assert(!has_containers<Plain> && !has_containers<kay::optional<Plain>>);
static_assert(!has_containers<std::int32_t> && !has_containers<std::array<Plain, 2>>);
static_assert(std::is_trivially_copyable_v<kay::optional<std::int32_t>>);
static_assert(kay::storable<Everything> && !kay::sendable<Everything> && kay::sendable<Item>);

// ---- size classes

TEST(size_class, is_the_smallest_that_holds_the_bytes) {
    for (std::size_t bytes = 1; bytes < 300'000; ++bytes) {
        const auto found = size_class_of(bytes);
        ASSERT_GE(size_class_bytes(found), bytes);
        ASSERT_TRUE(found == 0 || size_class_bytes(found - 1) < bytes);
    }
    EXPECT_EQ(size_class_of(0), 0u);
}

TEST(size_class, there_are_four_for_each_doubling) {
    EXPECT_EQ(size_class_bytes(0), 16u);
    EXPECT_EQ(size_class_bytes(7), 128u);
    EXPECT_EQ(size_class_bytes(8), 160u);
    for (std::uint32_t c = 7; c < 120; ++c) {
        EXPECT_EQ(size_class_bytes(c) % 16, 0u);
        EXPECT_EQ(size_class_bytes(c + 4), 2 * size_class_bytes(c));
        EXPECT_LT(size_class_bytes(c), size_class_bytes(c + 1));
        EXPECT_EQ(size_class_of(size_class_bytes(c)), c);
        EXPECT_EQ(size_class_of(size_class_bytes(c) + 1), c + 1);
    }
}

// ---- blocks

TEST(block, packed_bytes_are_the_fixed_part_and_contents_in_eights) {
    Row<kay::vector<std::uint8_t>> row;
    static_assert(sizeof row == 32);
    EXPECT_EQ(packed_bytes(row), 32u);
    row.it = {1, 2, 3};
    EXPECT_EQ(packed_bytes(row), 40u);
    row.it.resize(9);
    EXPECT_EQ(packed_bytes(row), 48u);

    EXPECT_EQ(packed_bytes(Plain{}), sizeof(Plain));
    EXPECT_EQ(packed_bytes(std::uint16_t{1}), 8u);

    Row<kay::vector<kay::string>> texts;
    texts.it = {"", "seven..", "nine....."};
    EXPECT_EQ(packed_bytes(texts), 32u + 3 * 16 + 0 + 8 + 16);
    Row<kay::optional<kay::string>> maybe;
    EXPECT_EQ(packed_bytes(maybe), sizeof maybe);
    maybe.it = "nine.....";
    EXPECT_EQ(packed_bytes(maybe), sizeof maybe + 16);
}

TEST(block, capacity_that_is_not_used_is_not_packed) {
    Row<kay::vector<std::int32_t>> row;
    row.it.reserve(1000);
    EXPECT_EQ(packed_bytes(row), 32u);
    row.it.push_back(1);
    EXPECT_EQ(packed_bytes(row), 40u);
}

TEST(block, wanted_bytes_are_a_quarter_more_for_what_spilled) {
    Row<kay::vector<std::int32_t>> row;
    EXPECT_EQ(wanted_bytes(row), packed_bytes(row));
    row.it = up_to(100);
    EXPECT_EQ(wanted_bytes(row), packed_bytes(row) + 100);
    row.it = up_to(1);
    EXPECT_EQ(wanted_bytes(row), packed_bytes(row) + 4); // one more at least
}

TEST(block, wanted_bytes_keep_up_to_a_quarter_where_nothing_spilled) {
    EXPECT_EQ(wanted_bytes(*in_block(up_to(100))), 32u + 400);
    EXPECT_EQ(wanted_bytes(*in_block(up_to(100), 40)), 32u + 400 + 40);
    EXPECT_EQ(wanted_bytes(*in_block(up_to(100), 4000)), 32u + 400 + 100);
}

TEST(block, pack_move_takes_everything_and_leaves_containers_empty) {
    Everything from;
    fill(from);
    const auto told = numbers(from);
    ASSERT_TRUE(is_spilled(from));
    packed<Everything> block(from, packed_bytes(from));
    EXPECT_EQ(numbers(*block), told);
    EXPECT_FALSE(is_spilled(*block));
    EXPECT_EQ(packed_bytes(*block), block.room());

    EXPECT_FALSE(is_spilled(from));
    EXPECT_TRUE(from.items.empty() && from.names.empty() && from.keys.empty());
    EXPECT_TRUE(from.deep.empty() && from.pair[1].empty() && from.row[1].empty());
    EXPECT_TRUE(from.tree.empty() && !from.guest);
    EXPECT_EQ(content_bytes(from), 0u);
    from.items.push_back(an_item(1)); // and of use still
    EXPECT_EQ(from.items[0], an_item(1));
}

TEST(block, all_content_lies_in_the_block) {
    Everything from;
    fill(from);
    packed<Everything> block(from, packed_bytes(from));
    EXPECT_TRUE(block.holds(block->items.data()));
    for (const Item& item : block->items) {
        EXPECT_TRUE(block.holds(item.text.end() - 1));
        EXPECT_TRUE(block.holds(item.marks.end() - 1));
    }
    for (const auto& [key, value] : block->names) EXPECT_TRUE(block.holds(value.end() - 1));
    EXPECT_TRUE(block.holds(block->note->data()));
    EXPECT_TRUE(block.holds(block->deep[0][0].data()));
    EXPECT_TRUE(block.holds(block->pair[1].data()));
    EXPECT_TRUE(block.holds(block->row[1].data()));
    EXPECT_TRUE(block.holds(block->tree.at("even").at(2).begin()));
}

TEST(block, a_block_moves_by_copying_its_bytes) {
    Everything from;
    fill(from);
    const auto told = numbers(from);
    packed<Everything> block(from, packed_bytes(from));
    for (int i = 0; i < 3; ++i) {
        block.relocate();
        EXPECT_EQ(numbers(*block), told);
        EXPECT_EQ(block->guest->name, 3);
    }
    block->items[3].text += '!';
    block->tree["even"][2].insert(5);
    block->deep[1].push_back({9});
    EXPECT_TRUE(is_spilled(*block));
    block.settle();
    block.relocate();
    EXPECT_EQ(block->items[3].text, "the text of item 3!");
    EXPECT_TRUE(block->tree.at("even").at(2).contains(5));
    EXPECT_EQ(block->deep[1][0][0], 9);
    EXPECT_EQ(block->guest->name, 3);
}

TEST(block, an_empty_block_relocates_and_fills_up) {
    Everything from;
    const auto told = numbers(from);
    packed<Everything> block(from, packed_bytes(from));
    EXPECT_EQ(block.room(), sizeof(Everything));
    block.relocate();
    EXPECT_EQ(numbers(*block), told);
    Everything filled;
    fill(filled);
    fill(*block);
    block.settle();
    block.relocate();
    EXPECT_EQ(numbers(*block), numbers(filled));
}

TEST(block, spare_room_goes_to_containers_by_what_they_hold) {
    struct two {
        kay::vector<std::int32_t> small, large;
        kay::vector<std::int32_t> none;
    };
    two from{up_to(100), up_to(300), {}};
    packed<two> block(from, packed_bytes(from) + 800);
    EXPECT_EQ(block->small.capacity(), 150u);
    EXPECT_EQ(block->large.capacity(), 450u);
    EXPECT_EQ(block->none.capacity(), 0u);
}

TEST(block, all_given_capacity_can_be_used_without_a_spill) {
    for (std::size_t spare : {0u, 8u, 16u, 64u, 200u, 1000u, 5000u}) {
        Everything from;
        fill(from);
        packed<Everything> block(from, packed_bytes(from) + spare);
        Everything expected;
        fill(expected);
        const auto fill_up = [](auto& filled, auto& model, auto value) {
            while (filled.size() < filled.capacity()) {
                filled.push_back(value);
                model.push_back(value);
            }
        };
        for (std::size_t i = 0; i < expected.items.size(); ++i) {
            fill_up(block->items[i].text, expected.items[i].text, 'x');
            fill_up(block->items[i].marks, expected.items[i].marks, -1);
        }
        fill_up(block->items, expected.items, Item{});
        fill_up(block->row[1], expected.row[1], 0.25);
        fill_up(*block->note, *expected.note, 'y');
        EXPECT_FALSE(is_spilled(*block));
        EXPECT_EQ(numbers(*block), numbers(expected)) << spare;
        block.relocate();
        EXPECT_EQ(numbers(*block), numbers(expected)) << spare;
    }
}

TEST(block, pack_copy_is_exact_and_leaves_its_source_alone) {
    Everything from;
    fill(from);
    from.items.reserve(500);
    const auto told = numbers(from);
    for (int settled = 0; settled < 2; ++settled) {
        const std::size_t bytes = packed_bytes(from);
        auto* at = static_cast<std::byte*>(std::malloc(bytes));
        pack_copy(from, at);
        auto& copy = *reinterpret_cast<Everything*>(at);
        EXPECT_EQ(numbers(copy), told);
        EXPECT_EQ(packed_bytes(copy), bytes);
        EXPECT_FALSE(is_spilled(copy));
        EXPECT_FALSE(copy.guest);
        ASSERT_TRUE(from.guest);
        copy.items[0].text = "changed";
        copy.names[77] = "new";
        EXPECT_EQ(numbers(from), told);
        release(copy);
        trash(at, bytes);
    }
}

TEST(block, release_frees_the_heap_and_leaves_containers_empty) {
    Guest::alive = 0;
    Everything e;
    fill(e);
    EXPECT_EQ(Guest::alive, 1);
    release(e);
    EXPECT_EQ(Guest::alive, 0);
    EXPECT_FALSE(is_spilled(e));
    EXPECT_EQ(packed_bytes(e), sizeof(Everything));
    EXPECT_TRUE(e.items.empty() && e.tree.empty() && e.deep.empty());
    release(e);
    fill(e);
    Everything expected;
    fill(expected);
    EXPECT_EQ(numbers(e), numbers(expected));
}

TEST(block, release_also_frees_what_spilled_inside_of_a_packed_container) {
    Everything from;
    fill(from);
    packed<Everything> block(from, packed_bytes(from));
    block->items[2].text += " and more than fits";
    block->tree["even"][2].insert(1);
    block->note->append("more");
    release(*block); // the leak check is the sanitizer's
    EXPECT_FALSE(is_spilled(*block));
    EXPECT_EQ(content_bytes(*block), 0u);
}

template <class T, class F>
void expect_spill(T from, F&& grow) {
    packed<T> block(from, packed_bytes(from));
    EXPECT_FALSE(is_spilled(*block));
    block_changes = 0;
    grow(*block);
    EXPECT_TRUE(is_spilled(*block));
    EXPECT_GT(block_changes, 0u);
    block.settle();
    EXPECT_FALSE(is_spilled(*block));
}

TEST(block, a_spill_shows_however_deep_it_is) {
    Everything e;
    fill(e);
    expect_spill(e, [](Everything& x) { x.items.push_back({}); });
    expect_spill(e, [](Everything& x) { x.items[4].text.append("0123456789"); });
    expect_spill(e, [](Everything& x) { x.items[8].marks.push_back(1); });
    expect_spill(e, [](Everything& x) { x.names.at(3) += "0123456789"; });
    expect_spill(e, [](Everything& x) { x.keys.insert(77); });
    expect_spill(e, [](Everything& x) { x.note->append("0123456789"); });
    expect_spill(e, [](Everything& x) { x.deep[2][0].resize(9); });
    expect_spill(e, [](Everything& x) { x.deep[1].push_back({}); });
    expect_spill(e, [](Everything& x) { x.pair[1].append("0123456789"); });
    expect_spill(e, [](Everything& x) { x.row[0].push_back(1); });
    expect_spill(e, [](Everything& x) { x.tree["none"][1]; });
    expect_spill(e, [](Everything& x) { x.tree.at("odd").at(3).insert(81); });
    Everything bare;
    expect_spill(bare, [](Everything& x) { x.note = "now it has one"; });
}

TEST(block, what_changes_without_growing_is_no_spill) {
    Everything from;
    fill(from);
    packed<Everything> block(from, packed_bytes(from));
    block_changes = 0;
    block->items[0].number = 99;
    block->items[0].text.data()[0] = 'T';
    block->names.at(0).pop_back();
    block->names.at(0).push_back('1');
    block->count = 12;
    block->guest.emplace(4);
    block->row[1][0] = -1;
    EXPECT_FALSE(is_spilled(*block));
    EXPECT_EQ(block_changes, 0u);
}

TEST(block, visit_content_tells_sizes_and_elements_in_the_order_of_fields) {
    struct seen {
        std::int32_t number = -1;
        kay::vector<kay::string> texts;
        kay::external<Guest> guest;
        kay::map<std::int32_t, kay::set<std::uint8_t>> tree;
        kay::optional<kay::vector<bool>> bits;
        kay::optional<std::int32_t> none, some;
        std::array<Colour, 2> colours{Colour::green, Colour::red};
        double half = 0.5;
    };
    seen s;
    s.texts = {"ab", ""};
    s.guest.emplace(1);
    s.tree[7] = {3, 1};
    s.tree[-7] = {};
    s.bits = kay::vector<bool>{true, false};
    s.some = 42;
    const auto minus = [](std::int64_t n) { return static_cast<std::uint64_t>(-n); };
    const std::vector<std::uint64_t> expected{minus(1),
                                              2,
                                              2,
                                              'a',
                                              'b',
                                              0,
                                              2,
                                              minus(7),
                                              0,
                                              7,
                                              2,
                                              1,
                                              3,
                                              1,
                                              2,
                                              1,
                                              0,
                                              0,
                                              1,
                                              42,
                                              1,
                                              0,
                                              std::bit_cast<std::uint64_t>(0.5)};
    EXPECT_EQ(numbers(s), expected);
    s.texts.reserve(100); // neither capacity nor externals are content
    s.guest.reset();
    EXPECT_EQ(numbers(s), expected);
}

TEST(block, a_packed_external_moves_along_and_ends_once) {
    Guest::alive = 0;
    {
        kay::vector<Host> hosts;
        for (int i = 0; i < 5; ++i) {
            hosts.push_back({i, {}, "host"});
            hosts.back().guest.emplace(i);
        }
        EXPECT_EQ(Guest::alive, 5);
        auto block = in_block(std::move(hosts), 100);
        block.relocate();
        block.settle();
        for (const Host& host : block->it) EXPECT_EQ(host.guest->name, host.number);
        EXPECT_EQ(Guest::alive, 5);
        block->it.erase(block->it.begin() + 1);
        EXPECT_EQ(Guest::alive, 4);
        EXPECT_EQ(block->it[1].guest->name, 2);
        std::swap(block->it[0], block->it[3]);
        EXPECT_EQ(block->it[0].guest->name, 4);
        EXPECT_EQ(block->it[3].guest->name, 0);
    }
    EXPECT_EQ(Guest::alive, 0);
}

TEST(block, a_struct_without_containers_is_copied_as_it_is) {
    Plain from{9, -1.5, Colour::red};
    alignas(16) std::byte to[64];
    pack_move(from, to, sizeof to);
    EXPECT_EQ(numbers(*reinterpret_cast<Plain*>(to)), numbers(from));
    EXPECT_EQ(wanted_bytes(from), sizeof(Plain));
    EXPECT_FALSE(is_spilled(from));
    release(from);
    EXPECT_EQ(from.small, 9);
}

TEST(block_death, a_room_that_is_too_small_stops_the_process) {
    Row<kay::vector<std::int32_t>> row;
    row.it = up_to(100);
    std::byte to[512];
    EXPECT_DEATH(pack_move(row, to, packed_bytes(row) - 8), "assertion failed");
}

// ---- growing and shrinking in a block

TEST(block_changes, count_a_spill_once_and_nothing_that_stays_inside) {
    auto block = in_block(up_to(10), 40);
    ASSERT_EQ(block->it.capacity(), 20u);
    block_changes = 0;
    for (int i = 0; i < 10; ++i) block->it.push_back(i);
    EXPECT_EQ(block_changes, 0u);
    block->it.push_back(10);
    EXPECT_EQ(block_changes, 1u);
    EXPECT_GE(block->it.capacity(), 40u);
    for (int i = 0; i < 15; ++i) block->it.push_back(i);
    EXPECT_EQ(block_changes, 1u);
}

TEST(block_changes, count_what_moves_in_from_the_heap) {
    Everything e;
    fill(e);
    Everything heap;
    fill(heap);
    packed<Everything> block(e, packed_bytes(e) + 2000);
    const auto counts = [&](auto& to, auto& from) {
        block_changes = 0;
        to = std::move(from);
        return block_changes > 0 && is_spilled(*block);
    };
    EXPECT_TRUE(counts(block->items, heap.items));
    block.settle(block.room() + 4000);
    EXPECT_TRUE(counts(block->names, heap.names));
    block.settle(block.room() + 4000);
    EXPECT_TRUE(counts(block->note, heap.note));
    block.settle(block.room() + 4000);
    Item item = an_item(1);
    ASSERT_LT(block->items.size(), block->items.capacity());
    block_changes = 0;
    block->items.push_back(std::move(item));
    EXPECT_GT(block_changes, 0u);
    EXPECT_TRUE(is_spilled(*block));
}

TEST(block_changes, count_a_shrink_only_from_a_quarter_of_the_room_on) {
    auto block = in_block(up_to(40));
    block_changes = 0;
    while (block->it.size() > 11) block->it.pop_back();
    EXPECT_EQ(block_changes, 0u);
    block->it.pop_back();
    EXPECT_EQ(block_changes, 1u);
    block->it.clear();
    EXPECT_GE(block_changes, 2u);
}

TEST(block_changes, do_not_count_the_shrinking_of_a_small_room_or_of_the_heap) {
    auto small = in_block(up_to(7));
    kay::vector<std::int32_t> local = up_to(1000);
    ASSERT_EQ(small->it.capacity(), 8u);
    auto smaller = in_block(up_to(5));
    ASSERT_EQ(smaller->it.capacity(), 6u);
    block_changes = 0;
    smaller->it.clear();
    local.clear();
    EXPECT_EQ(block_changes, 0u);
    small->it.clear();
    EXPECT_EQ(block_changes, 1u);
}

TEST(block_changes, every_way_to_shrink_counts) {
    using ints = kay::vector<std::int32_t>;
    const std::vector<std::function<void(ints&)>> ways{
        [](ints& v) { v.clear(); },
        [](ints& v) { v.resize(5); },
        [](ints& v) { v.resize(5, 9); },
        [](ints& v) { v.erase(v.begin() + 2, v.end()); },
        [](ints& v) { v = {1, 2}; },
        [](ints& v) { v.assign(v.end(), v.end()); },
        [](ints& v) { const ints taken(std::move(v)); },
        [](ints& v) {
            ints taken;
            taken = std::move(v);
        },
        [](ints& v) { v = ints(); },
        [](ints& v) {
            auto few = in_block(up_to(3));
            v = std::move(few->it);
        },
    };
    for (std::size_t i = 0; i < ways.size(); ++i) {
        auto block = in_block(up_to(100));
        block_changes = 0;
        ways[i](block->it);
        EXPECT_GT(block_changes, 0u) << i;
        EXPECT_LE(block->it.size(), 25u);
    }
}

TEST(block, gives_memory_back_after_shrinking_but_keeps_some_room) {
    auto block = in_block(up_to(1000));
    const std::size_t full = block.room();
    block->it.resize(100);
    EXPECT_EQ(wanted_bytes(*block), 32u + 400 + 100);
    block.settle();
    EXPECT_LT(block.room(), full / 4);
    EXPECT_GE(block->it.capacity(), 125u);
    EXPECT_EQ(block->it, up_to(100));
    const std::size_t less = block.room();
    block.settle(); // nothing changed: nothing changes
    EXPECT_EQ(block.room(), less);
    block->it.clear();
    block.settle();
    EXPECT_EQ(block.room(), 32u);
    expect_frame(*block);
}

// ---- vector

TEST(vector, an_empty_one_has_no_room_and_equal_ends) {
    kay::vector<kay::string> v;
    EXPECT_TRUE(v.empty());
    EXPECT_EQ(v.capacity(), 0u);
    EXPECT_EQ(v.begin(), v.end());
    v.clear();
    v.resize(0);
    v.reserve(0);
    v.erase(v.begin(), v.end());
    const kay::vector<kay::string> copy(v), moved(std::move(v));
    EXPECT_EQ(copy, moved);
    EXPECT_TRUE(std::span<const kay::string>(copy).empty());
}

TEST(vector, is_made_from_values_counts_and_ranges) {
    EXPECT_EQ(kay::vector<std::int32_t>(3, 7), (kay::vector<std::int32_t>{7, 7, 7}));
    EXPECT_EQ(kay::vector<kay::string>(2), (kay::vector<kay::string>{"", ""}));
    const std::vector<std::int32_t> source{4, 5, 6};
    EXPECT_EQ(kay::vector<std::int32_t>(source.begin(), source.end()),
              (kay::vector<std::int32_t>{4, 5, 6}));
    std::istringstream words("one two three");
    using word = std::istream_iterator<std::string>;
    kay::vector<kay::string> read{word(words), word()};
    EXPECT_EQ(read, (kay::vector<kay::string>{"one", "two", "three"}));
    std::istringstream others("four five");
    read.assign(word(others), word());
    EXPECT_EQ(read, (kay::vector<kay::string>{"four", "five"}));
}

TEST(vector, a_push_beyond_capacity_spills_to_the_heap) {
    auto block = in_block(up_to(10));
    ASSERT_EQ(block->it.size(), block->it.capacity());
    EXPECT_TRUE(block.holds(block->it.data()));
    block->it.push_back(10);
    EXPECT_FALSE(block.holds(block->it.data()));
    EXPECT_EQ(block->it, up_to(11));
    block.settle();
    EXPECT_TRUE(block.holds(block->it.data()));
    EXPECT_EQ(block->it, up_to(11));
    expect_frame(*block);
}

TEST(vector, an_element_pushed_into_its_own_vector_arrives_whole) {
    for (std::size_t spare : {0u, 200u}) {
        auto block = in_block(kay::vector<kay::string>{"the first of all elements", "two"}, spare);
        auto& v = block->it;
        for (int i = 0; i < 40; ++i) v.push_back(v[0]);
        EXPECT_EQ(v.size(), 42u);
        for (std::size_t i = 2; i < 42; ++i) EXPECT_EQ(v[i], "the first of all elements");
        v.emplace_back(v[1]);
        v.push_back(std::move(v[0]));
        EXPECT_EQ(v.back(), "the first of all elements");
        EXPECT_EQ(v[42], "two");
    }
}

TEST(vector, an_element_inserted_into_its_own_vector_arrives_whole) {
    for (std::size_t spare : {0u, 400u}) {
        auto block = in_block(kay::vector<Item>{an_item(0), an_item(1), an_item(2)}, spare);
        auto& v = block->it;
        const Item* at = v.insert(v.begin(), v.back());
        EXPECT_EQ(at, v.begin());
        at = v.insert(v.begin() + 2, v[1]);
        EXPECT_EQ(at, v.begin() + 2);
        at = v.insert(v.end(), v[0]);
        EXPECT_EQ(at, v.end() - 1);
        const kay::vector<Item> expected{an_item(2), an_item(0), an_item(0),
                                         an_item(1), an_item(2), an_item(2)};
        EXPECT_EQ(v, expected);
        v.resize(9, v[3]);
        for (std::size_t i = 6; i < 9; ++i) EXPECT_EQ(v[i], an_item(1));
    }
}

TEST(vector, erases_from_the_front_the_middle_and_the_end) {
    kay::vector<kay::string> v{"a", "b", "c", "d", "e", "f"};
    EXPECT_EQ(v.erase(v.begin()), v.begin());
    EXPECT_EQ(v.erase(v.begin() + 1, v.begin() + 3), v.begin() + 1);
    const kay::string* at = v.erase(v.end() - 1);
    EXPECT_EQ(at, v.end());
    EXPECT_EQ(v, (kay::vector<kay::string>{"b", "e"}));
    EXPECT_EQ(v.erase(v.begin() + 1, v.begin() + 1), v.begin() + 1);
    EXPECT_EQ(v.size(), 2u);
}

TEST(vector, assigning_itself_changes_nothing) {
    auto block = in_block(kay::vector<kay::string>{"one", "two"});
    kay::vector<kay::string> local{"three", "four"};
    for (kay::vector<kay::string>* v : {&block->it, &local}) {
        const kay::vector<kay::string> before(*v);
        auto& same = *v;
        *v = same;
        EXPECT_EQ(*v, before);
        *v = std::move(same);
        EXPECT_EQ(*v, before);
        EXPECT_TRUE(v == &local || !is_spilled(*block));
        v->swap(same);
        EXPECT_EQ(*v, before);
        (*v)[0] = std::as_const((*v)[0]);
        EXPECT_EQ(*v, before);
    }
}

TEST(vector, copies_and_moves_between_every_kind_of_place) {
    // Places: empty, heap, block without room, block with room.
    const auto make = [](int place, std::int32_t count) {
        kay::vector<Item> v;
        for (std::int32_t i = 0; i < count; ++i) v.push_back(an_item(i));
        auto block = in_block(place > 1 ? v : kay::vector<Item>(), place == 3 ? 2000 : 0);
        if (place == 1) block->it = std::move(v);
        return block;
    };
    for (int from = 0; from < 4; ++from) {
        for (int to = 0; to < 4; ++to) {
            auto a = make(from, 4), b = make(to, 3), c = make(to, 3);
            const kay::vector<Item> first(a->it), second(b->it);
            b->it = a->it;
            EXPECT_EQ(b->it, first);
            EXPECT_EQ(a->it, first);
            c->it = std::move(a->it);
            EXPECT_EQ(c->it, first);
            EXPECT_TRUE(a->it.empty());
            a->it = second;
            a->it.swap(c->it);
            EXPECT_EQ(a->it, first);
            EXPECT_EQ(c->it, second);
            const kay::vector<Item> taken(std::move(a->it));
            EXPECT_EQ(taken, first);
            EXPECT_TRUE(a->it.empty());
            a->it.push_back(an_item(8));
            EXPECT_EQ(a->it[0], an_item(8));
            for (auto* block : {&a, &b, &c}) {
                const auto told = numbers(**block);
                block->settle();
                block->relocate();
                EXPECT_EQ(numbers(**block), told);
                expect_frame(**block);
            }
        }
    }
}

TEST(vector, elements_swap_within_a_block) {
    auto block = in_block(kay::vector<Item>{an_item(0), an_item(1), an_item(22222)});
    std::swap(block->it[0], block->it[2]);
    std::reverse(block->it.begin(), block->it.end());
    block.settle();
    block.relocate();
    EXPECT_EQ(block->it, (kay::vector<Item>{an_item(0), an_item(1), an_item(22222)}));
}

TEST(vector, compares_as_a_sequence) {
    using ints = kay::vector<std::int32_t>;
    EXPECT_EQ(ints(), ints());
    EXPECT_NE(ints{1}, (ints{1, 2}));
    EXPECT_LT((ints{1, 2}), (ints{1, 3}));
    EXPECT_LT((ints{1}), (ints{1, -5}));
    EXPECT_GT((ints{2}), (ints{1, 9}));
}

TEST(vector, resizing_makes_zeroed_or_given_elements) {
    kay::vector<std::int32_t> v(3, -1);
    v.clear();
    v.resize(3);
    EXPECT_EQ(v, (kay::vector<std::int32_t>{0, 0, 0}));
    v.resize(5, 4);
    v.resize(4);
    EXPECT_EQ(v, (kay::vector<std::int32_t>{0, 0, 0, 4}));
}

TEST(vector, nests_in_itself_and_survives_growth_at_each_level) {
    using cube = kay::vector<kay::vector<kay::vector<std::int32_t>>>;
    std::vector<std::vector<std::vector<std::int32_t>>> model;
    auto block = in_block(cube());
    std::uint32_t dice = 1;
    for (std::int32_t i = 0; i < 300; ++i) {
        dice = dice * 1664525 + 1013904223;
        const std::size_t x = dice >> 8 & 7, y = dice >> 16 & 3;
        auto& v = block->it;
        if (v.size() <= x) v.resize(x + 1), model.resize(x + 1);
        if (v[x].size() <= y) v[x].resize(y + 1), model[x].resize(y + 1);
        v[x][y].push_back(i);
        model[x][y].push_back(i);
        if (i % 3 == 0) block.settle(), block.relocate();
    }
    ASSERT_EQ(block->it.size(), model.size());
    for (std::size_t x = 0; x < model.size(); ++x) {
        ASSERT_EQ(block->it[x].size(), model[x].size());
        for (std::size_t y = 0; y < model[x].size(); ++y)
            EXPECT_TRUE(std::ranges::equal(block->it[x][y], model[x][y]));
    }
}

TEST(vector_death, an_index_or_range_outside_stops_the_process) {
    kay::vector<std::int32_t> v{1, 2}, none;
    EXPECT_DEATH(v[2], "assertion failed");
    EXPECT_DEATH(std::as_const(none).front(), "assertion failed");
    EXPECT_DEATH(none.back(), "assertion failed");
    EXPECT_DEATH(none.pop_back(), "assertion failed");
    EXPECT_DEATH(v.erase(v.begin() + 1, v.end() + 1), "assertion failed");
}

// ---- string

struct Leaf {
    int* wrong;
};
struct Tree {
    kay::vector<Tree> children;
};
struct Forest {
    kay::map<int, Tree> trees;
    Tree* mine;
};

TEST(vector, answers_for_its_elements_and_for_types_that_contain_themselves) {
    using kay::detail::fault;
    EXPECT_EQ(kay::detail::stored_fault<kay::vector<Leaf>>, fault::pointer);
    EXPECT_EQ(kay::detail::stored_fault<kay::set<kay::vector<int*>>>, fault::pointer);
    EXPECT_EQ((kay::detail::stored_fault<kay::map<int, kay::optional<Leaf>>>), fault::pointer);
    EXPECT_EQ(kay::detail::stored_fault<Tree>, fault::recursive);
    EXPECT_EQ(kay::detail::stored_fault<kay::vector<Tree>>, fault::recursive);
    EXPECT_EQ(kay::detail::stored_fault<Forest>, fault::recursive); // its first fault
    EXPECT_EQ(kay::detail::sent_fault<kay::vector<kay::external<int>>>, fault::external);
}

TEST(string, reads_as_a_view_of_any_bytes) {
    const kay::string empty;
    EXPECT_EQ(empty, "");
    EXPECT_EQ(empty.size(), 0u);
    const std::string_view odd("a\0b\xff", 4);
    const kay::string s(odd);
    EXPECT_EQ(s.view(), odd);
    EXPECT_EQ(s.size(), 4u);
    EXPECT_EQ(std::string_view(s), odd);
    EXPECT_EQ(kay::string(std::string(1000, 'x')).size(), 1000u);
    EXPECT_EQ(std::string(s.begin(), s.end()), odd);
}

TEST(string, takes_its_own_text_in_append_and_assignment) {
    for (std::size_t spare : {0u, 8u, 64u}) {
        auto block = in_block(kay::string("abcdefgh"), spare);
        kay::string& s = block->it;
        s.append(s);
        EXPECT_EQ(s, "abcdefghabcdefgh");
        s += s.view().substr(6, 4);
        EXPECT_EQ(s, "abcdefghabcdefghghab");
        s.append(s.view().substr(s.size()));
        EXPECT_EQ(s.size(), 20u);
        s = s.view().substr(14);
        EXPECT_EQ(s, "ghghab");
        kay::string& same = s;
        s = same;
        s = std::move(same);
        EXPECT_EQ(s, "ghghab");
        s += s[4];
        s.push_back(s[0]);
        EXPECT_EQ(s, "ghghabag");
        block.settle();
        EXPECT_EQ(block->it, "ghghabag");
        expect_frame(*block);
    }
}

TEST(string, grows_and_shrinks_in_a_block) {
    auto block = in_block(kay::string("short"));
    for (int i = 0; i < 100; ++i) block->it += "0123456789";
    block.settle();
    block.relocate();
    EXPECT_EQ(block->it.size(), 1005u);
    EXPECT_EQ(block->it.view().substr(995), "0123456789");
    block->it.resize(3);
    block.settle();
    EXPECT_EQ(block->it, "sho");
    EXPECT_EQ(block.room(), size_class_bytes(size_class_of(sizeof *block + 8)));
    block->it.resize(6, '!');
    EXPECT_EQ(block->it, "sho!!!");
    block->it.pop_back();
    block->it[0] = 'S';
    EXPECT_EQ(block->it, "Sho!!");
    block->it.clear();
    EXPECT_EQ(block->it, kay::string());
}

TEST(string, compares_as_bytes) {
    const kay::string a("abc"), b("abd"), prefix("ab");
    EXPECT_EQ(a, "abc");
    EXPECT_EQ(a, std::string_view("abc"));
    EXPECT_NE(a, b);
    EXPECT_LT(a, b);
    EXPECT_LT(prefix, a);
    EXPECT_LT(a, std::string_view("b"));
    EXPECT_LT(kay::string("z"), kay::string("\xff"));
}

TEST(string, joins_and_prints) {
    const kay::string a("ab");
    EXPECT_EQ(a + "cd" + kay::string("e"), "abcde");
    EXPECT_EQ(a, "ab");
    std::ostringstream out;
    out << a << '!' << std::setw(4) << kay::string("x");
    EXPECT_EQ(out.str(), "ab!   x");
}

// ---- map

TEST(map, keeps_its_entries_in_the_order_of_keys) {
    kay::map<std::int32_t, kay::string> m{{5, "five"}, {-1, "minus"}, {3, "three"}, {5, "again"}};
    EXPECT_EQ(m.size(), 3u);
    std::vector<std::int32_t> keys;
    for (const auto& [key, value] : m) keys.push_back(key);
    EXPECT_EQ(keys, (std::vector<std::int32_t>{-1, 3, 5}));
    EXPECT_EQ(m.at(5), "again");
    EXPECT_EQ(m.lower_bound(0)->key, 3);
    EXPECT_EQ(std::as_const(m).lower_bound(6), std::as_const(m).end());
    EXPECT_EQ(m.find(4), m.end());
    EXPECT_FALSE(m.contains(4));
    EXPECT_TRUE(m.contains(-1));
}

TEST(map, an_insert_keeps_what_is_there_and_an_assignment_replaces_it) {
    kay::map<kay::string, std::int32_t> m;
    EXPECT_EQ(m["new"], 0);
    m["new"] = 4;
    const auto [found, made] = m.insert("new", 9);
    EXPECT_FALSE(made);
    EXPECT_EQ(found->value, 4);
    EXPECT_TRUE(m.insert("other", 1).second);
    EXPECT_FALSE(m.insert_or_assign("new", 9).second);
    EXPECT_EQ(m.at("new"), 9);
    EXPECT_TRUE(m.insert_or_assign("a", 2).second);
    EXPECT_EQ(m.begin()->key, "a");
    EXPECT_EQ(m.erase("missing"), 0u);
    EXPECT_EQ(m.erase("new"), 1u);
    EXPECT_EQ(m.erase(m.begin())->key, "other");
    EXPECT_EQ(m.size(), 1u);
    m.clear();
    EXPECT_TRUE(m.empty());
    EXPECT_EQ(m.begin(), m.end());
    EXPECT_EQ((m == kay::map<kay::string, std::int32_t>()), true);
}

TEST(map, takes_its_own_keys_and_values_as_arguments) {
    for (std::size_t spare : {0u, 400u}) {
        using names = kay::map<kay::string, kay::string>;
        auto block = in_block(names{{"m", "a value of the map"}, {"t", "another one"}}, spare);
        names& m = block->it;
        m.insert("a", m.at("m"));
        EXPECT_EQ(m.at("a"), "a value of the map");
        m.insert_or_assign("b", m.at("t"));
        EXPECT_EQ(m.at("b"), "another one");
        m[m.at("t")] = "a";
        EXPECT_EQ(m.at("another one"), "a");
        m.insert_or_assign(m.begin()->key, m.at("t"));
        EXPECT_EQ(m.at("a"), "another one");
        EXPECT_EQ(m.erase(m.begin()->key), 1u);
        EXPECT_FALSE(m.contains("a"));
        names& same = m;
        m = same;
        m = std::move(same);
        EXPECT_EQ(m.size(), 4u);
        block.settle();
        block.relocate();
        EXPECT_EQ(block->it.at("m"), "a value of the map");
        expect_frame(*block);
    }
}

TEST(map, moves_out_of_a_block_and_into_one) {
    using names = kay::map<std::int32_t, kay::string>;
    auto block = in_block(names{{1, "one"}, {2, "two"}});
    names local(std::move(block->it));
    EXPECT_TRUE(block->it.empty());
    EXPECT_EQ(local.at(2), "two");
    local[3] = "three";
    std::swap(local, block->it);
    EXPECT_TRUE(local.empty());
    block.settle();
    block.relocate();
    EXPECT_EQ(block->it, (names{{1, "one"}, {2, "two"}, {3, "three"}}));
}

TEST(map_death, a_key_that_is_not_there_stops_the_process) {
    kay::map<std::int32_t, std::int32_t> m{{1, 1}};
    EXPECT_DEATH(m.at(2), "assertion failed");
}

// ---- set

TEST(set, keeps_each_key_once_and_in_order) {
    kay::set<kay::string> s{"pear", "apple", "pear", "fig"};
    EXPECT_EQ(s.size(), 3u);
    EXPECT_EQ(*s.begin(), "apple");
    EXPECT_EQ(*s.lower_bound("b"), "fig");
    EXPECT_FALSE(s.insert("fig").second);
    const auto [at, made] = s.insert("zebra");
    EXPECT_TRUE(made);
    EXPECT_EQ(at, s.end() - 1);
    EXPECT_EQ(s.find("none"), s.end());
    EXPECT_EQ(s.erase("none"), 0u);
    EXPECT_EQ(s.erase(*s.begin()), 1u);
    EXPECT_EQ(*s.erase(s.find("fig")), "pear");
    EXPECT_FALSE(s.contains("apple"));
    s.clear();
    EXPECT_TRUE(s.empty());
    EXPECT_EQ(s.erase("pear"), 0u);
}

TEST(set, lives_in_a_block_as_it_does_outside) {
    using texts = kay::set<kay::string>;
    auto block = in_block(texts{"b", "d"});
    block->it.insert(*block->it.begin());
    block->it.insert("a");
    block->it.insert("c");
    texts& same = block->it;
    block->it = same;
    block.settle();
    block.relocate();
    const texts expected{"a", "b", "c", "d"};
    EXPECT_EQ(block->it, expected);
    const texts taken(std::move(block->it));
    EXPECT_EQ(taken, expected);
    EXPECT_TRUE(block->it.empty());
    block->it = taken;
    EXPECT_EQ(block->it, expected);
    expect_frame(*block);
}

// ---- optional

template <class T>
bool all_zero(const kay::optional<T>& o) {
    const auto bytes = std::as_bytes(std::span(&o, 1));
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{}; });
}

TEST(optional, without_a_value_all_its_bytes_are_zero) {
    kay::optional<std::int32_t> number;
    kay::optional<Item> item;
    EXPECT_TRUE(all_zero(number) && all_zero(item));
    number = -1;
    item = an_item(1);
    EXPECT_FALSE(all_zero(number) || all_zero(item));
    number.reset();
    item = std::nullopt;
    EXPECT_TRUE(all_zero(number) && all_zero(item));
    item = an_item(2);
    const kay::optional<Item> taken(std::move(item));
    EXPECT_TRUE(all_zero(item));
    EXPECT_EQ(taken->number, 2);
}

TEST(optional, copies_and_moves_with_and_without_a_value) {
    kay::optional<kay::string> none, some("text"), other("other");
    kay::optional<kay::string> copy(some), copied_none(none);
    EXPECT_EQ(copy, some);
    EXPECT_FALSE(copied_none);
    copy = other;
    EXPECT_EQ(*copy, "other");
    copy = none;
    EXPECT_FALSE(copy);
    copy = some;
    EXPECT_EQ(copy, kay::string("text"));
    copy = std::move(other);
    EXPECT_EQ(*copy, "other");
    EXPECT_FALSE(other);
    copy = std::move(none);
    EXPECT_FALSE(copy);
    EXPECT_EQ(none, copy);
    EXPECT_EQ(some.value_or("else"), "text");
    EXPECT_EQ(none.value_or("else"), "else");
    std::swap(some, none);
    EXPECT_FALSE(some);
    EXPECT_EQ(none->size(), 4u);
}

TEST(optional, takes_its_own_value_as_an_argument) {
    auto block = in_block(kay::optional<kay::string>("a text in the block"));
    auto& o = block->it;
    o = *o;
    EXPECT_EQ(*o, "a text in the block");
    o.emplace(o->view().substr(2));
    EXPECT_EQ(*o, "text in the block");
    o = std::move(*o);
    EXPECT_EQ(*o, "text in the block");
    auto& same = o;
    o = same;
    o = std::move(same);
    EXPECT_EQ(*o, "text in the block");
    block.settle();
    block.relocate();
    EXPECT_EQ(*block->it, "text in the block");
    block->it.reset();
    EXPECT_FALSE(is_spilled(*block));
    expect_frame(*block);
}

TEST(optional, empty_braces_take_the_value_away) {
    kay::optional<std::int32_t> o = 5;
    o = {};
    EXPECT_FALSE(o.has_value());
}

TEST(optional, nests_in_containers_and_holds_them) {
    using nested = kay::vector<kay::optional<kay::vector<kay::optional<std::int32_t>>>>;
    auto block = in_block(nested());
    block->it.emplace_back();
    block->it.emplace_back(kay::vector<kay::optional<std::int32_t>>{1, std::nullopt, 3});
    block->it.emplace_back(kay::vector<kay::optional<std::int32_t>>{});
    block.settle();
    block.relocate();
    EXPECT_FALSE(block->it[0]);
    EXPECT_EQ((*block->it[1])[2], 3);
    EXPECT_FALSE((*block->it[1])[1]);
    EXPECT_TRUE(block->it[2] && block->it[2]->empty());
    block->it[1]->push_back(4);
    block->it[0] = block->it[1];
    block.settle();
    block.relocate();
    EXPECT_EQ(block->it[0], block->it[1]);
    EXPECT_EQ(block->it[0]->size(), 4u);
}

TEST(optional_death, reading_what_is_not_there_stops_the_process) {
    kay::optional<std::int32_t> o;
    EXPECT_DEATH(*o, "assertion failed");
    EXPECT_DEATH(std::as_const(o).operator->(), "assertion failed");
}

// ---- external

TEST(external, owns_one_object_and_ends_it) {
    Guest::alive = 0;
    {
        kay::external<Guest> e;
        EXPECT_FALSE(e);
        EXPECT_EQ(e.get(), nullptr);
        e.emplace(1);
        e.emplace(2);
        EXPECT_EQ(Guest::alive, 1);
        EXPECT_EQ(e->name, 2);
        e.emplace(*e);
        EXPECT_EQ((*e).name, 2);
        e.reset();
        EXPECT_EQ(Guest::alive, 0);
        e.reset();
        e.emplace(3);
    }
    EXPECT_EQ(Guest::alive, 0);
}

TEST(external, moves_but_is_never_copied) {
    Guest::alive = 0;
    {
        kay::external<Guest> a, b;
        a.emplace(1);
        const kay::external<Guest> copy(a);
        EXPECT_FALSE(copy);
        b.emplace(2);
        b = a;
        EXPECT_FALSE(b);
        EXPECT_EQ(Guest::alive, 1);
        auto& same = a;
        a = same;
        a = std::move(same);
        EXPECT_EQ(a->name, 1);
        b = std::move(a);
        EXPECT_EQ(b->name, 1);
        EXPECT_FALSE(a);
        const kay::external<Guest> taken(std::move(b));
        EXPECT_EQ(taken->name, 1);
        EXPECT_FALSE(b);
    }
    EXPECT_EQ(Guest::alive, 0);
}

TEST(external, is_no_content) {
    Host with, without;
    with.guest.emplace(1);
    EXPECT_EQ(numbers(with), numbers(without));
    EXPECT_EQ(packed_bytes(with), packed_bytes(without));
    EXPECT_FALSE(is_spilled(with));
}

TEST(external_death, reading_what_is_not_there_stops_the_process) {
    const kay::external<Guest> e;
    EXPECT_DEATH(*e, "assertion failed");
    EXPECT_DEATH(e.operator->(), "assertion failed");
}

} // namespace containers_test
