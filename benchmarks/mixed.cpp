// SPDX-License-Identifier: MIT
//
// mixed/1M: a million messages of 8 types always under way among a million actors of 8 types, both
// at random, with handlers of uneven cost. Nanoseconds for each message.
#include "mixed.hpp"

namespace bench::mixed {

constexpr std::uint32_t hops_each = 20;

/// Messages and actors are numbered by types, since their names are told from each other.
template <unsigned N>
struct number_0_to_7 {};

template <class Number>
struct Note {
    std::uint32_t hops;
    std::uint32_t from;
    std::uint64_t value;
};

template <unsigned N>
using note = Note<number_0_to_7<N>>;

void go_on(std::uint64_t value, std::uint32_t hops, kay::world& w);

template <class Number>
struct Kind {
    using messages =
        kay::messages<note<0>, note<1>, note<2>, note<3>, note<4>, note<5>, note<6>, note<7>>;
    float x = 0, y = 0;
    std::uint32_t heard = 0;
    std::uint32_t unused[5] = {};

    template <unsigned N>
    void handle(const note<N>& m, kay::world& w) {
        x += 1;
        heard += m.from;
        const std::uint64_t value = work<N>(m.value);
        if (m.hops > 0) go_on(value, m.hops - 1, w);
    }
    void on(const note<0>& m, kay::world& w) { handle<0>(m, w); }
    void on(const note<1>& m, kay::world& w) { handle<1>(m, w); }
    void on(const note<2>& m, kay::world& w) { handle<2>(m, w); }
    void on(const note<3>& m, kay::world& w) { handle<3>(m, w); }
    void on(const note<4>& m, kay::world& w) { handle<4>(m, w); }
    void on(const note<5>& m, kay::world& w) { handle<5>(m, w); }
    void on(const note<6>& m, kay::world& w) { handle<6>(m, w); }
    void on(const note<7>& m, kay::world& w) { handle<7>(m, w); }
};

template <unsigned N>
using kind = Kind<number_0_to_7<N>>;

template <class F>
void with_number(std::uint64_t n, F&& f) {
    switch (n & 7) {
    case 0: f.template operator()<0>(); break;
    case 1: f.template operator()<1>(); break;
    case 2: f.template operator()<2>(); break;
    case 3: f.template operator()<3>(); break;
    case 4: f.template operator()<4>(); break;
    case 5: f.template operator()<5>(); break;
    case 6: f.template operator()<6>(); break;
    case 7: f.template operator()<7>(); break;
    }
}

/// To a random actor of a random kind, in a random message; `to` is a world or a system.
template <class World>
void send_on(std::uint64_t value, std::uint32_t hops, World& to) {
    const std::uint64_t which = (value >> 32) * (count / kinds) >> 32;
    with_number(value >> 3, [&]<unsigned K>() {
        with_number(value,
                    [&]<unsigned M>() { to.send(nth<kind<K>>(which), note<M>{hops, 1, value}); });
    });
}
void go_on(std::uint64_t value, std::uint32_t hops, kay::world& w) { send_on(value, hops, w); }

void kay_mixed(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<kind<0>, kind<1>, kind<2>, kind<3>, kind<4>, kind<5>, kind<6>, kind<7>>();
    for (std::uint64_t i = 0; i < count; ++i)
        with_number(i / (count / kinds), [&]<unsigned K>() { system.spawn<kind<K>>(); });
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t rounds = 0, seed = 88172645463325252u;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        for (std::uint64_t i = 0; i < count; ++i) {
            seed = next_value(seed);
            send_on(seed, hops_each - 1, system);
        }
        state.ResumeTiming();
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * count * hops_each));
    std::uint64_t heard = 0;
    for (std::uint64_t k = 0; k < kinds; ++k)
        with_number(k, [&]<unsigned K>() {
            system.each<kind<K>>(
                [&](kay::id<kind<K>>, const kind<K>& actor) { heard += actor.heard; });
        });
    check(state, heard, rounds * count * hops_each);
}

BENCHMARK(kay_mixed)->Name("mixed/1M/kay")->UseRealTime()->Args({1})->Args({2});

} // namespace bench::mixed
