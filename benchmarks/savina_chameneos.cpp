// SPDX-License-Identifier: MIT
//
// savina/chameneos by kay: 100 creatures, 200,000 meetings.
#include "savina.hpp"

namespace bench::savina::chameneos {

struct Creature;
struct Open {};
struct Meet {
    kay::id<Creature> who;
    color its;
};
struct Change {
    color to;
};
struct Closed {};
struct Met {
    std::uint64_t times;
};

struct Mall {
    static constexpr bool singleton = true;
    using messages = kay::messages<Open, Meet, Met>;
    std::uint64_t left = 0;
    std::uint64_t met = 0;
    kay::id<Creature> waiting;

    void on(const Open&, kay::world&) { left = meetings; }
    void on(const Meet& m, kay::world& w) {
        if (left == 0) {
            w.send(m.who, Closed{});
        } else if (!waiting) {
            waiting = m.who;
        } else {
            --left;
            w.send(waiting, m);
            waiting = {};
        }
    }
    void on(const Met& m, kay::world&) { met += m.times; }
};

struct Creature {
    using messages = kay::messages<Open, Meet, Change, Closed>;
    color mine = color::red;
    std::uint64_t times = 0;

    void go(kay::world& w) { w.send(kay::the<Mall>, Meet{w.id_of(*this), mine}); }
    void become(color c, kay::world& w) {
        mine = c;
        ++times;
        go(w);
    }
    void on(const Open&, kay::world& w) { go(w); }
    void on(const Meet& m, kay::world& w) {
        const color both = complement(mine, m.its);
        w.send(m.who, Change{both});
        become(both, w);
    }
    void on(const Change& m, kay::world& w) { become(m.to, w); }
    void on(const Closed&, kay::world& w) {
        w.send(kay::the<Mall>, Met{times});
        times = 0;
    }
};

void kay_chameneos(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Mall, Creature>();
    for (std::uint64_t i = 0; i < creatures; ++i)
        system.spawn<Creature>(Creature{.mine = static_cast<color>(i % 3)});
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::the<Mall>, Open{});
        system.send(kay::all<Creature>, Open{});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * meetings));
    check(state, system[kay::the<Mall>].met, rounds * 2 * meetings);
}

BENCHMARK(kay_chameneos)->Name("savina/chameneos/kay")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::chameneos
