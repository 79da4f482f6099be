// SPDX-License-Identifier: MIT
//
// Files from anybody: every page, manifest and schema may have been changed, and its checksums been
// made right again. Nothing of it may lead outside (run with sanitizers).
#include "menagerie.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace {

using namespace menagerie;
using kay::test::simulated_disk;

class untrusted : public ::testing::Test {
protected:
    untrusted() {
        auto system = make();
        good_ = saved(system);
        hash_ = system.hash();
        what_ = good_;
    }

    kay::result<kay::actor_system> load() {
        simulated_disk disk;
        what_.write(disk);
        return load_untrusted(disk);
    }
    /// Loads the file as it is by now. True: it was taken, and went on for some turns.
    bool is_taken() {
        auto system = load();
        if (!system) {
            problem_ = system.error().text;
            EXPECT_NE(problem_.find(file_name), std::string::npos) << problem_;
            return false;
        }
        go_on(*system);
        return true;
    }
    /// The blocks of all beasts, in the pages.
    void each_block(const std::function<void(std::byte*)>& f) {
        for (auto& page : what_.pages)
            for (std::size_t at = 0; at + sizeof(Beast) <= page.size(); at += 16) {
                const auto* const beast = reinterpret_cast<const Beast*>(page.data() + at);
                std::uint64_t bits[2];
                std::memcpy(bits, &beast->table, sizeof bits);
                if (bits[0] == 1 && bits[1] <= 2 && beast->cache.get() == nullptr)
                    f(page.data() + at);
            }
    }

    /// The nodes of all timers, in the pages.
    void each_timer(const std::function<void(std::byte*)>& f) {
        for (auto& page : what_.pages)
            for (std::size_t at = 64; at + 64 <= page.size(); at += 64) {
                const timer_node node = read_node(page.data() + at);
                if (node.generation % 2 == 1 && node.generation < 100 && node.due > 4 &&
                    node.due < 100 && node.period < 100 && node.packet_bytes >= 8 &&
                    node.packet_bytes < 200)
                    f(page.data() + at);
            }
    }
    struct timer_node {
        std::uint32_t generation, next, previous, type;
        std::uint64_t due, period;
        std::uint32_t target, packet_bytes, tail;
    };
    static timer_node read_node(const std::byte* at) {
        timer_node node;
        std::memcpy(&node, at, sizeof node);
        return node;
    }

    std::uint64_t hash_ = 0;
    kay::test::forged_file good_, what_;
    std::string problem_;
};

TEST_F(untrusted, a_good_file_is_loaded_as_it_was) {
    auto system = load();
    ASSERT_TRUE(system) << system.error().text;
    EXPECT_EQ(system->hash(), hash_);
    EXPECT_TRUE(is_taken());
}

TEST_F(untrusted, what_leads_outside_of_an_actor_is_refused) {
    const auto expect_refused = [&](const char* what, auto&& change) {
        what_ = good_;
        int blocks = 0;
        each_block([&](std::byte* block) {
            if (blocks++ == 5) change(block);
        });
        ASSERT_GT(blocks, 20);
        EXPECT_FALSE(is_taken()) << what;
        EXPECT_NE(problem_.find("Beast in place"), std::string::npos) << what << ": " << problem_;
    };
    const auto put = [](std::byte* at, auto value) { std::memcpy(at, &value, sizeof value); };
    expect_refused("an offset", [&](std::byte* b) {
        put(b + offsetof(Beast, numbers), std::int64_t{1} << 40);
        put(b + offsetof(Beast, numbers) + 8, std::uint32_t{3});
        put(b + offsetof(Beast, numbers) + 12, std::uint32_t{3});
    });
    expect_refused("a size",
                   [&](std::byte* b) { put(b + offsetof(Beast, name) + 8, ~std::uint32_t{0}); });
    expect_refused("a capacity", [&](std::byte* b) {
        put(b + offsetof(Beast, name) + 12, std::uint32_t{1} << 20);
    });
    expect_refused("a heap bit", [&](std::byte* b) {
        put(b + offsetof(Beast, known) + 12, std::uint32_t{1} << 31);
    });
    expect_refused("a bool",
                   [&](std::byte* b) { put(b + offsetof(Beast, is_awake), std::uint8_t{2}); });
    expect_refused("a pointer",
                   [&](std::byte* b) { put(b + offsetof(Beast, cache), std::uint64_t{0x1000}); });
    expect_refused("a constant of another type",
                   [&](std::byte* b) { put(b + offsetof(Beast, other), std::uint64_t{1}); });
    expect_refused("a constant that is not there",
                   [&](std::byte* b) { put(b + offsetof(Beast, table), std::uint64_t{77}); });
}

