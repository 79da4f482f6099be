// SPDX-License-Identifier: MIT
//
// savina/big by kay: 120 actors, 20,000 pings each.
#include "savina.hpp"

namespace bench::savina::big {

struct Player;
struct Crowd {
    kay::vector<kay::id<Player>> players;
};
struct Start {
    kay::constant<Crowd> crowd;
};
struct Ping {
    kay::id<Player> from;
};
struct Pong {
    kay::id<Player> from;
};
struct Finished {
    std::uint64_t right; ///< pongs that came from where the ping went
};

struct Sink {
    static constexpr bool singleton = true;
    using messages = kay::messages<Finished>;
    std::uint64_t right = 0;
    void on(const Finished& m, kay::world&) { right += m.right; }
};

struct Player {
    using messages = kay::messages<Start, Ping, Pong>;
    std::uint64_t random = 1;
    kay::constant<Crowd> crowd = {};
    kay::id<Player> asked = {};
    std::uint64_t left = 0;
    std::uint64_t right = 0;

    void ask(kay::world& w) {
        random = next_value(random);
        --left;
        asked = w[crowd].players[(random >> 32) % actors];
        w.send(asked, Ping{w.id_of(*this)});
    }
    void on(const Start& m, kay::world& w) {
        crowd = m.crowd;
        left = pings;
        right = 0;
        ask(w);
    }
    void on(const Ping& m, kay::world& w) { w.send(m.from, Pong{w.id_of(*this)}); }
    void on(const Pong& m, kay::world& w) {
        right += m.from == asked;
        if (left > 0)
            ask(w);
        else
            w.send(kay::the<Sink>, Finished{right});
    }
};

void kay_big(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Sink, Player>();
    Crowd everybody;
    for (std::uint64_t i = 1; i <= actors; ++i)
        everybody.players.push_back(system.spawn<Player>(Player{.random = i}));
    const auto crowd = system.make_constant(std::move(everybody));
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::all<Player>, Start{crowd});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * messages));
    check(state, system[kay::the<Sink>].right, rounds * actors * pings);
}

BENCHMARK(kay_big)->Name("savina/big/kay")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::big
