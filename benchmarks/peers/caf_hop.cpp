// SPDX-License-Identifier: MIT
//
// hop/N by CAF: N actors, N messages under way; each updates its recipient and goes on to a random
// actor. Nanoseconds for each message. With more actors each message makes fewer hops (kay's: 50),
// so that a round takes seconds.
#include "caf_system.hpp"

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::Hop)

namespace bench::peers::hop {

tally progress;

class cell : public caf::event_based_actor {
public:
    cell(caf::actor_config& config, const std::vector<caf::actor>& all)
        : event_based_actor(config), all_(all) {}

    caf::behavior make_behavior() override {
        return {[this](const Hop& m) {
            state.x += 1;
            state.ticks += m.from;
            if (m.hops == 0) return progress.add(1);
            const std::uint64_t value = next_value(m.value);
            send(all_[(value >> 32) * all_.size() >> 32], Hop{m.hops - 1, 1, value});
        }};
    }

    State32 state;

private:
    const std::vector<caf::actor>& all_;
};

void caf_hop(benchmark::State& state) {
    const auto count = static_cast<std::uint64_t>(state.range(0));
    const auto hops = static_cast<std::uint32_t>(state.range(1));
    caf_system caf(state.range(2));
    std::vector<caf::actor> all;
    for (std::uint64_t i = 0; i < count; ++i)
        all.push_back(caf.system.spawn<cell, caf::lazy_init>(std::cref(all)));
    std::uint64_t seed = 88172645463325252u;
    const std::uint64_t rounds = run_rounds(state, caf, progress, count, [&] {
        for (const caf::actor& a : all) {
            seed = next_value(seed);
            caf::anon_send(a, Hop{hops - 1, 1, seed});
        }
    });
    if (rounds == 0) return;
    state.SetItemsProcessed(static_cast<std::int64_t>((rounds - 1) * count * hops));
    std::uint64_t ticks = 0;
    for (const caf::actor& a : all) ticks += look_at<cell>(a).state.ticks;
    check(state, ticks, rounds * count * hops);
}

BENCHMARK(caf_hop)->Name("hop/1k/caf")->Args({1'000, 50, 1})->Args({1'000, 50, 2})->UseRealTime();
BENCHMARK(caf_hop)
    ->Name("hop/100k/caf")
    ->Args({100'000, 10, 1})
    ->Args({100'000, 10, 2})
    ->UseRealTime();
BENCHMARK(caf_hop)
    ->Name("hop/1M/caf")
    ->Args({1'000'000, 3, 1})
    ->Args({1'000'000, 3, 2})
    ->UseRealTime();

} // namespace bench::peers::hop