TEST_F(untrusted, timers_that_lead_outside_are_refused) {
    const auto expect_refused = [&](const char* what, auto&& change) {
        for (const bool has_other_messages : {false, true}) {
            what_ = good_;
            int timers = 0;
            each_timer([&](std::byte* at) { // that for all beasts is the first that stays
                timer_node node = read_node(at);
                if (node.period != 2) return;
                ++timers;
                change(node, at + 48);
                std::memcpy(at, &node, 44);
            });
            ASSERT_EQ(timers, 1);
            if (has_other_messages) { // they have other numbers by now
                constexpr std::string_view name = "menagerie::Roar";
                const auto found = std::search(
                    what_.manifest.begin(), what_.manifest.end(), name.begin(), name.end(),
                    [](std::byte a, char b) { return a == static_cast<std::byte>(b); });
                ASSERT_NE(found, what_.manifest.end());
                *found = std::byte{'n'};
            }
            EXPECT_FALSE(is_taken()) << what;
        }
    };
    const auto change_header = [](std::byte* packet, std::uint64_t bits) {
        std::uint64_t header;
        std::memcpy(&header, packet, sizeof header);
        header ^= bits;
        std::memcpy(packet, &header, sizeof header);
    };
    expect_refused("no packet", [](timer_node& node, std::byte*) { node.packet_bytes = 0; });
    expect_refused("half of a header", [](timer_node& node, std::byte*) { node.packet_bytes = 4; });
    expect_refused("more than there is",
                   [](timer_node& node, std::byte*) { node.packet_bytes = 16; });
    expect_refused("a type", [](timer_node& node, std::byte*) { node.type = 1; });
    expect_refused("a type far away", [](timer_node& node, std::byte*) { node.type = 1u << 31; });
    expect_refused("a trait", [](timer_node& node, std::byte*) { node.type = 0xfffe; });
    expect_refused("a place", [](timer_node& node, std::byte*) { node.target = 2; });
    expect_refused("a message", [&](timer_node&, std::byte* packet) {
        change_header(packet, std::uint64_t{512} << 44);
    });
    expect_refused("one for nobody everywhere",
                   [&](timer_node&, std::byte* packet) { change_header(packet, 1); });
    expect_refused("a length", [&](timer_node&, std::byte* packet) {
        change_header(packet, std::uint64_t{2} << 54);
    });
}

/// Its trait has no messages, which everybody receives.
TEST_F(untrusted, a_timer_with_a_message_that_nobody_receives_reaches_nobody) {
    int timers = 0;
    each_timer([&](std::byte* at) {
        if (read_node(at).type != kay::detail::any_implementor) return;
        ++timers;
        const kay::detail::trait_head head{12345, 0};
        std::memcpy(at + 48 + 8, &head, sizeof head);
    });
    ASSERT_EQ(timers, 1);
    EXPECT_TRUE(is_taken()) << problem_;
}

TEST_F(untrusted, pages_that_share_their_place_are_refused) {
    what_.has_shared_pages = true;
    const auto system = load();
    ASSERT_FALSE(system);
    EXPECT_NE(system.error().text.find("two pages"), std::string::npos) << system.error().text;
}

/// A store says that it has a million chunks more, and that nobody lives there.
TEST_F(untrusted, what_would_take_more_memory_than_twice_the_file_is_refused) {
    kay::actor_system system{{.places = 1, .workers = 1}};
    system.add<Beast>();
    system.spawn<Beast>();
    ASSERT_TRUE(system.turn());
    what_ = saved(system);
    ASSERT_TRUE(load());
    const auto lists = [](const std::vector<std::uint32_t>& chunks,
                          const std::vector<std::uint32_t>& rows,
                          const std::vector<std::uint32_t>& free) {
        kay::detail::byte_writer to;
        for (const auto* list : {&chunks, &rows, &free})
            to.numbers(std::span<const std::uint32_t>(*list));
        return to.take();
    };
    std::vector<std::uint32_t> chunks(1'000'000, ~0u), rows = chunks, free;
    for (std::uint32_t chunk = 1; chunk < chunks.size(); ++chunk) free.push_back(chunk);
    chunks[0] = 0;
    rows[0] = 1;
    const auto small = lists({0}, {1}, {}), large = lists(chunks, rows, free);
    std::vector<std::byte>& manifest = what_.manifest;
    const auto at = std::search(manifest.begin(), manifest.end(), small.begin(), small.end());
    ASSERT_NE(at, manifest.end());
    const auto begin = manifest.erase(at, at + static_cast<std::ptrdiff_t>(small.size()));
    manifest.insert(begin, large.begin(), large.end());
    const auto refused = load();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("memory"), std::string::npos) << refused.error().text;
}

TEST_F(untrusted, messages_that_wait_are_refused) {
    kay::actor_system system{{.places = 2}};
    system.add<Beast>();
    system.spawn<Beast>();
    simulated_disk disk;
    save(system, disk);
    const auto refused = load_untrusted(disk);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("messages wait"), std::string::npos);
}

TEST_F(untrusted, whatever_is_changed_in_it_nothing_leads_outside) {
    const char* const wanted = std::getenv("KAY_MUTATIONS");
    const int rounds = wanted ? std::atoi(wanted) : 150;
    const char* const given = std::getenv("KAY_SEED");
    const auto seed = given ? std::strtoul(given, nullptr, 10) : std::random_device{}();
    std::mt19937_64 random(seed);
    // What it finds may well be an abort, so it is said before.
    std::printf("again with KAY_SEED=%lu KAY_MUTATIONS=%d\n", seed, rounds);
    std::fflush(stdout);
    int taken = 0;
    for (int i = 0; i < rounds; ++i) {
        what_ = good_;
        for (auto left = 1 + random() % 3; left > 0; --left) {
            const auto kind = random() % 16;
            std::vector<std::byte>& bytes = kind == 0 ? what_.manifest
                                            : kind == 1
                                                ? what_.schema
                                                : what_.pages[random() % what_.pages.size()];
            if (bytes.empty()) continue;
            // Where something is.
            std::size_t at = random() % bytes.size();
            for (int tries = 0; tries < 2000 && bytes[at] == std::byte{0}; ++tries)
                at = random() % bytes.size();
            if (random() % 2)
                bytes[at] ^= std::byte(1u << random() % 8);
            else
                bytes[at] = std::byte(random() % 256);
        }
        taken += is_taken();
    }
    EXPECT_GT(taken, rounds / 10) << "numbers may be what they like";
    EXPECT_LT(taken, rounds) << "nothing was noticed";
}

} // namespace
