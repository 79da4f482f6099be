// SPDX-License-Identifier: MIT
//
// savina/thread_ring by CAF: 100 actors, 100,000 hops.
#include "../savina.hpp"
#include "caf_system.hpp"

namespace bench::savina::ring {

struct token {
    std::uint64_t left;
};

} // namespace bench::savina::ring

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::ring::token)

namespace bench::savina::ring {

peers::tally progress;

class link : public caf::event_based_actor {
public:
    link(caf::actor_config& config, const caf::actor& next)
        : event_based_actor(config), next_(next) {}

    caf::behavior make_behavior() override {
        return {[this](const token& m) {
            ++seen;
            if (m.left > 0)
                send(next_, token{m.left - 1});
            else
                progress.add(1);
        }};
    }

    std::uint64_t seen = 0;

private:
    const caf::actor& next_;
};

void caf_thread_ring(benchmark::State& state) {
    peers::caf_system caf(state.range(0));
    std::vector<caf::actor> ring(actors);
    for (std::uint64_t i = 0; i < actors; ++i)
        ring[i] = caf.system.spawn<link>(std::cref(ring[(i + 1) % actors]));
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        caf::anon_send(ring[0], token{hops - 1});
        if (!progress.wait_for(1)) return state.SkipWithError("the actors stand still");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * hops));
    std::uint64_t seen = 0;
    for (const caf::actor& a : ring) seen += peers::look_at<link>(a).seen;
    check(state, seen, rounds * hops);
}

BENCHMARK(caf_thread_ring)->Name("savina/thread_ring/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::ring
