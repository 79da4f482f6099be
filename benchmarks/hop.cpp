// SPDX-License-Identifier: MIT
//
// hop/N: N actors, N messages under way; each updates its recipient and goes on to a random actor.
// statistics/hop: hop/100k while messages and time are counted by type.
// Nanoseconds for each message.
#include "workload.hpp"

namespace bench {

namespace {
std::uint64_t actors = 1;
} // namespace

void State32::on(const Hop& m, kay::world& w) {
    x += 1;
    ticks += m.from;
    if (m.hops == 0) return;
    const std::uint64_t value = next_value(m.value);
    w.send(nth<State32>((value >> 32) * actors >> 32), Hop{m.hops - 1, 1, value});
}

namespace {

/// Fewer where it takes seconds otherwise.
constexpr std::uint32_t hops_for(std::uint64_t count) { return count > 1'000'000 ? 10 : 50; }

/// What kay counted itself, while statistics were on.
std::uint64_t handled_in(const kay::actor_system& system) {
    std::uint64_t handled = 0;
    for (const auto& type : system.statistics().types)
        for (const auto& message : type.messages) handled += message.handled;
    return handled;
}

void hop(benchmark::State& state, bool statistics) {
    actors = static_cast<std::uint64_t>(state.range(0));
    const std::uint32_t hops = hops_for(actors);
    auto system = make_world(actors, static_cast<unsigned>(state.range(1)));
    system.set_statistics(statistics);
    std::uint64_t rounds = 0, seed = 88172645463325252u;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        for (std::uint64_t i = 0; i < actors; ++i) {
            seed = next_value(seed);
            system.send(nth<State32>(i), Hop{hops - 1, 1, seed});
        }
        state.ResumeTiming();
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * actors * hops));
    std::uint64_t ticks = 0;
    system.each<State32>([&](kay::id<State32>, const State32& s) { ticks += s.ticks; });
    check(state, ticks, rounds * actors * hops);
    if (handled_in(system) != (statistics ? rounds * actors * hops : 0))
        return state.SkipWithError("the statistics are wrong");
    // Messages under way included: chunks stay reserved between turns.
    state.counters["bytes_an_actor"] =
        static_cast<double>(system.statistics().bytes_reserved) / static_cast<double>(actors);
}

void kay_hop(benchmark::State& state) { hop(state, false); }
void kay_hop_with_statistics(benchmark::State& state) { hop(state, true); }

/// The least there is to do: an array of states, and two arrays of messages that are swapped.
void loop_hop(benchmark::State& state) {
    struct packet {
        std::uint64_t to;
        Hop hop;
    };
    const auto count = static_cast<std::uint64_t>(state.range(0));
    const std::uint32_t hops = hops_for(count);
    std::vector<State32> all(count);
    std::vector<packet> now(count), next(count);
    std::uint64_t rounds = 0, seed = 88172645463325252u;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        for (std::uint64_t i = 0; i < count; ++i) {
            seed = next_value(seed);
            now[i] = {i, {hops - 1, 1, seed}};
        }
        state.ResumeTiming();
        for (std::uint32_t h = 0; h < hops; ++h) {
            for (std::uint64_t i = 0; i < count; ++i) {
                const packet& p = now[i];
                State32& s = all[p.to];
                s.x += 1;
                s.ticks += p.hop.from;
                const std::uint64_t value = next_value(p.hop.value);
                next[i] = {(value >> 32) * count >> 32, {p.hop.hops - 1, 1, value}};
            }
            now.swap(next);
        }
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * count * hops));
    std::uint64_t ticks = 0;
    for (const State32& s : all) ticks += s.ticks;
    check(state, ticks, rounds * count * hops);
}

BENCHMARK(kay_hop)->Name("hop/1k/kay")->UseRealTime()->Args({1'000, 1});
BENCHMARK(loop_hop)->Name("hop/1k/loop")->UseRealTime()->Args({1'000, 1});
BENCHMARK(kay_hop)->Name("hop/100k/kay")->UseRealTime()->Args({100'000, 1})->Args({100'000, 2});
BENCHMARK(loop_hop)->Name("hop/100k/loop")->UseRealTime()->Args({100'000, 1});
BENCHMARK(kay_hop)->Name("hop/1M/kay")->UseRealTime()->Args({1'000'000, 1})->Args({1'000'000, 2});
BENCHMARK(loop_hop)->Name("hop/1M/loop")->UseRealTime()->Args({1'000'000, 1});
BENCHMARK(kay_hop)
    ->Name("hop/10M/kay")
    ->UseRealTime()
    ->Args({10'000'000, 1})
    ->Args({10'000'000, 2});
BENCHMARK(loop_hop)->Name("hop/10M/loop")->UseRealTime()->Args({10'000'000, 1});
BENCHMARK(kay_hop_with_statistics)
    ->Name("statistics/hop/kay")
    ->UseRealTime()
    ->Args({100'000, 1})
    ->Args({100'000, 2});

} // namespace
} // namespace bench
