// SPDX-License-Identifier: MIT
//
// savina/thread_ring by kay: 100 actors, 100,000 hops.
#include "savina.hpp"

namespace bench::savina::ring {

struct Link;
struct Next {
    kay::id<Link> next;
};
struct Token {
    std::uint64_t left;
};
struct Link {
    using messages = kay::messages<Next, Token>;
    kay::id<Link> next;
    std::uint64_t seen = 0;

    void on(const Next& m, kay::world&) { next = m.next; }
    void on(const Token& m, kay::world& w) {
        ++seen;
        if (m.left > 0) w.send(next, Token{m.left - 1});
    }
};

void kay_thread_ring(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Link>();
    std::vector<kay::id<Link>> ring;
    for (std::uint64_t i = 0; i < actors; ++i) ring.push_back(system.spawn<Link>());
    for (std::uint64_t i = 0; i < actors; ++i) system.send(ring[i], Next{ring[(i + 1) % actors]});
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(ring[0], Token{hops - 1});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * hops));
    std::uint64_t seen = 0;
    system.each<Link>([&](kay::id<Link>, const Link& l) { seen += l.seen; });
    check(state, seen, rounds * hops);
}

BENCHMARK(kay_thread_ring)->Name("savina/thread_ring/kay")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::ring
