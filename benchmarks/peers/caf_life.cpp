// SPDX-License-Identifier: MIT
//
// create/1M by CAF: a million actors, spawned by 16, which keep their handles; nanoseconds for
// each. `caf` is CAF's usual spawn: the actor is scheduled once, to begin; `caf_lazy` begins with
// its first message, which is not sent here.
// churn/1M by CAF: a tenth is told to spawn another one and to die; nanoseconds for each pair.
#include "caf_system.hpp"

#include <malloc.h>

#include <utility>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::Breed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::Die)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::Tick)

namespace bench::peers::life {

constexpr std::uint64_t count = 1'000'000;

tally progress;

/// Each has its place among all handles; who takes it over writes it, nobody else. Begins with its
/// first message if Lazy; otherwise it is scheduled to begin, and counts that.
template <bool Lazy>
class cell : public caf::event_based_actor {
public:
    cell(caf::actor_config& config, caf::actor* own, std::uint64_t born_in)
        : event_based_actor(config), generation(born_in), own_(own) {}

    caf::behavior make_behavior() override {
        if constexpr (!Lazy) progress.add(1);
        return {[this](const Tick& m) { state.move(m.dt); },
                [this](const Breed&) {
                    *own_ = spawn<cell<true>, caf::lazy_init>(own_, generation + 1);
                },
                [this](const Die&) {
                    quit();
                    progress.add(1);
                }};
    }

    State32 state;
    std::uint64_t generation;

private:
    caf::actor* own_;
};

struct make_cells {
    caf::actor* first;
    std::uint64_t count;
};

} // namespace bench::peers::life

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::peers::life::make_cells)

namespace bench::peers::life {

template <bool Lazy>
class maker : public caf::event_based_actor {
public:
    using caf::event_based_actor::event_based_actor;

    caf::behavior make_behavior() override {
        return {[this](const make_cells& m) {
            for (caf::actor* at = m.first; at != m.first + m.count; ++at)
                *at = spawn<cell<Lazy>, Lazy ? caf::lazy_init : caf::no_spawn_options>(at, 0u);
            progress.add(Lazy ? m.count + 1 : 1);
        }};
    }
};

template <bool Lazy>
void caf_create(benchmark::State& state) {
    std::uint64_t worlds = 0, made = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        {
            caf_system caf(state.range(0));
            std::vector<caf::actor> all(count), makers;
            for (std::uint32_t i = 0; i < places; ++i)
                makers.push_back(caf.system.spawn<maker<Lazy>>());
            const std::size_t heap_bytes = mallinfo2().uordblks + mallinfo2().hblkhd;
            state.ResumeTiming();
            for (std::uint32_t i = 0; i < places; ++i)
                caf::anon_send(makers[i],
                               make_cells{all.data() + i * (count / places), count / places});
            const bool good = progress.wait_for(count + places);
            state.PauseTiming();
            if (!good) return state.SkipWithError("the actors stand still");
            state.counters["bytes_beyond_state"] =
                static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd - heap_bytes) /
                    count +
                sizeof(caf::actor) - sizeof(State32);
            for (const caf::actor& a : all) made += a != nullptr;
            ++worlds;
        }
        state.ResumeTiming();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(worlds * count));
    check(state, made, worlds * count);
}

void caf_churn(benchmark::State& state) {
    caf_system caf(state.range(0));
    std::vector<caf::actor> all(count);
    std::vector<std::uint64_t> order(count);
    for (std::uint64_t i = 0; i < count; ++i) order[i] = i;
    for (caf::actor& a : all) a = caf.system.spawn<cell<true>, caf::lazy_init>(&a, 0u);
    constexpr std::uint64_t pairs_each = count / 10;
    std::uint64_t seed = 88172645463325252u;
    const std::uint64_t rounds = run_rounds(state, caf, progress, pairs_each, [&] {
        for (std::uint64_t i = 0; i < pairs_each; ++i) {
            seed = next_value(seed);
            std::swap(order[i], order[i + seed % (count - i)]);
            caf::anon_send(all[order[i]], Breed{});
            caf::anon_send(all[order[i]], Die{});
        }
    });
    if (rounds == 0) return;
    state.SetItemsProcessed(static_cast<std::int64_t>((rounds - 1) * pairs_each));
    std::uint64_t generations = 0;
    for (const caf::actor& a : all) generations += look_at<cell<true>>(a).generation;
    check(state, generations, rounds * pairs_each);
}

BENCHMARK(caf_create<false>)->Name("create/1M/caf")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(caf_create<true>)->Name("create/1M/caf_lazy")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(caf_churn)->Name("churn/1M/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::peers::life
