// SPDX-License-Identifier: MIT
//
// pingpong/same, pingpong/across: two actors in one place or in two; a round for each message.
// Nanoseconds for each message.
#include "workload.hpp"

namespace bench::pingpong {

struct Ping {
    std::uint64_t left;
    std::uint64_t count;
};
struct Player {
    using messages = kay::messages<Ping>;
    kay::id<Player> other;
    std::uint64_t heard = 0;
    void on(const Ping& m, kay::world& w) {
        ++heard;
        if (m.left) w.send(other, Ping{m.left - 1, m.count + 1});
    }
};

constexpr std::uint64_t messages = 200'000;

void kay_pingpong(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Player>();
    const auto second_place = static_cast<std::uint32_t>(state.range(1));
    // The first slot of the second player is known: slot 0, or 1 beside the first one.
    const kay::id<Player> second{kay::raw_id{second_place, 1, second_place == 0 ? 1u : 0u}};
    const auto first = system.spawn<Player>(kay::in_place{0}, Player{second});
    system.spawn<Player>(kay::in_place{second_place}, Player{first});
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t games = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(first, Ping{messages - 1, 0});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++games;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(games * messages));
    std::uint64_t heard = 0;
    system.each<Player>([&](kay::id<Player>, const Player& p) { heard += p.heard; });
    check(state, heard, games * messages);
}

/// Two objects that call each other through a function pointer and a queue of one message.
void loop_pingpong(benchmark::State& state) {
    struct object {
        std::uint64_t other;
        std::uint64_t heard = 0;
    };
    struct packet {
        std::uint64_t to;
        Ping ping;
    };
    std::vector<object> all{{1}, {0}};
    std::uint64_t games = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        packet queue{0, {messages - 1, 0}};
        for (bool more = true; more;) {
            packet* p = &queue;
            asm volatile("" : "+r"(p) : : "memory");
            object& o = all[p->to];
            ++o.heard;
            more = p->ping.left > 0;
            *p = {o.other, {p->ping.left - 1, p->ping.count + 1}};
        }
        ++games;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(games * messages));
    check(state, all[0].heard + all[1].heard, games * messages);
}

BENCHMARK(kay_pingpong)->Name("pingpong/same/kay")->UseRealTime()->Args({1, 0})->Args({2, 0});
BENCHMARK(kay_pingpong)->Name("pingpong/across/kay")->UseRealTime()->Args({1, 1})->Args({2, 1});
BENCHMARK(loop_pingpong)->Name("pingpong/same/loop")->UseRealTime()->Args({1, 0});

} // namespace bench::pingpong
