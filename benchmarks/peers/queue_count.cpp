// SPDX-License-Identifier: MIT
//
// count/P by queues: P producers put a million messages of 16 bytes in all into one queue, from
// which they are added up. By one thread, producers first, or by one for the producers and another
// for the sum. Nanoseconds for each message, put in and taken out.
#include "queues.hpp"

#include <deque>

namespace bench::peers::queue_count {

constexpr std::uint64_t messages = 1'000'000;

template <class Queue>
void count(benchmark::State& state) {
    const auto producers = static_cast<std::uint64_t>(state.range(0));
    const bool two_threads = state.range(1) == 2;
    Queue queue;
    std::deque<typename Queue::writer> writers;
    for (std::uint64_t i = 0; i < producers; ++i) writers.emplace_back(queue);
    std::array<std::uint64_t, 1> sums{};
    const auto produce = [&] {
        for (auto& w : writers) {
            for (std::uint64_t i = 0; i < messages / producers; ++i) w.push({0, i, 0});
            w.flush();
        }
    };
    const auto consume = [&] {
        for (std::uint64_t left = messages; left > 0;)
            left -= queue.drain([&](const packet& p) { sums[p.to] += p.value; });
    };
    const auto round = [&] {
        if (two_threads) {
            std::jthread other(produce);
            consume();
        } else {
            produce();
            consume();
        }
    };
    round(); // so that the queue has its memory
    std::uint64_t bursts = 1;
    for (auto unused : state) {
        static_cast<void>(unused);
        round();
        ++bursts;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>((bursts - 1) * messages));
    const std::uint64_t each = messages / producers;
    check(state, sums[0], bursts * producers * (each * (each - 1) / 2));
}

void threads(benchmark::internal::Benchmark* b, std::int64_t producers) {
    b->Args({producers, 1})->Args({producers, 2})->UseRealTime();
}
void one(benchmark::internal::Benchmark* b) { threads(b, 1); }
void eight(benchmark::internal::Benchmark* b) { threads(b, 8); }

BENCHMARK(count<moodycamel_queue>)->Name("count/1/moodycamel")->Apply(one);
BENCHMARK(count<moodycamel_bulk_queue>)->Name("count/1/moodycamel_bulk")->Apply(one);
BENCHMARK(count<lockfree_queue>)->Name("count/1/lockfree")->Apply(one);
BENCHMARK(count<lockfree_spsc_queue>)->Name("count/1/lockfree_spsc")->Apply(one);
BENCHMARK(count<moodycamel_queue>)->Name("count/8/moodycamel")->Apply(eight);
BENCHMARK(count<moodycamel_bulk_queue>)->Name("count/8/moodycamel_bulk")->Apply(eight);
BENCHMARK(count<lockfree_queue>)->Name("count/8/lockfree")->Apply(eight);

} // namespace bench::peers::queue_count
