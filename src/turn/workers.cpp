// SPDX-License-Identifier: MIT
#include "workers.hpp"

#include "float_mode.hpp"

#include <kay/core/assert.hpp>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kay::detail {
namespace {

/// About 20 microseconds: longer than the leader needs between two rounds, shorter than it takes to
/// be missed by somebody else.
constexpr int spins = 4000;

void relax() {
#if defined(__x86_64__)
    _mm_pause();
#else
    std::this_thread::yield();
#endif
}

constexpr std::uint64_t make_job(std::uint64_t number, std::uint64_t tasks) {
    return number << 32 | tasks << 16;
}
constexpr std::uint32_t number_of(std::uint64_t job) {
    return static_cast<std::uint32_t>(job >> 32);
}
constexpr std::uint32_t tasks_of(std::uint64_t job) { return (job >> 16) & 0xffff; }
constexpr std::uint32_t next_of(std::uint64_t job) { return job & 0xffff; }

} // namespace

workers::workers(std::uint32_t count) {
#if defined(__cpp_exceptions)
    try {
#endif
        for (std::uint32_t i = 1; i < count; ++i) threads_.emplace_back([this, i] { loop(i); });
#if defined(__cpp_exceptions)
    } catch (...) { // the machine gives no more threads: end those that it gave
        stop();
        throw;
    }
#endif
}

workers::~workers() { stop(); }

void workers::stop() {
    stop_.store(true);
    job_.fetch_add(std::uint64_t{1} << 32);
    job_.notify_all();
    for (std::thread& t : threads_) t.join();
}

void workers::run_job(std::uint32_t tasks) {
    KAY_ASSERT(tasks <= tasks_max);
    if (threads_.empty() || tasks <= 1) {
        for (std::uint32_t i = 0; i < tasks; ++i) function_(context_, i, 0);
        return;
    }
    done_.store(0, std::memory_order_relaxed); // partner: the release of job_ below
    const std::uint32_t number = number_of(job_.load(std::memory_order_relaxed)) + 1;
    // Sequentially consistent, as are parked_ and the check in loop: either this sees a worker
    // parked, or that worker sees this job.
    job_.store(make_job(number, tasks));
    if (parked_.load() > 0) job_.notify_all();
    work(0);
    for (int i = 0; done_.load(std::memory_order_acquire) < tasks; ++i) { // partner: done_ in work
        if (i < spins)
            relax();
        else
            std::this_thread::yield();
    }
}

void workers::work(std::uint32_t worker) {
    job_word job = job_.load(std::memory_order_acquire); // partner: the store in run_job
    while (next_of(job) < tasks_of(job)) {
        if (!job_.compare_exchange_weak(job, job + 1, std::memory_order_acq_rel,
                                        std::memory_order_acquire))
            continue;
        function_(context_, next_of(job), worker);
        done_.fetch_add(1, std::memory_order_release); // partner: the wait in run_job
        job = job_.load(std::memory_order_acquire);
    }
}

void workers::loop(std::uint32_t worker) {
    const float_mode mode;
    job_word seen = 0;
    for (;;) {
        job_word job = job_.load();
        for (int i = 0; number_of(job) == number_of(seen) && i < spins; ++i) {
            relax();
            job = job_.load(std::memory_order_acquire); // partner: the store in run_job
        }
        if (number_of(job) == number_of(seen)) {
            parked_.fetch_add(1);
            for (job = job_.load(); number_of(job) == number_of(seen); job = job_.load())
                job_.wait(job);
            parked_.fetch_sub(1);
        }
        if (stop_.load()) return;
        seen = job;
        work(worker);
    }
}

} // namespace kay::detail
