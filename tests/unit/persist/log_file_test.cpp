// SPDX-License-Identifier: MIT
//
// The file of an input log: what was put comes back, a torn end ends it, and damage before the end
// is told.
#include "simulated_disk.hpp"

#include "../../../src/persist/log_file.hpp"

#include <kay/core/distributions.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace kay::test;
using kay::random_stream;
using kay::detail::frame_kind;
using kay::detail::log_file;
using kay::detail::log_identity;

const log_identity identity{8, 42, 100'000'000, 7};

std::vector<std::byte> payload_of(std::uint64_t number, std::size_t bytes) {
    random_stream random(number, 0x6c6f67, 0);
    std::vector<std::byte> all(bytes);
    for (std::byte& b : all) b = static_cast<std::byte>(kay::uniform_int(random, 0, 255));
    return all;
}

struct plain_frame {
    frame_kind kind;
    std::uint64_t turn;
    std::vector<std::byte> payload;
    friend bool operator==(const plain_frame&, const plain_frame&) = default;
};

/// What a log says from its first frame to its end, or the error where it is damaged.
struct reading {
    std::vector<plain_frame> frames;
    std::optional<kay::error> problem;
    std::uint64_t bytes_after_end = 0;
};

reading read_on(log_file& file) {
    reading all;
    for (;;) {
        const auto frame = file.read_next();
        if (!frame) {
            all.problem = frame.error();
            return all;
        }
        if (!*frame) break;
        all.frames.push_back(
            {(*frame)->kind, (*frame)->turn, {(*frame)->payload.begin(), (*frame)->payload.end()}});
    }
    all.bytes_after_end = file.bytes_after_end();
    return all;
}

reading read(simulated_disk& disk) {
    auto file = log_file::open(disk.open());
    if (!file) return {{}, file.error(), 0};
    return read_on(**file);
}

/// A log with a session and then `frames` frames, each synced by itself.
std::vector<plain_frame> write_log(simulated_disk& disk, std::uint64_t frames) {
    auto file = log_file::make(disk.open(), identity);
    EXPECT_TRUE(file);
    EXPECT_TRUE((*file)->begin_session());
    std::vector<plain_frame> all;
    all.push_back({frame_kind::session, 7, payload_of(0, 33)});
    for (std::uint64_t i = 1; i < frames; ++i)
        all.push_back(
            {i % 3 ? frame_kind::step : frame_kind::inputs, 7 + i, payload_of(i, i * 13 % 60)});
    all.push_back({frame_kind::quiet, 7 + frames, {}});
    for (const plain_frame& f : all) {
        (*file)->put(f.kind, f.turn, f.payload);
        EXPECT_TRUE((*file)->sync());
    }
    return all;
}

TEST(log_file, gives_back_what_was_put) {
    simulated_disk disk;
    const auto written = write_log(disk, 40);
    auto file = log_file::open(disk.open());
    ASSERT_TRUE(file);
    EXPECT_EQ((*file)->world().places, 8u);
    EXPECT_EQ((*file)->world().seed, 42u);
    EXPECT_EQ((*file)->world().step_ns, 100'000'000);
    EXPECT_EQ((*file)->world().first_turn, 7u);
    for (int again = 0; again < 2; ++again) {
        const reading all = read_on(**file);
        EXPECT_FALSE(all.problem);
        EXPECT_EQ(all.frames, written);
        EXPECT_EQ(all.bytes_after_end, 0u);
        ASSERT_TRUE((*file)->rewind());
    }
}

