// SPDX-License-Identifier: MIT
//
// broadcast/N: one Tick to N actors of 32 bytes; nanoseconds for each instance.
#include "workload.hpp"

namespace bench::broadcast {

constexpr float dt = 0.125f;

void kay_broadcast(benchmark::State& state) {
    const auto count = static_cast<std::uint64_t>(state.range(0));
    auto system = make_world(count, static_cast<unsigned>(state.range(1)));
    std::uint64_t sent = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::all<State32>, Tick{dt});
        ++sent;
        if (!system.turn()) return state.SkipWithError("the turn failed");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sent * count));
    std::uint64_t ticks = 0;
    system.each<State32>([&](kay::id<State32>, const State32& s) { ticks += s.ticks; });
    check(state, ticks, sent * count);
}

void loop_broadcast(benchmark::State& state) {
    std::vector<State32> all(static_cast<std::size_t>(state.range(0)));
    std::uint64_t sent = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        ++sent;
        for (State32& s : all) {
            State32* p = &s;
            asm volatile("" : "+r"(p)); // the fastest loop: not vectorised across instances
            p->move(dt);
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sent * all.size()));
    std::uint64_t ticks = 0;
    for (const State32& s : all) ticks += s.ticks;
    check(state, ticks, sent * all.size());
}

BENCHMARK(kay_broadcast)->Name("broadcast/1M/kay")->Args({1'000'000, 1})->Args({1'000'000, 2});
BENCHMARK(loop_broadcast)->Name("broadcast/1M/loop")->Args({1'000'000, 1});
BENCHMARK(kay_broadcast)->Name("broadcast/10M/kay")->Args({10'000'000, 1})->Args({10'000'000, 2});
BENCHMARK(loop_broadcast)->Name("broadcast/10M/loop")->Args({10'000'000, 1});

} // namespace bench::broadcast
