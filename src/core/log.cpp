// SPDX-License-Identifier: MIT
#include <kay/core/log.hpp>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <utility>

namespace kay {
namespace {

std::atomic<log_level> level_now{log_level::warning};
std::mutex sink_mutex;
log_sink sink_now; // empty: the usual one

constexpr std::string_view names[] = {"trace", "debug", "info", "warning", "error", "off"};

} // namespace

std::string to_string(const log_record& record) {
    std::string line = "[turn " + std::to_string(record.turn);
    if (!record.actor_type.empty()) line.append(" ").append(record.actor_type);
    if (!record.actor.empty()) line.append(" ").append(record.actor);
    line.append("] ").append(names[static_cast<std::size_t>(record.level)]).append(": ");
    return line.append(record.text);
}

log_sink set_log_sink(log_sink sink) {
    const std::lock_guard lock(sink_mutex);
    return std::exchange(sink_now, std::move(sink));
}

// Relaxed: a filter; nothing is reached through it.
void set_log_level(log_level lowest) noexcept {
    level_now.store(lowest, std::memory_order_relaxed);
}

bool log_enabled(log_level level) noexcept {
    return level >= level_now.load(std::memory_order_relaxed);
}

void write_log(log_level level, std::uint64_t turn, std::string_view actor_type,
               std::string_view actor, std::string_view text) noexcept {
    if (!log_enabled(level)) return;
    const log_record record{level, turn, actor_type, actor, text};
#if defined(__cpp_exceptions)
    try {
#endif
        const std::lock_guard lock(sink_mutex);
        if (sink_now)
            sink_now(record);
        else
            std::fprintf(stderr, "kay: %s\n", to_string(record).c_str());
#if defined(__cpp_exceptions)
        // NOLINTNEXTLINE(bugprone-empty-catch): a log never breaks what it is about
    } catch (...) {}
#endif
}

struct log_capture::state {
    mutable std::mutex mutex;
    std::vector<std::string> lines;
    log_sink sink_before;
    log_level level_before = log_level::warning;
};

log_capture::log_capture(log_level lowest) : state_(new state) {
    state_->level_before = level_now.exchange(lowest);
    state_->sink_before = set_log_sink([s = state_](const log_record& record) {
        const std::lock_guard lock(s->mutex);
        s->lines.push_back(to_string(record));
    });
}

log_capture::~log_capture() {
    set_log_sink(std::move(state_->sink_before));
    level_now.store(state_->level_before);
    delete state_;
}

std::vector<std::string> log_capture::lines() const {
    const std::lock_guard lock(state_->mutex);
    return state_->lines;
}

} // namespace kay
