// SPDX-License-Identifier: MIT
//
// Loaded worlds whose pages cannot be read, or are damaged: each read in turn, each extent in turn.
// Whatever the world does with them, it goes on as it would have, or says that it cannot. It never
// goes on as another one.
#include "forged_file.hpp"
#include "rookery.hpp"

#include "../../../src/persist/world_manifest.hpp"

#include <cstring>

namespace {

using namespace kay::test;
using namespace rookery;

/// What became of a world.
struct course {
    std::optional<kay::error> told; ///< the error that ended it
    std::uint64_t hash = 0;         ///< else
};

class lost_pages : public ::testing::Test {
protected:
    lost_pages() {
        kay::set_log_level(kay::log_level::off);
        auto system = make(300, 9000, 2);
        known_.emplace(system);
        auto file = open(disk_);
        EXPECT_TRUE(file);
        EXPECT_TRUE(file->save(system, "a"));
        for (int i = 0; i < 2; ++i) EXPECT_TRUE(system.turn());
        EXPECT_TRUE(file->save(system, "a"));
    }
    ~lost_pages() override { kay::set_log_level(kay::log_level::warning); }

    /// Loads the world and lives on, saving it now and then; in the end into another file, which
    /// needs all of it.
    course live(simulated_disk& disk, int turns, std::uint32_t workers) {
        auto file = open(disk);
        if (!file) return {file.error()};
        if (const auto older = file->warning()) // it is another world, and that is told
            return {kay::error{kay::error_code::bad_data, file_name + (": " + *older)}};
        auto system = load(*file, "a", {.workers = workers});
        if (!system) return {system.error()};
        for (int turn = 0; turn < turns; ++turn) {
            send(*system, *known_);
            if (auto problem = system->take_problem()) return {*problem};
            if (const auto done = system->turn(); !done) {
                const auto again = system->turn();
                EXPECT_FALSE(again) << "a world that has lost a page has gone on";
                return {done.error()};
            }
            if (turn % 3 != 2) continue;
            const auto started = file->start_save(*system, "b");
            if (!started) return {started.error()};
        }
        if (const auto saved = file->finish_save(); !saved) return {saved.error()};
        simulated_disk other;
        auto second = open(other);
        EXPECT_TRUE(second);
        if (const auto saved = second->save(*system, "c"); !saved) return {saved.error()};
        const std::uint64_t hash = system->hash();
        if (const auto done = system->turn(); !done) return {done.error()};
        return {{}, hash};
    }
    /// As another program finds it, whatever became of the last.
    struct copy : simulated_disk {
        explicit copy(simulated_disk& of) { bytes() = of.bytes(); }
    };

    simulated_disk disk_;
    std::optional<acquaintances> known_;
};

/// Reads of one life, without the ones that are the writer's: it reads nothing.
TEST_F(lost_pages, a_read_that_fails_is_told_when_it_matters) {
    copy whole(disk_);
    const course right = live(whole, 12, 1);
    ASSERT_FALSE(right.told) << right.told->text;
    const std::uint64_t reads = whole.count(simulated_disk::operation::read);
    EXPECT_GT(reads, 50u);
    std::uint64_t told = 0, named = 0;
    for (std::uint64_t k = 0; k < reads; ++k) {
        copy disk(disk_);
        disk.fail_after(simulated_disk::operation::read, k, k % 3 == 0);
        const course seen = live(disk, 12, k % 2 ? 1 : 2);
        ASSERT_TRUE(disk.has_failed()) << k;
        if (!seen.told) {
            ASSERT_EQ(seen.hash, right.hash) << "read " << k;
            continue;
        }
        ++told;
        EXPECT_EQ(seen.told->code, kay::error_code::io) << k << ": " << seen.told->text;
        EXPECT_NE(seen.told->text.find("cannot be read"), std::string::npos) << seen.told->text;
        EXPECT_NE(seen.told->text.find(file_name), std::string::npos) << seen.told->text;
        named += seen.told->text.find("snapshot 'a'") != std::string::npos;
    }
    EXPECT_GE(told + 6, reads); // but those of the generation before
    EXPECT_GT(named, reads / 2);
}

TEST_F(lost_pages, a_damaged_page_is_told_when_it_matters) {
    copy whole(disk_);
    const course right = live(whole, 20, 1);
    ASSERT_FALSE(right.told);
    constexpr std::size_t step = is_sanitized ? 4 : 1; // with sanitizers some of them
    std::uint64_t told = 0, extents = 0;
    kay::random_stream random(4, 0, 0);
    for (std::size_t at = kay::detail::extent_bytes; at < disk_.bytes().size();
         at += step * kay::detail::extent_bytes, ++extents) {
        copy disk(disk_);
        // Half of them where it is sure to hold something.
        const std::size_t byte = extents % 2
                                     ? kay::uniform_int(random, std::size_t{0}, std::size_t{65535})
                                     : kay::uniform_int(random, std::size_t{0}, std::size_t{63});
        disk.bytes()[at + byte] ^= std::byte{1} << kay::uniform_int(random, 0, 7);
        const course seen = live(disk, 20, extents % 2 ? 1 : 2);
        if (!seen.told) {
            ASSERT_EQ(seen.hash, right.hash) << "extent " << at / kay::detail::extent_bytes;
            continue;
        }
        ++told;
        EXPECT_EQ(seen.told->code, kay::error_code::bad_data) << seen.told->text;
        EXPECT_NE(seen.told->text.find(file_name), std::string::npos) << seen.told->text;
    }
    // Others are of the generation before, or padding of tables.
    EXPECT_GT(told, extents / (is_sanitized ? 3 : 2));
    EXPECT_GT(extents, 60 / step);
}

/// The planted fault: one leaf is another one, and the checksums say that it is right.
TEST_F(lost_pages, a_page_that_is_another_one_is_seen_by_this_test) {
    copy whole(disk_);
    const course right = live(whole, 6, 1);
    auto pages = kay::detail::page_file::open(disk_.open(), false);
    auto what = forged_file::of(**pages, "a");
    const auto manifest = kay::detail::world_manifest::read(what.manifest, what.pages.size());
    ASSERT_TRUE(manifest);
    std::uint32_t leaves = 0;
    while (manifest->head.types[leaves].name != "rookery::Leaf") ++leaves;
    what.pages[manifest->places[1].stores[leaves]->runs[0].pages[0]][0] ^= std::byte{1};
    simulated_disk forged;
    what.write(forged);
    const course seen = live(forged, 6, 1);
    ASSERT_FALSE(right.told || seen.told);
    EXPECT_NE(seen.hash, right.hash);
}

} // namespace
