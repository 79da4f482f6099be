// SPDX-License-Identifier: MIT
//
// savina/chameneos by CAF: 100 creatures, 200,000 meetings. CAF tells who sent a message; the mall
// delegates a creature's to the one that waits, which sees the creature as its sender.
#include "../savina.hpp"
#include "caf_system.hpp"

namespace bench::savina::chameneos {

struct open {};
struct meet {
    color its;
};
struct change {
    color to;
};
struct closed {};
struct met {
    std::uint64_t times;
};

} // namespace bench::savina::chameneos

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::chameneos::open)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::chameneos::meet)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::chameneos::change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::chameneos::closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::chameneos::met)

namespace bench::savina::chameneos {

peers::tally progress;

class mall : public caf::event_based_actor {
public:
    using caf::event_based_actor::event_based_actor;

    caf::behavior make_behavior() override {
        return {[this](const meet& m) {
                    if (left_ == 0) {
                        send(caf::actor_cast<caf::actor>(current_sender()), closed{});
                    } else if (!waiting_) {
                        waiting_ = caf::actor_cast<caf::actor>(current_sender());
                    } else {
                        --left_;
                        delegate(waiting_, m);
                        waiting_ = nullptr;
                    }
                },
                [this](const met& m) {
                    times += m.times;
                    progress.add(1);
                },
                [this](const open&) { left_ = meetings; }};
    }

    std::uint64_t times = 0;

private:
    std::uint64_t left_ = 0;
    caf::actor waiting_;
};

class creature : public caf::event_based_actor {
public:
    creature(caf::actor_config& config, const caf::actor& mall, color mine)
        : event_based_actor(config), mall_(mall), mine_(mine) {}

    caf::behavior make_behavior() override {
        return {[this](const meet& m) {
                    const color both = complement(mine_, m.its);
                    send(caf::actor_cast<caf::actor>(current_sender()), change{both});
                    become_color(both);
                },
                [this](const change& m) { become_color(m.to); },
                [this](const open&) { send(mall_, meet{mine_}); },
                [this](const closed&) {
                    send(mall_, met{times_});
                    times_ = 0;
                }};
    }

private:
    void become_color(color c) {
        mine_ = c;
        ++times_;
        send(mall_, meet{mine_});
    }

    const caf::actor& mall_;
    color mine_;
    std::uint64_t times_ = 0;
};

void caf_chameneos(benchmark::State& state) {
    peers::caf_system caf(state.range(0));
    const caf::actor place = caf.system.spawn<mall>();
    std::vector<caf::actor> all;
    for (std::uint64_t i = 0; i < creatures; ++i)
        all.push_back(caf.system.spawn<creature>(std::cref(place), static_cast<color>(i % 3)));
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        caf::anon_send(place, open{});
        for (const caf::actor& a : all) caf::anon_send(a, open{});
        if (!progress.wait_for(creatures)) return state.SkipWithError("the actors stand still");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * meetings));
    check(state, peers::look_at<mall>(place).times, rounds * 2 * meetings);
}

BENCHMARK(caf_chameneos)->Name("savina/chameneos/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::chameneos
