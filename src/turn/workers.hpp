// SPDX-License-Identifier: MIT
//
// The threads that run places. One job at a time: a number of tasks and a function; the calling
// thread works too and returns when all tasks are done. Who waits for work spins for a short while
// and then parks.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace kay::detail {

class workers {
public:
    static constexpr std::uint32_t tasks_max = 0xffff;

    /// `count` includes the calling thread.
    explicit workers(std::uint32_t count);
    ~workers();
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    std::uint32_t count() const { return static_cast<std::uint32_t>(threads_.size()) + 1; }

    /// Calls f(task, worker) once for each task below `tasks`, in order of start; workers are
    /// numbered from 0, the calling thread. f must not throw. Not reentrant.
    template <class F>
    void run(std::uint32_t tasks, F&& f) {
        function_ = [](void* context, std::uint32_t task, std::uint32_t worker) {
            (*static_cast<std::remove_reference_t<F>*>(context))(task, worker);
        };
        context_ = const_cast<void*>(static_cast<const void*>(&f));
        run_job(tasks);
    }

private:
    /// Number of the job 32 bits, tasks 16, next task 16: one word, so that a late worker cannot
    /// take a task of a job that it did not see.
    using job_word = std::uint64_t;

    void stop();
    void run_job(std::uint32_t tasks);
    void work(std::uint32_t worker);
    void loop(std::uint32_t worker);

    void (*function_)(void*, std::uint32_t, std::uint32_t) = nullptr;
    void* context_ = nullptr;
    alignas(64) std::atomic<job_word> job_{0};
    alignas(64) std::atomic<std::uint32_t> done_{0}; ///< tasks of this job that are finished
    alignas(64) std::atomic<std::uint32_t> parked_{0};
    std::atomic<bool> stop_{false};
    std::vector<std::thread> threads_;
};

} // namespace kay::detail
