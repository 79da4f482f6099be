// SPDX-License-Identifier: MIT
//
// broadcast/1M by CAF: one Tick to a million actors of 32 bytes; nanoseconds for each instance. It
// is sent by 2,000 actors to 500 each: all workers can send, and CAF, which runs what was scheduled
// last first, handles a message while what its sender touched is still in the cache.
#include "caf_system.hpp"

#include <utility>

namespace bench::peers::broadcast {

struct tell_all {};

} // namespace bench::peers::broadcast

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::Tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::peers::broadcast::tell_all)

namespace bench::peers::broadcast {

tally progress;

class cell : public caf::event_based_actor {
public:
    using caf::event_based_actor::event_based_actor;

    caf::behavior make_behavior() override {
        return {[this](const Tick& m) {
            state.move(m.dt);
            progress.add(1);
        }};
    }

    State32 state;
};

class teller : public caf::event_based_actor {
public:
    teller(caf::actor_config& config, std::vector<caf::actor> all)
        : event_based_actor(config), all_(std::move(all)) {}

    caf::behavior make_behavior() override {
        return {[this](const tell_all&) {
            for (const caf::actor& a : all_) send(a, Tick{0.125f});
        }};
    }

private:
    std::vector<caf::actor> all_;
};

void caf_broadcast(benchmark::State& state) {
    constexpr std::uint64_t count = 1'000'000, tellers = 2'000;
    caf_system caf(state.range(0));
    std::vector<caf::actor> all, told_by;
    for (std::uint64_t i = 0; i < count; ++i)
        all.push_back(caf.system.spawn<cell, caf::lazy_init>());
    for (std::uint64_t i = 0; i < tellers; ++i)
        told_by.push_back(caf.system.spawn<teller>(std::vector<caf::actor>(
            all.begin() + static_cast<std::ptrdiff_t>(i * count / tellers),
            all.begin() + static_cast<std::ptrdiff_t>((i + 1) * count / tellers))));
    const auto tell = [&] {
        for (const caf::actor& t : told_by) caf::anon_send(t, tell_all{});
        return progress.wait_for(count);
    };
    if (!tell()) return state.SkipWithError("the actors stand still");
    std::uint64_t sent = 1;
    for (auto unused : state) {
        static_cast<void>(unused);
        if (!tell()) return state.SkipWithError("the actors stand still");
        ++sent;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>((sent - 1) * count));
    std::uint64_t ticks = 0;
    for (const caf::actor& a : all) ticks += look_at<cell>(a).state.ticks;
    check(state, ticks, sent * count);
}

BENCHMARK(caf_broadcast)->Name("broadcast/1M/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::peers::broadcast
