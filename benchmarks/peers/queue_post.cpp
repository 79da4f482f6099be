// SPDX-License-Identifier: MIT
//
// post/P by queues: P threads post messages of 16 bytes, and whom they are for, into a queue that
// another thread drains meanwhile. Nanoseconds of processor time that a poster spends for each
// message; what the thread that drains costs is not counted.
#include "queues.hpp"

#include <ctime>
#include <deque>
#include <latch>
#include <vector>

namespace bench::peers::queue_post {

constexpr std::uint64_t messages = 1'000'000;

double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Queue>
void post(benchmark::State& state) {
    const auto posters = static_cast<std::uint64_t>(state.range(0));
    const std::uint64_t each = messages / posters;
    Queue queue;
    std::deque<typename Queue::writer> writers;
    for (std::uint64_t i = 0; i < posters; ++i) writers.emplace_back(queue);
    std::vector<std::uint64_t> sums(posters);

    /// Seconds of all posters together.
    const auto round = [&] {
        std::vector<double> seconds(posters);
        std::latch ready(static_cast<std::ptrdiff_t>(posters + 1));
        std::vector<std::jthread> threads;
        for (std::uint64_t p = 0; p < posters; ++p)
            threads.emplace_back([&, p] {
                ready.arrive_and_wait();
                const double begin = thread_seconds();
                for (std::uint64_t i = 0; i < each; ++i) writers[p].push({p, i, 0});
                writers[p].flush();
                seconds[p] = thread_seconds() - begin;
            });
        ready.arrive_and_wait();
        for (std::uint64_t left = posters * each; left > 0;)
            left -= queue.drain([&](const packet& p) { sums[p.to] += p.value; });
        threads.clear();
        double all = 0;
        for (const double s : seconds) all += s;
        return all;
    };
    round(); // so that the queue has its memory
    std::uint64_t rounds = 1;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.SetIterationTime(round());
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>((rounds - 1) * posters * each));
    std::uint64_t sum = 0;
    for (const std::uint64_t s : sums) sum += s;
    check(state, sum, rounds * posters * (each * (each - 1) / 2));
}

// The second argument is the number of threads.
BENCHMARK(post<moodycamel_queue>)->Name("post/1/moodycamel")->Args({1, 2})->UseManualTime();
BENCHMARK(post<moodycamel_bulk_queue>)
    ->Name("post/1/moodycamel_bulk")
    ->Args({1, 2})
    ->UseManualTime();
BENCHMARK(post<lockfree_queue>)->Name("post/1/lockfree")->Args({1, 2})->UseManualTime();
BENCHMARK(post<lockfree_spsc_queue>)->Name("post/1/lockfree_spsc")->Args({1, 2})->UseManualTime();
BENCHMARK(post<moodycamel_queue>)->Name("post/2/moodycamel")->Args({2, 3})->UseManualTime();
BENCHMARK(post<moodycamel_bulk_queue>)
    ->Name("post/2/moodycamel_bulk")
    ->Args({2, 3})
    ->UseManualTime();
BENCHMARK(post<lockfree_queue>)->Name("post/2/lockfree")->Args({2, 3})->UseManualTime();

} // namespace bench::peers::queue_post
