// SPDX-License-Identifier: MIT
//
// savina/fork_join_create by CAF: 40,000 actors, which begin with the message that they get at
// once. savina/fork_join_throughput by CAF: 60 actors, 10,000 messages to each.
#include "../savina.hpp"
#include "caf_system.hpp"

namespace bench::savina::fork_join {

struct calculate {};
struct create {};
struct flood {};

} // namespace bench::savina::fork_join

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::fork_join::calculate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::fork_join::create)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::fork_join::flood)

namespace bench::savina::fork_join {

peers::tally progress;

/// Computes once and ends.
class fork : public caf::event_based_actor {
public:
    using caf::event_based_actor::event_based_actor;

    caf::behavior make_behavior() override {
        return {[this](const calculate&) {
            if (compute()) progress.add(1);
            quit();
        }};
    }
};

class worker : public caf::event_based_actor {
public:
    using caf::event_based_actor::event_based_actor;

    caf::behavior make_behavior() override {
        return {[this](const calculate&) {
            computed += compute();
            progress.add(1);
        }};
    }

    std::uint64_t computed = 0;
};

class driver : public caf::event_based_actor {
public:
    driver(caf::actor_config& config, const std::vector<caf::actor>& all)
        : event_based_actor(config), all_(all) {}

    caf::behavior make_behavior() override {
        return {[this](const create&) {
                    for (std::uint64_t i = 0; i < created; ++i)
                        send(spawn<fork, caf::lazy_init>(), calculate{});
                },
                [this](const flood&) {
                    for (std::uint64_t i = 0; i < messages; ++i)
                        for (const caf::actor& a : all_) send(a, calculate{});
                }};
    }

private:
    const std::vector<caf::actor>& all_;
};

void caf_create(benchmark::State& state) {
    peers::caf_system caf(state.range(0));
    const std::vector<caf::actor> none;
    const caf::actor maker = caf.system.spawn<driver>(std::cref(none));
    const auto round = [&] {
        caf::anon_send(maker, create{});
        return progress.wait_for(created);
    };
    if (!round()) return state.SkipWithError("the actors stand still");
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        if (!round()) return state.SkipWithError("the actors stand still");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * created));
    check(state, rounds * created, rounds * created); // or it would have stood still
}

void caf_throughput(benchmark::State& state) {
    peers::caf_system caf(state.range(0));
    std::vector<caf::actor> all;
    for (std::uint64_t i = 0; i < actors; ++i) all.push_back(caf.system.spawn<worker>());
    const caf::actor sender = caf.system.spawn<driver>(std::cref(all));
    const auto round = [&] {
        caf::anon_send(sender, flood{});
        return progress.wait_for(actors * messages);
    };
    if (!round()) return state.SkipWithError("the actors stand still");
    std::uint64_t rounds = 1;
    for (auto unused : state) {
        static_cast<void>(unused);
        if (!round()) return state.SkipWithError("the actors stand still");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>((rounds - 1) * actors * messages));
    std::uint64_t computed = 0;
    for (const caf::actor& a : all) computed += peers::look_at<worker>(a).computed;
    check(state, computed, rounds * actors * messages);
}

BENCHMARK(caf_create)->Name("savina/fork_join_create/caf")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(caf_throughput)->Name("savina/fork_join_throughput/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::fork_join
