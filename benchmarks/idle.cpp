// SPDX-License-Identifier: MIT
//
// idle/10M: of ten million actors a thousand exchange one message a turn; nanoseconds for each
// turn. What sleeps costs nothing but memory.
#include "workload.hpp"

namespace bench::idle {

constexpr std::uint64_t count = 10'000'000, awake = 1'000;

struct Nudge {
    std::uint64_t value;
};
/// 32 bytes. Each turn it is nudged by the one before it, and nudges the one after it next turn.
struct Sleeper {
    using messages = kay::messages<Nudge>;
    kay::id<Sleeper> next;
    std::uint64_t nudged = 0;
    std::uint64_t unused[2] = {};
    void on(const Nudge& m, kay::world& w) {
        ++nudged;
        w.after(kay::turns{1}, next, Nudge{m.value + 1});
    }
};

void kay_idle(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(1))}};
    system.add<Sleeper>();
    // The next one is far away, in memory and mostly in place.
    constexpr std::uint64_t stride = 7'777'777;
    for (std::uint64_t i = 0; i < count; ++i)
        system.spawn<Sleeper>(Sleeper{nth<Sleeper>((i + stride) % count)});
    for (std::uint64_t i = 0; i < awake; ++i)
        system.send(nth<Sleeper>(i * (count / awake)), Nudge{0});
    std::uint64_t turns = 0;
    for (int warm = 0; warm < 100; ++warm, ++turns)
        if (!system.turn()) return state.SkipWithError("the turn failed");
    for (auto unused : state) {
        static_cast<void>(unused);
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++turns;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    std::uint64_t nudged = 0;
    system.each<Sleeper>([&](kay::id<Sleeper>, const Sleeper& s) { nudged += s.nudged; });
    check(state, nudged, turns * awake);
}

BENCHMARK(kay_idle)
    ->Name("idle/10M/kay")
    ->UseRealTime()
    ->Args({10'000'000, 1})
    ->Args({10'000'000, 2});

} // namespace bench::idle
