// SPDX-License-Identifier: MIT
//
// post/P: P threads post messages of 16 bytes to actors of a running system, each through a poster
// of its own, while a thousand turns a second are run. Nanoseconds of a poster's processor time for
// each message. Posters live on from burst to burst, and so does their memory.
#include "workload.hpp"

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

namespace bench::post {

constexpr std::uint64_t messages = 1'000'000; ///< of each poster

struct Value {
    std::uint64_t value;
    std::uint64_t unused;
};
struct Sum {
    using messages = kay::messages<Value>;
    std::uint64_t sum = 0;
    void on(const Value& m, kay::world&) { sum += m.value; }
};

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void kay_post(benchmark::State& state) {
    const auto threads = static_cast<std::uint32_t>(state.range(0));
    kay::actor_system system{{.places = places, .workers = 1}};
    system.add<Sum>();
    std::vector<kay::id<Sum>> sums;
    for (std::uint32_t i = 0; i < places; ++i) sums.push_back(system.spawn<Sum>());
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::vector<kay::poster> posters;
    for (std::uint32_t t = 0; t < threads; ++t) posters.push_back(system.make_poster());
    const auto burst = [&](double& seconds, bool& good) {
        std::atomic<std::uint32_t> running = threads;
        std::vector<double> seconds_of(threads);
        std::vector<std::thread> all;
        for (std::uint32_t t = 0; t < threads; ++t)
            all.emplace_back([&, t] {
                const double before = cpu_seconds();
                for (std::uint64_t i = 0; i < messages; ++i)
                    while (posters[t].post(sums[i % places], Value{i, 0}) == kay::posted::held_back)
                        std::this_thread::yield();
                seconds_of[t] = cpu_seconds() - before;
                running.fetch_sub(1);
            });
        while (running.load() > 0) {
            good = system.turn() && good;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        for (std::thread& thread : all) thread.join();
        good = system.turn() && good;
        for (const double s : seconds_of) seconds += s;
    };
    std::uint64_t bursts = 0;
    bool good = true;
    for (double warm = 0; bursts < 2; ++bursts) burst(warm, good);
    for (auto unused : state) {
        static_cast<void>(unused);
        double seconds = 0;
        burst(seconds, good);
        if (!good) return state.SkipWithError("a turn failed");
        state.SetIterationTime(seconds);
        ++bursts;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * threads * messages));
    std::uint64_t sum = 0;
    system.each<Sum>([&](kay::id<Sum>, const Sum& s) { sum += s.sum; });
    check(state, sum, bursts * threads * (messages * (messages - 1) / 2));
}

BENCHMARK(kay_post)->Name("post/1/kay")->Args({1, 1})->UseManualTime();
BENCHMARK(kay_post)->Name("post/2/kay")->Args({2, 1})->UseManualTime();

} // namespace bench::post
