// SPDX-License-Identifier: MIT
//
// mixed/1M by CAF: a million actors of 8 types, and as many messages of 8 types under way; each
// goes on, as a random type, to a random actor, with handlers of uneven cost. Nanoseconds for each
// message.
#include "../mixed.hpp"
#include "caf_system.hpp"

#include <utility>

namespace bench::peers::mixed {

using bench::mixed::count;
using bench::mixed::work;

constexpr std::uint64_t types = bench::mixed::kinds;

template <std::uint64_t Type>
struct load {
    std::uint64_t hops;
    std::uint64_t value;
};

} // namespace bench::peers::mixed

namespace caf {
template <std::uint64_t Type>
struct allowed_unsafe_message_type<bench::peers::mixed::load<Type>> : std::true_type {};
} // namespace caf

namespace bench::peers::mixed {

constexpr std::uint64_t hops = 3;

tally progress;

/// Calls f<Type>() for the type with that number.
template <class F>
void with_type(std::uint64_t type, F&& f) {
    [&]<std::size_t... Type>(std::index_sequence<Type...>) {
        static_cast<void>(((type == Type && (f.template operator()<Type>(), true)) || ...));
    }(std::make_index_sequence<types>{});
}

class any_cell : public caf::event_based_actor {
public:
    any_cell(caf::actor_config& config, const std::vector<caf::actor>& all)
        : event_based_actor(config), all_(all) {}

    std::uint64_t sum = 0;

protected:
    template <std::uint64_t Type>
    void handle(const load<Type>& m) {
        const std::uint64_t value = work<Type>(m.value);
        sum += value;
        if (m.hops == 0) return progress.add(1);
        const caf::actor& to = all_[(value >> 32) * all_.size() >> 32];
        with_type(value % types,
                  [&]<std::uint64_t Next>() { send(to, load<Next>{m.hops - 1, value}); });
    }

private:
    const std::vector<caf::actor>& all_;
};

template <std::uint64_t Type>
class cell : public any_cell {
public:
    using any_cell::any_cell;

    caf::behavior make_behavior() override {
        return {[this](const load<0>& m) { handle(m); }, [this](const load<1>& m) { handle(m); },
                [this](const load<2>& m) { handle(m); }, [this](const load<3>& m) { handle(m); },
                [this](const load<4>& m) { handle(m); }, [this](const load<5>& m) { handle(m); },
                [this](const load<6>& m) { handle(m); }, [this](const load<7>& m) { handle(m); }};
    }
};

/// What all handlers of one message's way add up to.
std::uint64_t sum_of_way(std::uint64_t value) {
    std::uint64_t sum = 0;
    for (std::uint64_t h = 0; h < hops; ++h) {
        with_type(value % types, [&]<std::uint64_t Type>() { value = work<Type>(value); });
        sum += value;
    }
    return sum;
}

void caf_mixed(benchmark::State& state) {
    caf_system caf(state.range(0));
    std::vector<caf::actor> all;
    for (std::uint64_t i = 0; i < count; ++i)
        with_type(i % types, [&]<std::uint64_t Type>() {
            all.push_back(caf.system.spawn<cell<Type>, caf::lazy_init>(std::cref(all)));
        });
    std::uint64_t expected = 0, seed = 88172645463325252u;
    const std::uint64_t rounds = run_rounds(state, caf, progress, count, [&] {
        for (const caf::actor& a : all) {
            seed = next_value(seed);
            with_type(seed % types,
                      [&]<std::uint64_t Type>() { caf::anon_send(a, load<Type>{hops - 1, seed}); });
            expected += sum_of_way(seed);
        }
    });
    if (rounds == 0) return;
    state.SetItemsProcessed(static_cast<std::int64_t>((rounds - 1) * count * hops));
    std::uint64_t sum = 0;
    for (const caf::actor& a : all) sum += look_at<any_cell>(a).sum;
    check(state, sum, expected);
}

BENCHMARK(caf_mixed)->Name("mixed/1M/caf")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::peers::mixed
