// SPDX-License-Identifier: MIT
//
// create/1M: a million actors, each spawned in its spawner's place; nanoseconds for each.
// churn/1M: each turn a tenth is told to die and as many are spawned; nanoseconds for each pair.
#include "workload.hpp"

namespace bench::life {

constexpr std::uint64_t count = 1'000'000;

struct Make {
    std::uint64_t count;
};
struct Maker {
    using messages = kay::messages<Make>;
    std::uint64_t made = 0;
    void on(const Make& m, kay::world& w) {
        for (std::uint64_t i = 0; i < m.count; ++i) w.spawn<State32>();
        made += m.count;
    }
};

void kay_create(benchmark::State& state) {
    std::uint64_t worlds = 0, made = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        {
            kay::actor_system system{
                {.places = places, .workers = static_cast<unsigned>(state.range(0))}};
            system.add<State32, Maker>();
            for (std::uint32_t i = 0; i < places; ++i) system.spawn<Maker>(kay::in_place{i});
            if (!system.turn()) return state.SkipWithError("the turn failed");
            system.send(kay::all<Maker>, Make{count / places});
            state.ResumeTiming();
            if (!system.turn()) return state.SkipWithError("the turn failed");
            state.PauseTiming();
            made += system.count<State32>();
            ++worlds;
            for (const auto& type : system.statistics().types)
                if (type.instances == count)
                    state.counters["bytes_beyond_state"] =
                        static_cast<double>(type.bytes) / count - sizeof(State32);
        }
        state.ResumeTiming();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(worlds * count));
    check(state, made, worlds * count);
}

void loop_create(benchmark::State& state) {
    std::uint64_t worlds = 0, made = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        std::vector<State32> all;
        for (std::uint64_t i = 0; i < count; ++i) all.push_back({});
        benchmark::DoNotOptimize(all.data());
        made += all.size();
        ++worlds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(worlds * count));
    check(state, made, worlds * count);
}

void kay_churn(benchmark::State& state) {
    auto system = make_world(count, static_cast<unsigned>(state.range(0)));
    std::vector<kay::id<State32>> alive;
    std::uint64_t pairs = 0, seed = 88172645463325252u;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        alive.clear();
        system.each<State32>([&](kay::id<State32> id, const State32&) { alive.push_back(id); });
        for (std::uint64_t i = 0; i < count / 10; ++i) {
            seed = next_value(seed);
            const std::uint64_t other = i + seed % (count - i);
            std::swap(alive[i], alive[other]);
            system.send(alive[i], Breed{});
            system.send(alive[i], Die{});
        }
        state.ResumeTiming();
        if (!system.turn()) return state.SkipWithError("the turn failed");
        pairs += count / 10;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(pairs));
    check(state, system.count<State32>(), count);
}

/// Swap-remove from a vector and push back: without ids that stay valid.
void loop_churn(benchmark::State& state) {
    std::vector<State32> all(count);
    std::vector<std::uint64_t> victims(count / 10);
    std::uint64_t pairs = 0, seed = 88172645463325252u;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        for (auto& v : victims) {
            seed = next_value(seed);
            v = seed % count;
        }
        state.ResumeTiming();
        for (const std::uint64_t v : victims) {
            all[v] = all.back();
            all.pop_back();
            all.push_back({});
        }
        pairs += victims.size();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(pairs));
    check(state, all.size(), count);
}

BENCHMARK(kay_create)->Name("create/1M/kay")->UseRealTime()->Args({1})->Args({2});
BENCHMARK(loop_create)->Name("create/1M/loop")->UseRealTime()->Args({1});
BENCHMARK(kay_churn)->Name("churn/1M/kay")->UseRealTime()->Args({1})->Args({2});
BENCHMARK(loop_churn)->Name("churn/1M/loop")->UseRealTime()->Args({1});

} // namespace bench::life
