// SPDX-License-Identifier: MIT
//
// count/P by CAF: P actors burst a million messages of 16 bytes in all to one that adds them up.
// Nanoseconds for each message, sent and handled.
#include "caf_system.hpp"

namespace bench::peers::count {

constexpr std::uint64_t messages = 1'000'000;

struct value_message {
    std::uint64_t value;
    std::uint64_t unused;
};
struct burst {
    std::uint64_t count;
};

} // namespace bench::peers::count

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::peers::count::value_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::peers::count::burst)

namespace bench::peers::count {

tally progress;

class summer : public caf::event_based_actor {
public:
    using caf::event_based_actor::event_based_actor;

    caf::behavior make_behavior() override {
        return {[this](const value_message& m) {
            sum += m.value;
            progress.add(1);
        }};
    }

    std::uint64_t sum = 0;
};

class burster : public caf::event_based_actor {
public:
    burster(caf::actor_config& config, caf::actor to) : event_based_actor(config), to_(to) {}

    caf::behavior make_behavior() override {
        return {[this](const burst& m) {
            for (std::uint64_t i = 0; i < m.count; ++i) send(to_, value_message{i, 0});
        }};
    }

private:
    caf::actor to_;
};

void caf_count(benchmark::State& state) {
    const auto senders = static_cast<std::uint64_t>(state.range(0));
    caf_system caf(state.range(1));
    const caf::actor sum = caf.system.spawn<summer>();
    std::vector<caf::actor> all;
    for (std::uint64_t i = 0; i < senders; ++i) all.push_back(caf.system.spawn<burster>(sum));
    const auto burst_all = [&] {
        for (const caf::actor& a : all) caf::anon_send(a, burst{messages / senders});
        return progress.wait_for(messages);
    };
    if (!burst_all()) return state.SkipWithError("the actors stand still");
    std::uint64_t bursts = 1;
    for (auto unused : state) {
        static_cast<void>(unused);
        if (!burst_all()) return state.SkipWithError("the actors stand still");
        ++bursts;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>((bursts - 1) * messages));
    const std::uint64_t each = messages / senders;
    check(state, look_at<summer>(sum).sum, bursts * senders * (each * (each - 1) / 2));
}

BENCHMARK(caf_count)->Name("count/1/caf")->Args({1, 1})->Args({1, 2})->UseRealTime();
BENCHMARK(caf_count)->Name("count/8/caf")->Args({8, 1})->Args({8, 2})->UseRealTime();

} // namespace bench::peers::count
