// SPDX-License-Identifier: MIT
//
// A game server: turns keep step with the clock, while players send from threads of their own.
// With timers, a singleton, a log, a handler that fails, and statistics at the end.
#include <kay/kay.hpp>

#include <atomic>
#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

struct Walk {
    float dx, dy;
};
struct Rest {};
struct Reached {
    float distance;
};
struct Announce {};

/// The only one of its kind: made when its type is added, found as kay::the<Board>.
struct Board {
    static constexpr bool singleton = true;
    using messages = kay::messages<Reached, Announce>;
    float record = 0;
    std::uint64_t walks = 0;

    void on(const Reached& m, kay::world&) {
        ++walks;
        record = m.distance > record ? m.distance : record;
    }
    void on(const Announce&, kay::world& w) {
        w.log(kay::log_level::info, std::to_string(walks) + " walks so far");
    }
};

struct Player {
    using messages = kay::messages<Walk, Rest>;
    float x = 0, y = 0;
    bool tired = false;

    void on(const Walk& m, kay::world& w) {
        if (!(m.dx * m.dx + m.dy * m.dy <= 2)) return w.fail("that is too far for one step");
        if (tired) return;
        x += m.dx;
        y += m.dy;
        tired = true;
        w.after(200ms, w.id_of(*this), Rest{}); // two turns
        w.send(kay::the<Board>, Reached{kay::math::sqrt(x * x + y * y)});
    }
    void on(const Rest&, kay::world&) { tired = false; }
};

/// What a player's connection would do: it only posts, and tries again when it is held back.
void play(kay::poster post, kay::id<Player> me, int steps) {
    for (int i = 0; i < steps; ++i) {
        const Walk step = i == 20 ? Walk{1000, 0} : Walk{1, 0.5f}; // a cheat, once
        while (post.post(me, step) == kay::posted::held_back) std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(1ms);
    }
}

int main() {
    constexpr int players = 4, steps = 100;
    kay::set_log_level(kay::log_level::info); // warnings and errors are what is told otherwise

    kay::actor_system system{{.places = 4, .step = 100ms, .statistics = true}};
    system.add<Board, Player>();
    system.every(5s, kay::the<Board>, Announce{});

    std::atomic<int> playing = players;
    std::vector<std::jthread> threads;
    for (int i = 0; i < players; ++i)
        threads.emplace_back(
            [&playing, me = system.spawn<Player>(), post = system.make_poster()]() mutable {
                play(std::move(post), me, steps);
                --playing;
            });

    // Ten turns to the simulated second, a hundred times faster than real time: one each
    // millisecond.
    kay::pacer pacer{{.step = 100ms, .speed = 100}};
    std::uint64_t refused = 0;
    for (bool last = false; !last;) {
        last = playing == 0; // one more turn takes in what came last
        for (std::uint32_t due = pacer.wait_for_next(); due > 0; --due) {
            auto turn = system.turn();
            while (!turn) { // told in the log too: who, what, why
                ++refused;
                turn = system.resume(kay::actor_system::after_failure::skip);
            }
        }
    }

    const auto seen = system.statistics();
    for (const auto& type : seen.types)
        for (const auto& message : type.messages)
            std::printf("%s: %" PRIu64 " %s\n", type.name.c_str(), message.handled,
                        message.name.c_str());
    std::printf(
        "%" PRIu64 " turns, %" PRIu64 " began late, %" PRIu64 " steps refused, record %.1f\n",
        seen.turn, pacer.overruns(), refused, static_cast<double>(system[kay::the<Board>].record));
    return refused == players && system[kay::the<Board>].walks > 0 ? 0 : 1;
}
