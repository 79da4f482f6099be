// SPDX-License-Identifier: MIT
//
// savina/bank_transaction by CAF: 1,000 accounts, 50,000 transactions. The source awaits the
// answer to its request; CAF puts aside what comes meanwhile.
#include "../savina.hpp"
#include "caf_system.hpp"

namespace bench::savina::bank {

struct work {};
struct credit { ///< from the teller: send so much to another account
    std::uint64_t target;
    std::int64_t amount;
};
struct debit { ///< from the source to the target
    std::int64_t amount;
};
struct reply {};

} // namespace bench::savina::bank

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::bank::work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::bank::credit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::bank::debit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::bank::reply)

namespace bench::savina::bank {

peers::tally progress;

class teller : public caf::event_based_actor {
public:
    teller(caf::actor_config& config, const std::vector<caf::actor>& all)
        : event_based_actor(config), all_(all) {}

    caf::behavior make_behavior() override {
        return {[this](const reply&) {
                    ++completed;
                    progress.add(1);
                },
                [this](const work&) {
                    for (std::uint64_t i = 0; i < transactions; ++i) {
                        const transaction t = next_transaction(random_);
                        send(all_[t.source], credit{t.target, t.amount});
                    }
                }};
    }

    std::uint64_t completed = 0;

private:
    const std::vector<caf::actor>& all_;
    std::uint64_t random_ = 1;
};

class account : public caf::event_based_actor {
public:
    account(caf::actor_config& config, const std::vector<caf::actor>& all, const caf::actor& teller)
        : event_based_actor(config), all_(all), teller_(teller) {}

    caf::behavior make_behavior() override {
        return {
            [this](const credit& m) {
                balance -= m.amount;
                request(all_[m.target], caf::infinite, debit{m.amount}).await([this](const reply&) {
                    send(teller_, reply{});
                });
            },
            [this](const debit& m) {
                balance += m.amount;
                return reply{};
            }};
    }

    std::int64_t balance = 0;

private:
    const std::vector<caf::actor>& all_;
    const caf::actor& teller_;
};

void caf_bank_transaction(benchmark::State& state) {
    peers::caf_system caf(state.range(0));
    std::vector<caf::actor> all;
    const caf::actor desk = caf.system.spawn<teller>(std::cref(all));
    for (std::uint64_t i = 0; i < accounts; ++i)
        all.push_back(caf.system.spawn<account>(std::cref(all), std::cref(desk)));
    const auto round = [&] {
        caf::anon_send(desk, work{});
        return progress.wait_for(transactions);
    };
    if (!round()) return state.SkipWithError("the actors stand still");
    std::uint64_t rounds = 1;
    for (auto unused : state) {
        static_cast<void>(unused);
        if (!round()) return state.SkipWithError("the actors stand still");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>((rounds - 1) * transactions));
    std::int64_t sum = 0;
    for (const caf::actor& a : all) sum += peers::look_at<account>(a).balance;
    check(state, peers::look_at<teller>(desk).completed + static_cast<std::uint64_t>(sum),
          rounds * transactions);
}

BENCHMARK(caf_bank_transaction)->Name("savina/bank_transaction/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::bank
