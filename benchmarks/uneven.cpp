// SPDX-License-Identifier: MIT
//
// uneven/one, uneven/two: what hop/1M does, in a world whose load is not spread evenly over its
// places. A million actors in one place of sixteen, where a second worker has nothing to do and
// must cost nothing; or three quarters of them, and of the messages under way, in two places and
// the rest in the other fourteen. Nanoseconds for each message.
#include "workload.hpp"

#include <array>

namespace bench::uneven {

constexpr std::uint64_t count = 1'000'000;
constexpr std::uint32_t hops_each = 50;

struct one_place {
    static constexpr kay::raw_id nth(std::uint64_t n) {
        return kay::raw_id{0, 1, static_cast<std::uint32_t>(n)};
    }
};

/// Actors come in groups of 56: 21 of a group live in each of the places 0 and 1, one in each of
/// the others.
struct two_places {
    static constexpr std::uint32_t crowd = 21, group = 2 * crowd + places - 2;
    /// Where a member of each group lives: its slot is that of the first group's, and `step` more
    /// for each group before its own.
    struct seat {
        std::uint32_t place, step, slot;
    };
    static constexpr std::array<seat, group> seats = [] {
        std::array<seat, group> all{};
        for (std::uint32_t i = 0; i < group; ++i)
            all[i] = i < 2 * crowd ? seat{i % 2, crowd, i / 2} : seat{i - 2 * crowd + 2, 1, 0};
        return all;
    }();

    static constexpr kay::raw_id nth(std::uint64_t n) {
        const seat& s = seats[n % group];
        return kay::raw_id{s.place, 1, static_cast<std::uint32_t>(n / group) * s.step + s.slot};
    }
};

/// State32, but for where its like are found.
template <class Spread>
struct Walker {
    using messages = kay::messages<Hop>;
    float x = 0, y = 0, z = 0;
    float vx = 1, vy = 2, vz = 3;
    std::uint32_t ticks = 0;
    std::uint32_t pad = 0;

    static kay::id<Walker> nth(std::uint64_t n) { return kay::id<Walker>{Spread::nth(n)}; }

    void on(const Hop& m, kay::world& w) {
        x += 1;
        ticks += m.from;
        if (m.hops == 0) return;
        const std::uint64_t value = next_value(m.value);
        w.send(nth((value >> 32) * count >> 32), Hop{m.hops - 1, 1, value});
    }
};

template <class Spread>
void kay_uneven(benchmark::State& state) {
    using walker = Walker<Spread>;
    kay::actor_system system{
        {.places = places, .seed = 1, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<walker>();
    for (std::uint64_t i = 0; i < count; ++i) {
        const kay::id<walker> expected = walker::nth(i);
        if (system.spawn<walker>(kay::in_place{expected.place()}) != expected)
            return state.SkipWithError("an actor is not where it should be");
    }
    std::uint64_t rounds = 0, seed = 88172645463325252u;
    const auto send_all = [&] {
        for (std::uint64_t i = 0; i < count; ++i) {
            seed = next_value(seed);
            system.send(walker::nth(i), Hop{hops_each - 1, 1, seed});
        }
        ++rounds;
    };
    send_all();
    if (!system.turn()) return state.SkipWithError("the turn failed");
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        send_all();
        state.ResumeTiming();
        if (!system.turn()) return state.SkipWithError("the turn failed");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>((rounds - 1) * count * hops_each));
    std::uint64_t ticks = 0;
    system.each<walker>([&](kay::id<walker>, const walker& s) { ticks += s.ticks; });
    check(state, ticks, rounds * count * hops_each);
}

BENCHMARK(kay_uneven<one_place>)->Name("uneven/one/kay")->UseRealTime()->Arg(1)->Arg(2);
BENCHMARK(kay_uneven<two_places>)->Name("uneven/two/kay")->UseRealTime()->Arg(1)->Arg(2);

} // namespace bench::uneven
