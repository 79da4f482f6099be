// SPDX-License-Identifier: MIT
#include "../../../src/persist/world_manifest.hpp"

#include "saved_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace {

using namespace kay::detail;

class manifest : public ::testing::Test {
protected:
    manifest() {
        auto system = saved_world::make();
        file_.save(system, "a");
        auto opened = file_.open();
        const auto snapshot = opened->find("a");
        pages_ = snapshot->record().page_count;
        bytes_ = *opened->read_blob(snapshot->record().manifest, blob_kind::manifest);
        seed_ = 11;
        sheep_ = system.count<saved_world::Sheep>();
        blades_ = system.count<saved_world::Blade>();
    }

    saved_world::file file_;
    std::vector<std::byte> bytes_;
    std::uint64_t pages_ = 0;
    std::uint64_t seed_ = 0;
    std::uint64_t sheep_ = 0;
    std::uint64_t blades_ = 0;
};

TEST_F(manifest, says_what_a_world_is) {
    const auto read = world_manifest::read(bytes_, pages_);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->places.size(), 4u);
    EXPECT_EQ(read->head.seed, seed_);
    EXPECT_EQ(read->head.turn, 1u);
    ASSERT_EQ(read->head.types.size(), 3u);
    EXPECT_EQ(read->head.types[0].name, "saved_world::Blade");
    EXPECT_EQ(read->head.types[1].name, "saved_world::Sheep");
    EXPECT_EQ(read->head.types[1].layout_hash, kay::layout_hash<saved_world::Sheep>);
    EXPECT_EQ(read->count(0), blades_);
    EXPECT_EQ(read->count(1), sheep_);
    EXPECT_EQ(read->count(2), 0u);
    ASSERT_EQ(read->constants.size(), 1u);
    EXPECT_EQ(read->constants[0].pages.size(), 1u);
    std::uint64_t timers = read->outside.count;
    for (const auto& place : read->places) timers += place.timed.count;
    EXPECT_EQ(timers, 1u);
    EXPECT_EQ(blades_, saved_world::blade_count / 3 * 2);
    EXPECT_EQ(sheep_, 34u);
}

TEST_F(manifest, every_page_has_one_meaning) {
    const auto read = world_manifest::read(bytes_, pages_);
    ASSERT_TRUE(read);
    std::vector<std::uint32_t> all;
    const auto add = [&](const std::vector<std::uint32_t>& pages) {
        all.insert(all.end(), pages.begin(), pages.end());
    };
    std::uint32_t large_chunks = 0;
    for (const auto& place : read->places) {
        for (const auto& store : place.stores) {
            if (!store) continue;
            for (const auto& run : store->runs) {
                add(run.pages);
                add(run.row_pages);
                if (run.pages_per_chunk > 1) ++large_chunks;
                EXPECT_EQ(run.pages.size(), run.chunks.size() * run.pages_per_chunk);
            }
            for (const std::uint32_t page : store->slot_pages)
                if (page != world_manifest::no_page) all.push_back(page);
        }
        add(place.timed.pages);
    }
    add(read->outside.pages);
    add(read->constants[0].pages);
    EXPECT_EQ(large_chunks, 1u);
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), pages_);
    for (std::uint32_t page = 0; page < all.size(); ++page) ASSERT_EQ(all[page], page);
    EXPECT_FALSE(world_manifest::read(bytes_, pages_ - 1));
}

TEST_F(manifest, every_flipped_bit_and_every_end_is_refused_or_in_bounds) {
    int refused = 0;
    for (std::size_t bit = 0; bit < bytes_.size() * 8; ++bit) {
        bytes_[bit / 8] ^= std::byte{1} << bit % 8;
        const auto read = world_manifest::read(bytes_, pages_);
        refused += !read;
        if (read)
            for (const auto& place : read->places)
                for (const auto& store : place.stores)
                    if (store) {
                        std::set<std::uint32_t> chunks;
                        for (const auto& run : store->runs) {
                            for (const std::uint32_t chunk : run.chunks)
                                ASSERT_TRUE(chunks.insert(chunk).second);
                            ASSERT_LE(run.visible, run.count);
                            ASSERT_LE(run.count, run.rows_per_chunk * run.chunks.size());
                            for (const std::uint32_t page : run.pages) ASSERT_LT(page, pages_);
                        }
                    }
        bytes_[bit / 8] ^= std::byte{1} << bit % 8;
    }
    EXPECT_GT(refused, 500);
    for (std::size_t count = 0; count < bytes_.size(); ++count)
        ASSERT_FALSE(world_manifest::read(std::span<const std::byte>(bytes_).first(count), pages_));
}

} // namespace
