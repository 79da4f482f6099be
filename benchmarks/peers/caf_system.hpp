// SPDX-License-Identifier: MIT
//
// What all of CAF's programs share: an actor system with so many workers, and how the thread that
// waits for them learns that they are done. Written for CAF 0.17.
//
// Messages are structs, as they never leave the process; actors are classes, typed dynamically
// (CAF dispatches typed actors in the same way when they run).
#pragma once

#include "../workload.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

namespace bench::peers {

/// Declared before the handles of its actors: an actor ends when there is no handle to it any more,
/// and the system waits for that. So actors keep references to handles, never handles of each
/// other.
struct caf_system {
    struct config : caf::actor_system_config {
        explicit config(unsigned workers) { set("scheduler.max-threads", workers); }
    };

    explicit caf_system(std::int64_t worker_count)
        : workers(worker_count), options(static_cast<unsigned>(worker_count)), system(options) {}

    std::int64_t workers;
    config options;
    caf::actor_system system;
};

/// Counts what is done: each worker in a cache line of its own, without contention, so that it
/// costs CAF next to nothing. The waiting thread sleeps and adds up.
class tally {
public:
    void add(std::uint64_t count) {
        line& mine = lines_[own_line()];
        // Partner: sum. What the worker did before is seen by who sees the count.
        mine.count.store(mine.count.load(std::memory_order_relaxed) + count,
                         std::memory_order_release);
    }

    /// Waits for so many more than at the last wait. False when nothing is done for a minute: then
    /// messages were lost, and nothing runs any more.
    [[nodiscard]] bool wait_for(std::uint64_t count) {
        using namespace std::chrono_literals;
        awaited_ += count;
        std::uint64_t last = sum();
        for (auto moved = clock::now(); last != awaited_;) {
            std::this_thread::sleep_for(100us);
            const std::uint64_t now = sum();
            if (now != last) moved = clock::now();
            if (clock::now() - moved > 60s) return false;
            last = now;
        }
        return true;
    }

private:
    using clock = std::chrono::steady_clock;

    /// More lines than there are workers at a time, given out in turn.
    static constexpr std::size_t line_count = 8;
    struct alignas(64) line {
        std::atomic<std::uint64_t> count{0};
    };

    static std::size_t own_line() {
        static std::atomic<std::size_t> threads{0};
        thread_local const std::size_t mine =
            threads.fetch_add(1, std::memory_order_relaxed) % line_count; // a number, no more
        return mine;
    }
    std::uint64_t sum() const {
        std::uint64_t all = 0;
        for (const line& l : lines_) all += l.count.load(std::memory_order_acquire); // partner: add
        return all;
    }

    std::array<line, line_count> lines_;
    std::uint64_t awaited_ = 0;
};

/// Holds all workers while a round's first messages are sent, so that these are not measured: with
/// kay they are sent between turns. Has to live until the round is over.
class standstill {
public:
    standstill(caf::actor_system& system, std::int64_t workers) : arrived_(workers) {
        for (std::int64_t i = 0; i < workers; ++i)
            system.spawn([this] {
                arrived_.count_down();
                go_.wait();
            });
        arrived_.wait();
    }
    void end() { go_.count_down(); }

private:
    std::latch arrived_;
    std::latch go_{1};
};

/// Rounds, each begun by send_first() while all workers are held, and over when so many things are
/// done. The first one is not measured. Returns how many there were; 0, and the benchmark has its
/// error, where nothing moves any more.
template <class SendFirst>
[[nodiscard]] std::uint64_t run_rounds(benchmark::State& state, caf_system& caf, tally& progress,
                                       std::uint64_t done_each, SendFirst&& send_first) {
    std::optional<standstill> still;
    const auto begin = [&] {
        still.emplace(caf.system, caf.workers);
        send_first();
    };
    const auto finish = [&] {
        still->end();
        return progress.wait_for(done_each);
    };
    begin();
    if (!finish()) return state.SkipWithError("the actors stand still"), 0;
    std::uint64_t rounds = 1;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        begin();
        state.ResumeTiming();
        if (!finish()) return state.SkipWithError("the actors stand still"), 0;
        ++rounds;
    }
    return rounds;
}

/// The actor behind a handle, to read what it holds while nothing runs.
template <class Actor>
const Actor& look_at(const caf::actor& handle) {
    return *static_cast<const Actor*>(caf::actor_cast<caf::abstract_actor*>(handle));
}

} // namespace bench::peers
