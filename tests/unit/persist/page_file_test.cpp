// SPDX-License-Identifier: MIT
#include "page_file_model.hpp"
#include "simulated_disk.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include <unistd.h>

namespace {

using namespace kay::test;
using kay::error_code;
using kay::random_stream;
using kay::detail::extent_bytes;
using kay::detail::page_file;

std::unique_ptr<page_file> open(simulated_disk& disk) {
    auto opened = page_file::open(disk.open(), true);
    EXPECT_TRUE(opened) << opened.error().text;
    return opened ? std::move(*opened) : nullptr;
}

TEST(page_file, a_file_whose_making_was_cut_short_is_made_anew) {
    kay::random_stream random(3, 0, 0);
    int cut = 0;
    for (std::uint64_t operations = 0; operations < 40; ++operations) {
        simulated_disk disk;
        disk.cut_power_after(operations);
        try {
            static_cast<void>(page_file::open(disk.open(), true));
        } catch (const power_cut&) {
            ++cut;
        }
        disk.restore_power(random);
        disk.cut_power_after(~0ull);
        auto file = open(disk);
        ASSERT_TRUE(file) << operations;
        ASSERT_TRUE(save(*file, "noon", {1, 2}, "", {}));
    }
    EXPECT_GE(cut, 4);
    EXPECT_LT(cut, 40);
}

TEST(page_file, what_was_saved_is_there_when_it_is_opened_again) {
    simulated_disk disk;
    const model_world noon{1, 2, 0, 4}, evening{1, 2, 3, 5, 6};
    {
        auto file = open(disk);
        ASSERT_TRUE(save(*file, "noon", noon, "", {}));
        ASSERT_TRUE(save(*file, "evening", evening, "noon", noon));
    }
    auto file = open(disk);
    EXPECT_FALSE(file->warning());
    const auto checked = check(*file, {{"noon", noon}, {"evening", evening}});
    EXPECT_TRUE(checked) << checked.error().text;
    EXPECT_EQ(file->find("evening")->record().parent, "noon");
    EXPECT_EQ(file->find("evening")->record().number, 2u);
    EXPECT_EQ(file->find("morning"), nullptr);
}

TEST(page_file, pages_that_are_the_same_lie_in_the_file_once) {
    simulated_disk disk;
    auto file = open(disk);
    const model_world world(100, 7);
    ASSERT_TRUE(save(*file, "a", world, "", {}));
    const std::uint64_t alone = file->extents_in_use();
    ASSERT_TRUE(save(*file, "b", world, "a", world));
    EXPECT_LE(file->extents_in_use() - alone, 6u); // tables, manifest and schema
}

TEST(page_file, space_of_what_was_removed_is_used_again) {
    simulated_disk disk;
    auto file = open(disk);
    model_world world(50, 0);
    random_stream random(1, 2, 3);
    std::size_t longest = 0;
    for (int i = 0; i < 200; ++i) {
        model_world next = world;
        for (auto& page : next) page = kay::uniform_int<std::uint64_t>(random, 1, 1u << 30);
        ASSERT_TRUE(save(*file, "autosave", next, "autosave", world));
        world = next;
        if (i == 10) longest = disk.bytes().size();
    }
    EXPECT_EQ(disk.bytes().size(), longest);
    EXPECT_LT(longest, 3 * (50 + 8) * extent_bytes);
    EXPECT_TRUE(check(*file, {{"autosave", world}}));
}

TEST(page_file, a_snapshot_somebody_holds_is_not_written_over) {
    simulated_disk disk;
    auto file = open(disk);
    const model_world world{1, 2, 3};
    ASSERT_TRUE(save(*file, "a", world, "", {}));
    const auto held = file->find("a");
    ASSERT_TRUE(remove(*file, "a"));
    for (std::uint64_t i = 0; i < 10; ++i)
        ASSERT_TRUE(save(*file, "b", model_world(20, i + 10), "", {}));
    static page_bytes page, right;
    for (std::uint64_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(file->read_page(i, held->table().pages[i], page));
        fill(right, world[i]);
        EXPECT_EQ(page, right);
    }
}

TEST(page_file, a_failed_write_or_sync_leaves_what_was_saved_and_the_next_one_succeeds) {
    using operation = simulated_disk::operation;
    const model_world before{1, 2, 3}, after{1, 9, 3, 4};
    for (const operation what : {operation::write, operation::sync}) {
        int failures = 0;
        for (std::uint64_t k = 0;; ++k) {
            simulated_disk disk;
            auto file = open(disk);
            ASSERT_TRUE(save(*file, "a", before, "", {}));
            disk.fail_after(what, k);
            const auto saved = save(*file, "a", after, "a", before);
            if (saved) {
                EXPECT_FALSE(disk.has_failed());
                break;
            }
            ++failures;
            EXPECT_EQ(saved.error().code, error_code::io);
            EXPECT_TRUE(check(*file, {{"a", before}})) << "operation " << k;
            {
                // A program that is started now finds one or the other.
                auto again = page_file::open(disk.open(), false);
                ASSERT_TRUE(again) << again.error().text;
                EXPECT_TRUE(check(**again, {{"a", before}}) || check(**again, {{"a", after}}));
            }
            ASSERT_TRUE(save(*file, "a", after, "a", before));
            EXPECT_TRUE(check(*file, {{"a", after}}));
            file.reset();
            file = open(disk);
            EXPECT_TRUE(check(*file, {{"a", after}}));
        }
        EXPECT_EQ(failures, what == operation::sync ? 2 : 8); // pages in a row are one write
    }
}

TEST(page_file, a_damaged_table_costs_one_snapshot_and_nothing_is_written_over) {
    simulated_disk disk;
    const model_world one{1, 2, 3}, other{4, 5};
    {
        auto file = open(disk);
        ASSERT_TRUE(save(*file, "one", one, "", {}));
        ASSERT_TRUE(save(*file, "other", other, "", {}));
        const std::size_t leaf = file->find("one")->table().leaves[0].where.first;
        disk.bytes()[leaf * extent_bytes + 3] ^= std::byte{1};
    }
    const std::vector<std::byte> before = disk.bytes();
    auto file = open(disk);
    const auto damaged = file->read_table(*file->find("one"));
    ASSERT_FALSE(damaged);
    EXPECT_NE(damaged.error().text.find("damaged"), std::string::npos);
    ASSERT_TRUE(file->read_table(*file->find("other")));
    for (std::uint64_t i = 0; i < 5; ++i)
        ASSERT_TRUE(save(*file, "more", model_world(30, 6 + i), "", {}));
    // Nobody knows where the pages of the first one are.
    EXPECT_TRUE(std::equal(before.begin() + extent_bytes, before.end(),
                           disk.bytes().begin() + extent_bytes));
    ASSERT_TRUE(remove(*file, "one"));
    file.reset();
    file = open(disk);
    EXPECT_TRUE(check(*file, {{"other", other}, {"more", model_world(30, 10)}}));
}

TEST(page_file, a_disk_that_stays_broken_never_costs_what_was_saved) {
    const model_world before{1, 2, 3}, after{1, 9, 3, 4};
    for (std::uint64_t k = 0; k < 8; ++k) {
        simulated_disk disk;
        auto file = open(disk);
        ASSERT_TRUE(save(*file, "a", before, "", {}));
        disk.fail_after(simulated_disk::operation::write, k, true);
        for (int i = 0; i < 3; ++i) EXPECT_FALSE(save(*file, "a", after, "a", before));
        file.reset();
        disk.stop_failing();
        file = open(disk);
        EXPECT_TRUE(check(*file, {{"a", before}}) || check(*file, {{"a", after}}));
    }
}

TEST(page_file, every_flipped_bit_is_noticed_or_of_no_consequence) {
    simulated_disk disk;
    const model_world before{1, 2}, now{1, 3};
    {
        auto file = open(disk);
        ASSERT_TRUE(save(*file, "a", before, "", {}));
        ASSERT_TRUE(save(*file, "a", now, "a", before));
    }
    random_stream random(5, 0, 0);
    int refused = 0, older = 0, unharmed = 0;
    const std::size_t extents = disk.bytes().size() / extent_bytes;
    for (int i = 0; i < 4000; ++i) {
        // Most in the beginnings of extents, where tables are; many extents are free.
        const std::size_t extent = kay::uniform_int(random, std::size_t{0}, extents - 1);
        const std::size_t within =
            kay::uniform_int(random, std::size_t{0}, i % 4 ? std::size_t{250} : extent_bytes - 1);
        std::byte& byte = disk.bytes()[extent * extent_bytes + within];
        const std::byte flipped = std::byte{1} << kay::uniform_int(random, 0, 7);
        byte ^= flipped;
        const auto opened = page_file::open(disk.open(), false);
        if (!opened) {
            ++refused;
        } else if (const auto checked = check(**opened, {{"a", now}}); checked) {
            ++unharmed;
        } else if ((*opened)->warning()) {
            ++older;
            EXPECT_TRUE(check(**opened, {{"a", before}}));
        } else {
            ++refused;
            EXPECT_NE(checked.error().text.find("damaged"), std::string::npos)
                << checked.error().text;
        }
        byte ^= flipped;
    }
    EXPECT_GT(refused, 100);
    EXPECT_GT(older, 100);
    EXPECT_GT(unharmed, 1000);
}

TEST(page_file, a_file_that_was_cut_off_is_refused_or_older) {
    simulated_disk disk;
    const model_world before{1, 2}, now{1, 3, 4};
    {
        auto file = open(disk);
        ASSERT_TRUE(save(*file, "a", before, "", {}));
        ASSERT_TRUE(save(*file, "a", now, "a", before));
    }
    const std::vector<std::byte> whole = disk.bytes();
    for (std::size_t bytes = 0; bytes < whole.size(); bytes += 1000) {
        disk.bytes().assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        const auto opened = page_file::open(disk.open(), false);
        if (!opened) continue;
        EXPECT_TRUE((*opened)->warning()) << bytes;
        EXPECT_FALSE(check(**opened, {{"a", now}})) << bytes;
    }
}

TEST(page_file, what_is_no_file_of_worlds_is_refused_and_left_as_it_is) {
    simulated_disk disk;
    disk.bytes().assign(100'000, std::byte{'x'});
    const auto opened = page_file::open(disk.open(), true);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, error_code::bad_data);
    EXPECT_EQ(disk.bytes(), std::vector<std::byte>(100'000, std::byte{'x'}));
    simulated_disk empty;
    EXPECT_FALSE(page_file::open(empty.open(), false));
}

TEST(file_disk, has_one_writer_and_is_what_a_page_file_needs) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("kay_file_disk_" + std::to_string(::getpid()) + ".kay");
    using kay::detail::open_disk;
    using kay::detail::open_mode;
    const auto missing = open_disk(path.string(), open_mode::write);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, error_code::not_found);
    const model_world world{1, 2, 3};
    {
        auto disk = open_disk(path.string(), open_mode::make_or_write);
        ASSERT_TRUE(disk) << disk.error().text;
        const auto second = open_disk(path.string(), open_mode::write);
        ASSERT_FALSE(second);
        EXPECT_NE(second.error().text.find("another program"), std::string::npos);
        auto file = page_file::open(std::move(*disk), true);
        ASSERT_TRUE(file) << file.error().text;
        ASSERT_TRUE(save(**file, "a", world, "", {}));
    }
    auto disk = open_disk(path.string(), open_mode::read);
    ASSERT_TRUE(disk);
    auto file = page_file::open(std::move(*disk), false);
    ASSERT_TRUE(file);
    EXPECT_TRUE(check(**file, {{"a", world}}));
    std::filesystem::remove(path);
}

} // namespace
