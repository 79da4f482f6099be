// SPDX-License-Identifier: MIT
#include "../../../src/persist/read_ahead.hpp"
#include "page_file_model.hpp"
#include "simulated_disk.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace {

using namespace kay::test;
using kay::detail::extent_bytes;
using kay::detail::page_file;
using kay::detail::read_ahead;

constexpr std::uint32_t window = read_ahead::pages_per_window;

/// Reads pages in some order; what was asked for early, and how often.
struct reader {
    explicit reader(std::uint32_t pages) : ahead(pages) {}
    void read(std::uint32_t page) {
        ahead.before_reading(page, [&](std::uint32_t first, std::uint32_t count) {
            for (; count; --count) ++asked[first++];
        });
    }
    read_ahead ahead;
    std::map<std::uint32_t, int> asked;
};

TEST(read_ahead, a_walk_asks_for_all_but_its_beginning_once_and_before_it_comes_there) {
    constexpr std::uint32_t pages = 100 * window + 5;
    reader walk(pages);
    for (std::uint32_t page = 0; page < pages; ++page) {
        if (page >= 2 * window) {
            ASSERT_EQ(walk.asked[page], 1) << page;
        }
        walk.read(page);
        if (page >= window && page + window < pages) {
            ASSERT_EQ(walk.asked[page + window], 1) << page;
        }
    }
    for (const auto& [page, times] : walk.asked) EXPECT_EQ(times, 1) << page;
    EXPECT_EQ(walk.asked.count(0), 0u);
}

TEST(read_ahead, nobody_asks_for_more_where_pages_are_read_here_and_there) {
    reader some(1000 * window);
    for (std::uint32_t at = 0; at < 1000; at += 2)
        for (std::uint32_t page = 0; page < window; page += 3) some.read(at * window + page);
    EXPECT_TRUE(some.asked.empty());
    some.read(2001 * window); // there is no such page: whoever asks for it hears so elsewhere
    EXPECT_TRUE(some.asked.empty());
}

TEST(read_ahead, what_several_walks_need_is_asked_for_once) {
    reader walks(64 * window);
    for (std::uint32_t page = 0; page < 16 * window; ++page)
        for (std::uint32_t from : {48u, 16u, 32u, 0u}) walks.read(from * window + page);
    for (const auto& [page, times] : walks.asked) EXPECT_EQ(times, 1) << page;
    EXPECT_GT(walks.asked.size(), 50u * window);
}

/// Notes what it is to expect.
class expectant_disk final : public kay::detail::disk {
public:
    expectant_disk(std::unique_ptr<kay::detail::disk> below,
                   std::map<std::uint64_t, std::uint64_t>& expected)
        : below_(std::move(below)), expected_(expected) {}
    kay::result<std::uint64_t> size() override { return below_->size(); }
    kay::result<void> read(std::uint64_t at, std::span<std::byte> to) override {
        return below_->read(at, to);
    }
    void expect_read(std::uint64_t at, std::uint64_t bytes) override { expected_[at] += bytes; }
    kay::result<void> write(std::uint64_t at, std::span<const std::byte> from) override {
        return below_->write(at, from);
    }
    kay::result<void> sync() override { return below_->sync(); }

private:
    std::unique_ptr<kay::detail::disk> below_;
    std::map<std::uint64_t, std::uint64_t>& expected_;
};

TEST(read_ahead, pages_that_lie_side_by_side_in_the_file_are_asked_for_together) {
    simulated_disk disk;
    std::map<std::uint64_t, std::uint64_t> expected;
    auto opened = page_file::open(std::make_unique<expectant_disk>(disk.open(), expected), true);
    ASSERT_TRUE(opened) << opened.error().text;
    page_file& file = **opened;
    expected.clear();
    const std::vector<kay::detail::page_ref> pages{{7}, {8}, {9}, {0}, {11}, {0}, {12}, {13}, {5}};
    file.expect_read(pages);
    const std::map<std::uint64_t, std::uint64_t> together{{7 * extent_bytes, 3 * extent_bytes},
                                                          {11 * extent_bytes, extent_bytes},
                                                          {12 * extent_bytes, 2 * extent_bytes},
                                                          {5 * extent_bytes, extent_bytes}};
    EXPECT_EQ(expected, together);
}

} // namespace
