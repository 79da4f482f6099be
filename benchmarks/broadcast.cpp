// SPDX-License-Identifier: MIT
//
// broadcast/N: one Tick to N actors of 32 bytes; nanoseconds for each instance.
// broadcast_vector/1M: the same to actors with a kay::vector of 8 floats, which they add up.
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

/// A count, and 8 floats in the same block.
struct Summer {
    using messages = kay::messages<Tick>;
    float sum = 0;
    std::uint32_t ticks = 0;
    kay::vector<float> values;

    void on(const Tick& m, kay::world&) {
        float all = 0;
        for (const float v : values) all += v;
        sum += all * m.dt;
        ++ticks;
    }
};

void kay_broadcast_vector(benchmark::State& state) {
    const auto count = static_cast<std::uint64_t>(state.range(0));
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(1))}};
    system.add<Summer>();
    for (std::uint64_t i = 0; i < count; ++i) {
        Summer s;
        for (int k = 0; k < 8; ++k) s.values.push_back(1);
        system.spawn<Summer>(std::move(s));
    }
    if (!system.turn()) return state.SkipWithError("the world could not be made");
    std::uint64_t sent = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::all<Summer>, Tick{dt});
        ++sent;
        if (!system.turn()) return state.SkipWithError("the turn failed");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sent * count));
    std::uint64_t ticks = 0;
    bool right = true;
    const float expected = static_cast<float>(sent); // of eight eighths each time
    system.each<Summer>([&](kay::id<Summer>, const Summer& s) {
        ticks += s.ticks;
        right = right && s.sum == expected;
    });
    check(state, right ? ticks : 0, sent * count);
}

/// An array of structs, each with its 8 floats in it.
void loop_broadcast_vector(benchmark::State& state) {
    struct summer {
        float sum = 0;
        std::uint32_t ticks = 0;
        std::uint64_t size = 8;
        float values[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    };
    std::vector<summer> all(static_cast<std::size_t>(state.range(0)));
    std::uint64_t sent = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        ++sent;
        for (summer& s : all) {
            summer* p = &s;
            asm volatile("" : "+r"(p)); // not vectorised across instances
            float sum = 0;
            for (std::uint64_t i = 0; i < p->size; ++i) sum += p->values[i];
            p->sum += sum * dt;
            ++p->ticks;
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sent * all.size()));
    std::uint64_t ticks = 0;
    for (const summer& s : all) ticks += s.ticks;
    check(state, ticks, sent * all.size());
}

BENCHMARK(kay_broadcast)
    ->Name("broadcast/1M/kay")
    ->UseRealTime()
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 2});
BENCHMARK(loop_broadcast)->Name("broadcast/1M/loop")->UseRealTime()->Args({1'000'000, 1});
BENCHMARK(kay_broadcast)
    ->Name("broadcast/10M/kay")
    ->UseRealTime()
    ->Args({10'000'000, 1})
    ->Args({10'000'000, 2});
BENCHMARK(loop_broadcast)->Name("broadcast/10M/loop")->UseRealTime()->Args({10'000'000, 1});
BENCHMARK(kay_broadcast_vector)
    ->Name("broadcast_vector/1M/kay")
    ->UseRealTime()
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 2});
BENCHMARK(loop_broadcast_vector)
    ->Name("broadcast_vector/1M/loop")
    ->UseRealTime()
    ->Args({1'000'000, 1});

} // namespace bench::broadcast
