// SPDX-License-Identifier: MIT
//
// hash/10M: the hash of a world of ten million actors of 32 bytes; nanoseconds for each instance.
#include "workload.hpp"

#include <optional>

namespace bench::hash {

void kay_hash(benchmark::State& state) {
    // Of the first world: all others have to have it, whatever their number of workers.
    static std::optional<std::uint64_t> expected;
    const auto count = static_cast<std::uint64_t>(state.range(0));
    auto system = make_world(count, static_cast<unsigned>(state.range(1)));
    std::uint64_t hash = system.hash();
    if (!expected) expected = hash;
    bool same = true;
    for (auto unused : state) {
        static_cast<void>(unused);
        const std::uint64_t again = system.hash();
        same = same && again == hash;
        hash = again;
    }
    if (!same) return state.SkipWithError("the hash changed, and the world did not");
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * count));
    check(state, hash, *expected);
}

BENCHMARK(kay_hash)
    ->Name("hash/10M/kay")
    ->UseRealTime()
    ->Args({10'000'000, 1})
    ->Args({10'000'000, 2});

} // namespace bench::hash
