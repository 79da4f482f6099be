// SPDX-License-Identifier: MIT
//
// The file of an input log: a header, then frames one after the other, each with a checksum that is
// seeded with the file's number and the frame's position, so that torn, stale and misplaced ones
// are noticed. The layout is in docs/formats/log.md.
//
// A frame says up to where the file was durable when it was written. So what is found after a frame
// that is not whole tells two things apart: nothing, or frames of the same unfinished write, is how
// a file ends whose program or machine was stopped; a frame that counts on the damaged one is
// corruption. (Frames of inputs do not count: nothing was done with them without the step.)
//
// One thread at a time.
#pragma once

#include "disk.hpp"

#include <kay/core/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace kay::detail {

/// The world that a log is of, and the turn that it starts after.
struct log_identity {
    std::uint32_t places = 0;
    std::uint64_t seed = 0;
    std::int64_t step_ns = 0;
    std::uint64_t first_turn = 0;
};

enum class frame_kind : std::uint16_t {
    session = 1, ///< somebody began to record: what the world was then
    inputs,      ///< of the next step, of this turn; void if anything else follows
    step,        ///< a turn began or went on: the last of its inputs, and how
    quiet,       ///< the world has come as far as this turn; nothing entered since the last frame
};

struct log_frame {
    frame_kind kind{};
    std::uint64_t turn = 0;
    std::span<const std::byte> payload; ///< valid until the next one is read
    std::uint64_t durable = 0;          ///< up to where the file was durable when this was written
};

class log_file {
public:
    static constexpr std::size_t header_bytes = 1024; ///< two copies of a sector each
    static constexpr std::size_t frame_head_bytes = 48;
    static constexpr std::size_t payload_bytes_max = 0xfffffff8;

    /// A new log on an empty disk, or on one where making it was interrupted; durable when this
    /// returns.
    static result<std::unique_ptr<log_file>> make(std::unique_ptr<disk> below,
                                                  const log_identity& world);
    /// A log to be read. What it was is not looked at before read_next.
    static result<std::unique_ptr<log_file>> open(std::unique_ptr<disk> below);
    /// Nothing was ever made durable here: there is room for a new log.
    static result<bool> is_unused(disk& below);

    const log_identity& world() const { return world_; }

    // ---- reading

    /// From the first frame on, once more.
    result<void> rewind();
    /// The next frame; none: the log ends here. An error where it is damaged.
    result<std::optional<log_frame>> read_next();
    /// Behind the last frame that was read.
    std::uint64_t position() const { return end_; }
    /// Once the end was read: bytes after it that are no part of the log.
    std::uint64_t bytes_after_end() const { return size_ - end_; }
    /// Names this position in this file; neither zero nor `inside`.
    std::uint64_t name_of_end() const { return seed_at(end_) | 1; }
    /// Some position before the end.
    static constexpr std::uint64_t inside = 2;

    // ---- writing, once the end was read

    /// Goes on after the last whole frame, which is where whatever follows is written over. The
    /// first frame to put is a session.
    result<void> begin_session();
    void put(frame_kind kind, std::uint64_t turn, std::span<const std::byte> payload);
    std::size_t bytes_put() const { return unwritten_.size(); }
    /// Everything put is durable when this succeeds. After an error nothing is known of it; the log
    /// is not written to any more.
    result<void> sync();

private:
    explicit log_file(std::unique_ptr<disk> below) : disk_(std::move(below)) {}
    result<void> read_header();
    std::uint64_t seed_at(std::uint64_t position) const;
    struct frame_head;
    std::optional<frame_head> parse(std::uint64_t at, std::span<const std::byte> bytes) const;
    result<std::span<const std::byte>> window(std::uint64_t at, std::size_t bytes);
    result<std::optional<log_frame>> end_here();

    std::unique_ptr<disk> disk_;
    std::array<std::uint64_t, 2> uuid_{}; ///< made with the file; part of all checksums
    log_identity world_;
    std::uint64_t end_ = 0; ///< of the last whole frame that was read, or put
    std::uint64_t durable_ = 0;
    std::uint64_t size_ = 0;    ///< of the file when it was opened
    std::uint32_t session_ = 0; ///< at random for each; zero: none yet
    std::uint32_t session_before_ = 0;
    std::optional<error> broken_; ///< what made writing stop
    std::vector<std::byte> unwritten_;
    std::vector<std::byte> window_; ///< bytes of the file from window_at_ on
    std::uint64_t window_at_ = 0;
};

} // namespace kay::detail
