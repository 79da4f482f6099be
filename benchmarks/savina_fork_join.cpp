// SPDX-License-Identifier: MIT
//
// savina/fork_join_create by kay: 40,000 actors, in the place of who makes them.
// savina/fork_join_throughput by kay: 60 actors, 10,000 messages to each.
#include "savina.hpp"

namespace bench::savina::fork_join {

struct Compute {};

/// Computes once and dies.
struct Fork {
    using messages = kay::messages<Compute>;
    void on(const Compute&, kay::world& w) {
        if (!compute()) w.fail("a square is negative");
        w.die();
    }
};

struct Worker {
    using messages = kay::messages<Compute>;
    std::uint64_t computed = 0;
    void on(const Compute&, kay::world& w) {
        if (!compute()) w.fail("a square is negative");
        ++computed;
    }
};

struct Crowd {
    kay::vector<kay::id<Worker>> workers;
};
struct Create {};
struct Flood {
    kay::constant<Crowd> crowd;
};

struct Driver {
    static constexpr bool singleton = true;
    using messages = kay::messages<Create, Flood>;

    void on(const Create&, kay::world& w) {
        for (std::uint64_t i = 0; i < created; ++i) w.send(w.spawn<Fork>(), Compute{});
    }
    void on(const Flood& m, kay::world& w) {
        const auto& all = w[m.crowd].workers;
        for (std::uint64_t i = 0; i < fork_join::messages; ++i)
            for (const auto worker : all) w.send(worker, Compute{});
    }
};

void kay_create(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Driver, Fork>();
    std::uint64_t rounds = 0, computed = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::the<Driver>, Create{});
        const auto turn = system.turn();
        if (!turn) return state.SkipWithError("the turn failed");
        computed += turn->messages - 1 - system.count<Fork>(); // all but Create; none may be alive
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * created));
    check(state, computed, rounds * created);
}

void kay_throughput(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Driver, Worker>();
    Crowd everybody;
    for (std::uint64_t i = 0; i < actors; ++i) everybody.workers.push_back(system.spawn<Worker>());
    const auto crowd = system.make_constant(std::move(everybody));
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::the<Driver>, Flood{crowd});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * actors * messages));
    std::uint64_t computed = 0;
    system.each<Worker>([&](kay::id<Worker>, const Worker& w) { computed += w.computed; });
    check(state, computed, rounds * actors * messages);
}

BENCHMARK(kay_create)->Name("savina/fork_join_create/kay")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(kay_throughput)->Name("savina/fork_join_throughput/kay")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::fork_join
