// SPDX-License-Identifier: MIT
#include "log_writer.hpp"

#include <kay/core/log.hpp>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace kay::detail {
namespace {

constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

template <class F>
result<void> without_memory_an_error(F&& f) {
#if defined(__cpp_exceptions)
    try {
        return f();
    } catch (const std::bad_alloc&) {
        return error{error_code::out_of_memory, "out of memory: the input log ends here"};
    }
#else
    return f();
#endif
}

} // namespace

log_writer::log_writer(std::unique_ptr<log_file> file, std::uint64_t turn,
                       const log_writer_options& options)
    : file_(std::move(file)), options_(options), ended_(turn), written_turn_(turn),
      unwritten_turn_(none), acknowledged_(turn), thread_([this] { run(); }) {}

log_writer::~log_writer() { static_cast<void>(close()); }

// ---- the thread that drives the system

void log_writer::put(frame_kind kind, std::uint64_t turn, std::span<const std::byte> payload) {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] {
        return problem_ || bytes_.empty() ||
               bytes_.size() + payload.size() <= options_.waiting_bytes_max;
    });
    if (problem_ || closes_) return;
    bytes_.insert(bytes_.end(), payload.begin(), payload.end());
    records_.push_back({kind, turn, payload.size()});
    if (unwritten_turn_ == none) unwritten_turn_ = turn;
    if (kind == frame_kind::step) begun_ = turn;
    dozes_ = false;
    work_.notify_one();
}

void log_writer::end_turn(std::uint64_t turn) {
    const std::scoped_lock lock(mutex_);
    if (problem_ || closes_) return;
    ended_ = turn;
    acknowledge();
    if (std::exchange(dozes_, false)) work_.notify_one();
}

std::optional<error> log_writer::problem() const {
    const std::scoped_lock lock(mutex_);
    return problem_;
}

void log_writer::give_up(const error& why) {
    std::unique_lock lock(mutex_);
    end_with(why, lock);
}

result<void> log_writer::sync() {
    std::unique_lock lock(mutex_);
    const std::uint64_t wanted = ended_;
    is_hurried_ = true;
    dozes_ = false;
    work_.notify_one();
    done_.wait(lock, [&] {
        return problem_ ||
               (acknowledged_.load(std::memory_order_relaxed) >= wanted && unwritten_turn_ == none);
    });
    if (problem_) return *problem_;
    return {};
}

void log_writer::await(std::uint64_t turn) {
    std::unique_lock lock(mutex_);
    is_hurried_ = true;
    dozes_ = false;
    work_.notify_one();
    done_.wait(lock,
               [&] { return problem_ || acknowledged_.load(std::memory_order_relaxed) >= turn; });
}

result<void> log_writer::close() {
    {
        const std::scoped_lock lock(mutex_);
        closes_ = true;
        work_.notify_one();
    }
    if (thread_.joinable()) {
        thread_.join();
        name_of_end_ = file_->name_of_end();
        file_.reset(); // others may write to it now
    }
    if (problem_) return *problem_;
    return {};
}

/// Whoever reads the line may ask for the problem: so it is written without the lock.
void log_writer::end_with(const error& why, std::unique_lock<std::mutex>& lock) {
    if (problem_) return;
    problem_ = why;
    const std::uint64_t turn = ended_;
    lock.unlock();
    write_log(log_level::error, turn, {}, {}, why.text);
    lock.lock();
    work_.notify_one();
    done_.notify_all();
}

// ---- the thread that writes

void log_writer::run() {
    std::unique_lock lock(mutex_);
    while (!problem_) {
        const auto is_urgent = [&] {
            return problem_ || closes_ || is_hurried_ || !records_.empty();
        };
        dozes_ = !has_work();
        if (dozes_) work_.wait(lock, [&] { return is_urgent() || has_work(); });
        work_.wait_for(lock, options_.quiet_interval, is_urgent);
        dozes_ = false;
        if (problem_) break;
        const bool closes = closes_;
        is_hurried_ = false;
        write_waiting(lock);
        done_.notify_all();
        if (closes && records_.empty()) break;
    }
}

/// One write and one sync for all that waits.
void log_writer::write_waiting(std::unique_lock<std::mutex>& lock) {
    if (!has_work() && !closes_) return; // whoever hurried had all
    const std::vector<waiting> records = std::exchange(records_, {});
    const std::vector<std::byte> bytes = std::exchange(bytes_, {});
    const std::uint64_t ended = ended_;
    const std::uint64_t last = records.empty() ? written_turn_ : records.back().turn;
    const bool closes = closes_;
    const std::uint64_t begun = begun_;
    const auto write = [&]() -> result<void> {
        std::size_t at = 0;
        for (const waiting& r : records) {
            file_->put(r.kind, r.turn, std::span(bytes).subspan(at, r.bytes));
            at += r.bytes;
        }
        if (ended > last) file_->put(frame_kind::quiet, ended, {});
        if (auto durable = file_->sync(); !durable || !closes) return durable;
        // Counts on all before it, so that damage to them is noticed. A turn that has stopped in
        // the middle has begun and not ended.
        file_->put(frame_kind::quiet, std::max(ended, begun), {});
        return file_->sync();
    };
    lock.unlock();
    const auto written = without_memory_an_error(write);
    lock.lock();
    if (!written) return end_with(written.error(), lock);
    written_turn_ = std::max(ended, last);
    unwritten_turn_ = records_.empty() ? none : records_.front().turn;
    acknowledge();
}

void log_writer::acknowledge() {
    const std::uint64_t durable =
        unwritten_turn_ == none ? written_turn_ : std::min(written_turn_, unwritten_turn_ - 1);
    const std::uint64_t turn = std::min(ended_, durable);
    if (turn > acknowledged_.load(std::memory_order_relaxed))
        acknowledged_.store(turn, std::memory_order_relaxed);
}

} // namespace kay::detail
