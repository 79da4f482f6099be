// SPDX-License-Identifier: MIT
#include <kay/core/hash.hpp>
#include <kay/turn/timer_wheel.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

namespace {

using kay::detail::timer_key;
using kay::detail::timer_wheel;

struct wheel_in_memory {
    kay::chunk_pool pool;
    kay::detail::page_epoch epoch;
    timer_wheel wheel{pool, epoch};
};

std::vector<std::byte> packet_of(std::uint64_t number, std::size_t bytes) {
    std::vector<std::byte> packet(bytes);
    for (std::size_t i = 0; i < bytes; ++i)
        packet[i] = static_cast<std::byte>(kay::mix(number + i / 8) >> i % 8 * 8);
    return packet;
}

std::vector<std::uint32_t> fired_by(timer_wheel& wheel, std::uint64_t turn) {
    std::vector<std::uint32_t> types;
    wheel.advance(turn, [&](std::uint32_t type, std::uint32_t, std::span<const std::byte>, bool) {
        types.push_back(type);
        return true;
    });
    return types;
}

TEST(timer_wheel, fires_in_the_order_of_due_turns_and_then_of_add) {
    wheel_in_memory memory;
    timer_wheel& wheel = memory.wheel;
    wheel.add(500, 0, 3, 0, {});
    wheel.add(70, 0, 1, 0, {});
    wheel.add(500, 0, 4, 0, {});
    wheel.add(5, 0, 0, 0, {});
    EXPECT_TRUE(fired_by(wheel, 4).empty());
    EXPECT_EQ(fired_by(wheel, 100), (std::vector<std::uint32_t>{0, 1}));
    wheel.add(500, 0, 5, 0, {});
    EXPECT_TRUE(fired_by(wheel, 499).empty());
    EXPECT_EQ(fired_by(wheel, 500), (std::vector<std::uint32_t>{3, 4, 5}));
    EXPECT_EQ(wheel.size(), 0u);
}

TEST(timer_wheel, passes_over_idle_ages_at_once) {
    wheel_in_memory memory;
    timer_wheel& wheel = memory.wheel;
    wheel.add(std::uint64_t{1} << 50, 0, 1, 0, {});
    wheel.add(~std::uint64_t{0} - 5, 0, 2, 0, {});
    EXPECT_TRUE(fired_by(wheel, (std::uint64_t{1} << 50) - 1).empty());
    EXPECT_EQ(fired_by(wheel, std::uint64_t{1} << 50), std::vector<std::uint32_t>{1});
    EXPECT_EQ(wheel.size(), 1u);
}

TEST(timer_wheel, repeats_until_it_is_told_to_end) {
    wheel_in_memory memory;
    timer_wheel& wheel = memory.wheel;
    wheel.add(10, 10, 7, 0, {});
    int fired = 0;
    for (std::uint64_t turn = 1; turn <= 100; ++turn)
        wheel.advance(turn, [&](std::uint32_t, std::uint32_t, std::span<const std::byte>, bool) {
            EXPECT_EQ(turn % 10, 0u);
            return ++fired < 4;
        });
    EXPECT_EQ(fired, 4);
    EXPECT_EQ(wheel.size(), 0u);
}

TEST(timer_wheel, can_be_cancelled_by_the_one_that_fires) {
    wheel_in_memory memory;
    timer_wheel& wheel = memory.wheel;
    timer_key own{}, other{};
    own = wheel.add(3, 1, 1, 0, {});
    other = wheel.add(3, 0, 2, 0, {});
    std::vector<std::uint32_t> types;
    wheel.advance(3, [&](std::uint32_t type, std::uint32_t, std::span<const std::byte>, bool) {
        types.push_back(type);
        EXPECT_TRUE(wheel.cancel(other));
        EXPECT_FALSE(wheel.cancel(other));
        EXPECT_TRUE(wheel.cancel(own));
        return true;
    });
    EXPECT_EQ(types, std::vector<std::uint32_t>{1});
    EXPECT_EQ(wheel.size(), 0u);
    EXPECT_TRUE(fired_by(wheel, 10).empty());
}

TEST(timer_wheel, a_key_of_a_timer_that_is_gone_names_nobody) {
    wheel_in_memory memory;
    timer_wheel& wheel = memory.wheel;
    const timer_key first = wheel.add(1, 0, 1, 0, {});
    fired_by(wheel, 1);
    const timer_key second = wheel.add(5, 0, 2, 0, {});
    EXPECT_EQ(first.index, second.index); // the node is used again
    EXPECT_FALSE(wheel.cancel(first));
    EXPECT_FALSE(wheel.cancel({}));
    EXPECT_FALSE(wheel.cancel({12345, 1}));
    EXPECT_EQ(fired_by(wheel, 5), std::vector<std::uint32_t>{2});
}

TEST(timer_wheel, packets_of_any_length_come_back_as_they_were) {
    wheel_in_memory memory;
    timer_wheel& wheel = memory.wheel;
    for (std::size_t bytes = 0; bytes < 400; ++bytes)
        wheel.add(1 + bytes, 0, static_cast<std::uint32_t>(bytes), 9, packet_of(bytes, bytes));
    std::size_t seen = 0;
    wheel.advance(1000, [&](std::uint32_t type, std::uint32_t target,
                            std::span<const std::byte> packet, bool) {
        EXPECT_EQ(target, 9u);
        const auto expected = packet_of(type, type);
        EXPECT_TRUE(std::equal(packet.begin(), packet.end(), expected.begin(), expected.end()));
        ++seen;
        return true;
    });
    EXPECT_EQ(seen, 400u);
}

/// Some of each: timers of one node and of several, near and far ones, some that repeat, free nodes
/// of both kinds, and one that was cancelled.
std::uint64_t fill(timer_wheel& wheel) {
    for (const std::uint64_t due : {1, 2, 3, 70, 500}) wheel.add(due, 0, 1, 0, packet_of(due, 100));
    fired_by(wheel, 3);
    wheel.add(80, 7, 2, 0, packet_of(7, 8));
    wheel.add(std::uint64_t{1} << 40, 0, 3, 0, packet_of(8, 16));
    wheel.cancel(wheel.add(90, 0, 4, 0, packet_of(9, 40)));
    return 3;
}

/// It is the first lie of a file that was changed on purpose: that its lists make sense.
TEST(timer_wheel, whatever_bit_is_changed_is_noticed_or_does_no_harm) {
    constexpr std::size_t nodes = 20; // so many were used, and some more
    constexpr std::uint32_t added = 77;
    int noticed = 0;
    for (std::size_t bit = 0; bit < nodes * 64 * 8; ++bit) {
        wheel_in_memory memory;
        timer_wheel& wheel = memory.wheel;
        std::uint64_t turn = fill(wheel);
        ASSERT_TRUE(wheel.is_sound(turn));
        wheel.pages().change(0)[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
        if (!wheel.is_sound(turn)) {
            ++noticed;
            continue;
        }
        std::size_t fired = 0;
        const std::size_t before = wheel.size();
        for (std::uint32_t i = 0; i < 20; ++i)
            wheel.add(turn + 1 + i, 0, added, 0, packet_of(i, 60));
        for (; turn < 1000; turn += 9)
            wheel.advance(turn,
                          [&](std::uint32_t type, std::uint32_t, std::span<const std::byte>, bool) {
                              fired += type == added;
                              return false;
                          });
        EXPECT_EQ(fired, 20u) << "bit " << bit;
        EXPECT_LE(wheel.size(), before);
        EXPECT_TRUE(wheel.is_sound(turn - 9)) << "bit " << bit;
    }
    EXPECT_GT(noticed, 1000);
}

TEST(timer_wheel, timers_that_should_have_fired_are_noticed) {
    wheel_in_memory memory;
    const std::uint64_t turn = fill(memory.wheel);
    EXPECT_TRUE(memory.wheel.is_sound(turn));
    EXPECT_TRUE(memory.wheel.is_sound(60));
    EXPECT_FALSE(memory.wheel.is_sound(70)) << "one of them was due";
    EXPECT_FALSE(memory.wheel.is_sound(turn - 1)) << "it has gone on for longer";
}

/// The same operations on a multimap by due turn.
TEST(timer_wheel, behaves_like_a_sorted_list) {
    EXPECT_TRUE(rc::check("wheel and multimap fire the same", [] {
        struct entry {
            std::uint32_t number;
            std::uint64_t period;
            timer_key key;
        };
        wheel_in_memory memory;
        timer_wheel& wheel = memory.wheel;
        std::multimap<std::uint64_t, entry> model;
        std::uint64_t turn = 0;
        std::uint32_t number = 0;
        const int steps = *rc::gen::inRange(1, 60);
        for (int i = 0; i < steps; ++i) {
            const int what = *rc::gen::inRange(0, 4);
            if (what <= 1) {
                const auto magnitude = *rc::gen::inRange(0, 42);
                const std::uint64_t delay =
                    1 + *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << magnitude);
                const std::uint64_t period = *rc::gen::inRange(0, 3) == 0 ? delay : 0;
                ++number;
                model.insert({turn + delay,
                              {number, period,
                               wheel.add(turn + delay, period, number, 1, packet_of(number, 30))}});
            } else if (what == 2 && !model.empty()) {
                auto it = std::next(model.begin(),
                                    *rc::gen::inRange<long>(0, static_cast<long>(model.size())));
                RC_ASSERT(wheel.cancel(it->second.key));
                model.erase(it);
            } else {
                // Not so far that a short period fires millions of times.
                std::uint64_t last = turn + 1;
                if (!model.empty()) last = std::max(last, model.begin()->first);
                turn = last + *rc::gen::inRange<std::uint64_t>(0, 70);
                std::vector<std::uint32_t> expected, got;
                int left = 1000;
                while (!model.empty() && model.begin()->first <= turn && left-- > 0) {
                    const auto [due, e] = *model.begin();
                    model.erase(model.begin());
                    expected.push_back(e.number);
                    if (e.period) model.insert({due + e.period, e});
                }
                wheel.advance(turn, [&](std::uint32_t type, std::uint32_t,
                                        std::span<const std::byte> packet, bool) {
                    RC_ASSERT(packet.size() == 30u);
                    got.push_back(type);
                    return true;
                });
                RC_ASSERT(got == expected);
            }
            RC_ASSERT(wheel.size() == model.size());
        }
    }));
}

} // namespace