TEST(log_file, frames_may_be_longer_than_what_is_read_at_once) {
    simulated_disk disk;
    auto file = log_file::make(disk.open(), identity);
    ASSERT_TRUE((*file)->begin_session());
    std::vector<plain_frame> written{{frame_kind::session, 7, {}}};
    for (std::uint64_t i = 0; i < 6; ++i)
        written.push_back({frame_kind::step, 8 + i, payload_of(i, 150'001 * (1 + i % 3))});
    for (const plain_frame& f : written) (*file)->put(f.kind, f.turn, f.payload);
    ASSERT_TRUE((*file)->sync());
    EXPECT_EQ(read(disk).frames, written);
}

TEST(log_file, ends_before_the_frame_that_is_cut_off_at_every_length) {
    simulated_disk disk;
    const auto written = write_log(disk, 10);
    const std::vector<std::byte> whole = disk.bytes();
    std::size_t most = 0;
    for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
        disk.bytes().assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        const reading all = read(disk);
        if (bytes < 512) {
            EXPECT_TRUE(all.problem) << bytes;
            continue;
        }
        ASSERT_FALSE(all.problem) << bytes << ": " << all.problem->text;
        ASSERT_GE(all.frames.size(), most) << bytes;
        most = all.frames.size();
        for (std::size_t i = 0; i < most; ++i) ASSERT_EQ(all.frames[i], written[i]);
    }
    EXPECT_EQ(most, written.size());
}

TEST(log_file, no_flipped_bit_goes_unnoticed_before_the_last_frame) {
    simulated_disk disk;
    const auto written = write_log(disk, 10);
    const std::size_t last = disk.bytes().size() - log_file::frame_head_bytes;
    std::size_t told = 0;
    for (std::size_t bit = 0; bit < disk.bytes().size() * 8; ++bit) {
        std::byte& byte = disk.bytes()[bit / 8];
        const std::byte right = byte;
        byte ^= static_cast<std::byte>(1 << bit % 8);
        const reading all = read(disk);
        byte = right;
        if (bit / 8 < log_file::header_bytes) { // there are two copies
            ASSERT_FALSE(all.problem) << "bit " << bit;
            ASSERT_EQ(all.frames, written);
        } else if (bit / 8 < last) {
            ASSERT_TRUE(all.problem) << "bit " << bit;
            ASSERT_EQ(all.problem->code, kay::error_code::bad_data);
            ++told;
        } else { // as if it had not been written to its end
            ASSERT_FALSE(all.problem);
            ASSERT_EQ(all.frames.size(), written.size() - 1);
            ASSERT_EQ(all.bytes_after_end, log_file::frame_head_bytes);
        }
    }
    EXPECT_EQ(told, (last - log_file::header_bytes) * 8);
}

TEST(log_file, frames_of_one_unfinished_write_are_no_corruption) {
    simulated_disk disk;
    auto file = log_file::make(disk.open(), identity);
    ASSERT_TRUE((*file)->begin_session());
    (*file)->put(frame_kind::session, 7, {});
    ASSERT_TRUE((*file)->sync());
    const std::size_t durable = disk.bytes().size();
    for (std::uint64_t i = 0; i < 5; ++i) (*file)->put(frame_kind::step, 8 + i, payload_of(i, 600));
    ASSERT_TRUE((*file)->sync());
    std::fill_n(disk.bytes().begin() + static_cast<std::ptrdiff_t>(durable), 600, std::byte{0});
    const reading torn = read(disk);
    EXPECT_FALSE(torn.problem);
    EXPECT_EQ(torn.frames.size(), 1u);
    EXPECT_EQ(torn.bytes_after_end, disk.bytes().size() - durable);
    (*file)->put(frame_kind::quiet, 20, {}); // now it counts on them
    ASSERT_TRUE((*file)->sync());
    const reading damaged = read(disk);
    ASSERT_TRUE(damaged.problem);
    EXPECT_NE(damaged.problem->text.find("damaged at byte " + std::to_string(durable)),
              std::string::npos)
        << damaged.problem->text;
}

TEST(log_file, a_frame_in_another_place_or_file_is_none) {
    simulated_disk disk, other;
    const auto written = write_log(disk, 10);
    write_log(other, 10);
    const std::vector<std::byte> whole = disk.bytes();
    // The same bytes from another log.
    constexpr auto header = static_cast<std::ptrdiff_t>(log_file::header_bytes);
    std::copy(other.bytes().begin() + header, other.bytes().end(), disk.bytes().begin() + header);
    EXPECT_TRUE(read(disk).frames.empty());
    // A write that went to another place of this one: the end, once more behind it.
    disk.bytes() = whole;
    disk.bytes().insert(disk.bytes().end(), whole.end() - log_file::frame_head_bytes, whole.end());
    const reading all = read(disk);
    EXPECT_EQ(all.frames, written);
    EXPECT_EQ(all.bytes_after_end, log_file::frame_head_bytes);
}

TEST(log_file, goes_on_after_its_last_whole_frame) {
    simulated_disk disk;
    const auto written = write_log(disk, 12);
    const std::vector<std::byte> whole = disk.bytes();
    for (std::size_t cut = 0; cut < 400; cut += 7) {
        disk.bytes().assign(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(cut));
        auto file = log_file::open(disk.open());
        ASSERT_TRUE(file);
        reading all = read_on(**file);
        ASSERT_FALSE(all.problem);
        ASSERT_TRUE((*file)->begin_session());
        all.frames.push_back({frame_kind::session, 30, payload_of(cut, cut % 50)});
        all.frames.push_back({frame_kind::step, 31, payload_of(cut, cut % 90)});
        for (std::size_t i = all.frames.size() - 2; i < all.frames.size(); ++i)
            (*file)->put(all.frames[i].kind, all.frames[i].turn, all.frames[i].payload);
        ASSERT_TRUE((*file)->sync());
        ASSERT_EQ(read(disk).frames, all.frames);
    }
}

/// A session's frames that were never read are not taken for those of the one that wrote over them,
/// though they lie where its next frame would.
TEST(log_file, what_an_earlier_session_left_behind_does_not_come_back) {
    simulated_disk disk;
    write_log(disk, 3);
    const std::size_t end = disk.bytes().size();
    const auto session = payload_of(1, 40);
    {
        auto file = log_file::open(disk.open());
        read_on(**file);
        ASSERT_TRUE((*file)->begin_session());
        (*file)->put(frame_kind::session, 10, session);
        (*file)->put(frame_kind::step, 11, payload_of(2, 64));
        ASSERT_TRUE((*file)->sync());
    }
    disk.bytes()[end] ^= std::byte{1}; // its first frame is lost
    ASSERT_EQ(read(disk).frames.size(), 4u);
    auto file = log_file::open(disk.open());
    read_on(**file);
    ASSERT_TRUE((*file)->begin_session());
    (*file)->put(frame_kind::session, 10, session);
    ASSERT_TRUE((*file)->sync());
    const reading all = read(disk);
    EXPECT_FALSE(all.problem);
    EXPECT_EQ(all.frames.size(), 5u);
    EXPECT_EQ(all.frames.back().kind, frame_kind::session);
}

TEST(log_file, an_error_of_the_disk_is_told_and_ends_the_log) {
    for (const auto what : {simulated_disk::operation::write, simulated_disk::operation::sync}) {
        simulated_disk disk;
        auto file = log_file::make(disk.open(), identity);
        ASSERT_TRUE((*file)->begin_session());
        (*file)->put(frame_kind::session, 7, {});
        ASSERT_TRUE((*file)->sync());
        disk.fail_after(what, 0);
        (*file)->put(frame_kind::step, 8, payload_of(1, 2000));
        const auto failed = (*file)->sync();
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, kay::error_code::io);
        disk.stop_failing();
        (*file)->put(frame_kind::step, 9, {});
        EXPECT_FALSE((*file)->sync()); // the disk works, but what it did before nobody knows
        const reading all = read(disk);
        EXPECT_FALSE(all.problem);
        EXPECT_LE(all.frames.size(), 2u);
    }
}

TEST(log_file, says_what_is_no_log) {
    simulated_disk disk;
    EXPECT_TRUE(read(disk).problem);
    EXPECT_TRUE(*log_file::is_unused(*disk.open()));
    disk.bytes().assign(3000, std::byte{'x'});
    EXPECT_EQ(read(disk).problem->text, "this is no input log");
    EXPECT_FALSE(*log_file::is_unused(*disk.open()));
    disk.bytes().resize(100);
    EXPECT_FALSE(*log_file::is_unused(*disk.open()));
    write_log(disk, 3);
    EXPECT_FALSE(*log_file::is_unused(*disk.open()));
    disk.bytes()[8] ^= std::byte{3};
    disk.bytes()[8 + 512] ^= std::byte{3};
    EXPECT_EQ(read(disk).problem->text, "the header of this input log is damaged");
    disk.bytes().resize(1024);
    EXPECT_TRUE(*log_file::is_unused(*disk.open())); // it was cut off while it was made
}

} // namespace
