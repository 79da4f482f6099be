// SPDX-License-Identifier: MIT
//
// count/P: P actors burst a million messages of 16 bytes in all to one that adds them up.
// Nanoseconds for each message, sent and handled.
#include "workload.hpp"

namespace bench::count {

constexpr std::uint64_t messages = 1'000'000;

struct Value {
    std::uint64_t value;
    std::uint64_t unused;
};
struct Burst {
    std::uint64_t count;
};
struct Sum {
    using messages = kay::messages<Value>;
    std::uint64_t sum = 0;
    void on(const Value& m, kay::world&) { sum += m.value; }
};
struct Burster {
    using messages = kay::messages<Burst>;
    kay::id<Sum> to;
    void on(const Burst& m, kay::world& w) {
        for (std::uint64_t i = 0; i < m.count; ++i) w.send(to, Value{i, 0});
    }
};

constexpr std::uint64_t sum_of(std::uint64_t count) { return count * (count - 1) / 2; }

void kay_count(benchmark::State& state) {
    const auto senders = static_cast<std::uint64_t>(state.range(0));
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(1))}};
    system.add<Sum, Burster>();
    const auto sum = system.spawn<Sum>(kay::in_place{0});
    for (std::uint64_t i = 0; i < senders; ++i) system.spawn<Burster>(Burster{sum});
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t bursts = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::all<Burster>, Burst{messages / senders});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++bursts;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(bursts * messages));
    check(state, system.find(sum)->sum, bursts * senders * sum_of(messages / senders));
}

/// A vector that is filled and then read.
void loop_count(benchmark::State& state) {
    struct packet {
        std::uint64_t to;
        Value value;
    };
    std::vector<packet> queue;
    std::vector<Sum> sums(1);
    std::uint64_t bursts = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        queue.clear();
        for (std::uint64_t i = 0; i < messages; ++i) queue.push_back({0, {i, 0}});
        for (const packet& p : queue) sums[p.to].sum += p.value.value;
        ++bursts;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(bursts * messages));
    check(state, sums[0].sum, bursts * sum_of(messages));
}

BENCHMARK(kay_count)->Name("count/1/kay")->UseRealTime()->Args({1, 1})->Args({1, 2});
BENCHMARK(loop_count)->Name("count/1/loop")->UseRealTime()->Args({1, 1});
BENCHMARK(kay_count)->Name("count/8/kay")->UseRealTime()->Args({8, 1})->Args({8, 2});

} // namespace bench::count
