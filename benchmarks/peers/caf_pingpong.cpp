// SPDX-License-Identifier: MIT
//
// pingpong/same by CAF: two actors, one message under way. Nanoseconds for each message.
#include "caf_system.hpp"

namespace bench::peers::pingpong {

struct ping {
    std::uint64_t left;
    std::uint64_t count;
};

} // namespace bench::peers::pingpong

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::peers::pingpong::ping)

namespace bench::peers::pingpong {

constexpr std::uint64_t messages = 200'000;

tally progress;

class player : public caf::event_based_actor {
public:
    player(caf::actor_config& config, const caf::actor& other)
        : event_based_actor(config), other_(other) {}

    caf::behavior make_behavior() override {
        return {[this](const ping& m) {
            ++heard;
            if (m.left > 0)
                send(other_, ping{m.left - 1, m.count + 1});
            else
                progress.add(1);
        }};
    }

    std::uint64_t heard = 0;

private:
    const caf::actor& other_;
};

void caf_pingpong(benchmark::State& state) {
    caf_system caf(state.range(0));
    caf::actor first, second;
    first = caf.system.spawn<player>(std::cref(second));
    second = caf.system.spawn<player>(std::cref(first));
    std::uint64_t games = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        caf::anon_send(first, ping{messages - 1, 0});
        if (!progress.wait_for(1)) return state.SkipWithError("the actors stand still");
        ++games;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(games * messages));
    check(state, look_at<player>(first).heard + look_at<player>(second).heard, games * messages);
}

BENCHMARK(caf_pingpong)->Name("pingpong/same/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::peers::pingpong
