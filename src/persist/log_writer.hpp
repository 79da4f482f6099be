// SPDX-License-Identifier: MIT
//
// Writes an input log on a thread of its own, so that turns do not wait for the disk: what came in
// while it synced goes into the next write. It knows which turns have ended, and which of them are
// acknowledged: all that they took in is durable.
//
// put and end_turn are for the thread that drives the system; all else is for any.
#pragma once

#include "log_file.hpp"

#include <kay/core/result.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace kay::detail {

struct log_writer_options {
    /// How often it is written down how far the world went while nothing enters from outside.
    std::chrono::milliseconds quiet_interval{100};
    /// Records that wait for the disk; beyond that put waits too.
    std::size_t waiting_bytes_max = std::size_t{256} << 20;
};

class log_writer {
public:
    /// The log's session has begun and is durable; `turn` is the last one that ended. Throws
    /// std::system_error where there is no thread.
    log_writer(std::unique_ptr<log_file> file, std::uint64_t turn,
               const log_writer_options& options);
    /// As close.
    ~log_writer();
    log_writer(const log_writer&) = delete;
    log_writer& operator=(const log_writer&) = delete;

    /// A frame of inputs, or a step of a turn.
    void put(frame_kind kind, std::uint64_t turn, std::span<const std::byte> payload);
    void end_turn(std::uint64_t turn);

    /// The last turn that has ended and whose records are durable, as all before it are.
    std::uint64_t acknowledged_turn() const {
        return acknowledged_.load(
            std::memory_order_relaxed); // a number that says nothing of others
    }
    /// Why nothing is written any more, if so.
    std::optional<error> problem() const;
    /// Nothing more is written, for a reason outside of the disk.
    void give_up(const error& why);
    /// Waits until all turns that have ended are acknowledged, or cannot be.
    result<void> sync();
    /// Waits until a turn that has ended is acknowledged, or cannot be.
    void await(std::uint64_t turn);
    /// That, and a last frame. The thread ends.
    result<void> close();
    /// Of the file, after close.
    std::uint64_t name_of_end() const { return name_of_end_; }

private:
    struct waiting {
        frame_kind kind;
        std::uint64_t turn;
        std::size_t bytes;
    };

    void run();
    void write_waiting(std::unique_lock<std::mutex>& lock);
    void end_with(const error& why, std::unique_lock<std::mutex>& lock);
    void acknowledge();
    bool has_work() const { return !records_.empty() || ended_ > written_turn_; }

    std::unique_ptr<log_file> file_; ///< of the thread; null after close
    std::uint64_t name_of_end_ = 0;
    const log_writer_options options_;
    mutable std::mutex mutex_;
    std::condition_variable work_; ///< for the thread
    std::condition_variable done_; ///< for those who wait for it
    // All below is the mutex's.
    std::vector<waiting> records_; ///< their bytes lie in bytes_, one after the other
    std::vector<std::byte> bytes_;
    std::uint64_t ended_;          ///< the last turn that ended
    std::uint64_t written_turn_;   ///< of the last frame that is durable
    std::uint64_t begun_ = 0;      ///< the last turn of which a step was put
    std::uint64_t unwritten_turn_; ///< of the first record that is not; the greatest number: none
    bool dozes_ = false;           ///< the thread waits without a time limit
    bool is_hurried_ = false;      ///< somebody waits in sync
    bool closes_ = false;
    std::optional<error> problem_;
    std::atomic<std::uint64_t> acknowledged_;
    std::thread thread_;
};

} // namespace kay::detail
