// SPDX-License-Identifier: MIT
//
// savina/big by CAF: 120 actors, 20,000 pings each.
#include "../savina.hpp"
#include "caf_system.hpp"

namespace bench::savina::big {

struct start {};
struct ping {};
struct pong {};
struct finished {
    std::uint64_t right; ///< pongs that came from where the ping went
};

} // namespace bench::savina::big

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::big::start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::big::ping)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::big::pong)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::big::finished)

namespace bench::savina::big {

peers::tally progress;

class sink : public caf::event_based_actor {
public:
    using caf::event_based_actor::event_based_actor;

    caf::behavior make_behavior() override {
        return {[this](const finished& m) {
            right += m.right;
            progress.add(1);
        }};
    }

    std::uint64_t right = 0;
};

class player : public caf::event_based_actor {
public:
    player(caf::actor_config& config, const std::vector<caf::actor>& all, const caf::actor& sink,
           std::uint64_t random)
        : event_based_actor(config), all_(all), sink_(sink), random_(random) {}

    caf::behavior make_behavior() override {
        return {
            [this](const ping&) { send(caf::actor_cast<caf::actor>(current_sender()), pong{}); },
            [this](const pong&) {
                right_ += current_sender() == all_[asked_];
                if (left_ > 0)
                    ask();
                else
                    send(sink_, finished{right_});
            },
            [this](const start&) {
                left_ = pings;
                right_ = 0;
                ask();
            }};
    }

private:
    void ask() {
        random_ = next_value(random_);
        --left_;
        asked_ = (random_ >> 32) % actors;
        send(all_[asked_], ping{});
    }

    const std::vector<caf::actor>& all_;
    const caf::actor& sink_;
    std::uint64_t random_;
    std::uint64_t asked_ = 0;
    std::uint64_t left_ = 0;
    std::uint64_t right_ = 0;
};

void caf_big(benchmark::State& state) {
    peers::caf_system caf(state.range(0));
    const caf::actor end = caf.system.spawn<sink>();
    std::vector<caf::actor> all;
    for (std::uint64_t i = 1; i <= actors; ++i)
        all.push_back(caf.system.spawn<player>(std::cref(all), std::cref(end), i));
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        for (const caf::actor& a : all) caf::anon_send(a, start{});
        if (!progress.wait_for(actors)) return state.SkipWithError("the actors stand still");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * messages));
    check(state, peers::look_at<sink>(end).right, rounds * actors * pings);
}

BENCHMARK(caf_big)->Name("savina/big/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::big
