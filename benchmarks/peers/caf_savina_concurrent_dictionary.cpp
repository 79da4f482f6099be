// SPDX-License-Identifier: MIT
//
// savina/concurrent_dictionary by CAF: 20 workers, 10,000 requests each, a tenth of them writes.
#include "../savina.hpp"
#include "caf_system.hpp"

#include <unordered_map>

namespace bench::savina::dictionary {

struct start {};
struct write {
    std::uint64_t key;
    std::uint64_t value;
};
struct read {
    std::uint64_t key;
};
struct answer {
    std::uint64_t value;
};

} // namespace bench::savina::dictionary

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::dictionary::start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::dictionary::write)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::dictionary::read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::savina::dictionary::answer)

namespace bench::savina::dictionary {

peers::tally progress;

class dictionary : public caf::event_based_actor {
public:
    explicit dictionary(caf::actor_config& config) : event_based_actor(config) {
        values_.reserve(entries);
        for (std::uint64_t i = 0; i < entries; ++i) values_.emplace(i, i);
    }

    caf::behavior make_behavior() override {
        return {[this](const read& m) { tell(values_.at(m.key)); },
                [this](const write& m) {
                    values_.insert_or_assign(m.key, m.value);
                    tell(m.value);
                }};
    }

private:
    void tell(std::uint64_t value) {
        send(caf::actor_cast<caf::actor>(current_sender()), answer{value});
    }

    std::unordered_map<std::uint64_t, std::uint64_t> values_;
};

class worker : public caf::event_based_actor {
public:
    worker(caf::actor_config& config, const caf::actor& dictionary, std::uint64_t random)
        : event_based_actor(config), dictionary_(dictionary), random_(random) {}

    caf::behavior make_behavior() override {
        return {[this](const answer& m) {
                    sum += m.value % entries;
                    if (left_ > 0)
                        ask();
                    else
                        progress.add(1);
                },
                [this](const start&) {
                    left_ = requests;
                    ask();
                }};
    }

    std::uint64_t sum = 0;

private:
    void ask() {
        --left_;
        const auto r = next_request(random_);
        if (r.value)
            send(dictionary_, write{r.key, r.value});
        else
            send(dictionary_, read{r.key});
    }

    const caf::actor& dictionary_;
    std::uint64_t random_;
    std::uint64_t left_ = 0;
};

void caf_concurrent_dictionary(benchmark::State& state) {
    peers::caf_system caf(state.range(0));
    const caf::actor shared = caf.system.spawn<dictionary>();
    std::vector<caf::actor> all;
    for (std::uint64_t i = 1; i <= workers; ++i)
        all.push_back(caf.system.spawn<worker>(std::cref(shared), i));
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        for (const caf::actor& a : all) caf::anon_send(a, start{});
        if (!progress.wait_for(workers)) return state.SkipWithError("the actors stand still");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * workers * requests));
    std::uint64_t sum = 0;
    for (const caf::actor& a : all) sum += peers::look_at<worker>(a).sum;
    check(state, sum, sum_of_keys(rounds));
}

BENCHMARK(caf_concurrent_dictionary)
    ->Name("savina/concurrent_dictionary/caf")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime();

} // namespace bench::savina::dictionary
