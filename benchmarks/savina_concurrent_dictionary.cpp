// SPDX-License-Identifier: MIT
//
// savina/concurrent_dictionary by kay: 20 workers, 10,000 requests each, a tenth of them writes.
#include "savina.hpp"

namespace bench::savina::dictionary {

struct Worker;
struct Start {};
struct Write {
    kay::id<Worker> from;
    std::uint64_t key;
    std::uint64_t value;
};
struct Read {
    kay::id<Worker> from;
    std::uint64_t key;
};
struct Answer {
    std::uint64_t value;
};

/// A hash table with linear probing, half full at most: kay::map is for far fewer entries.
struct Table {
    static constexpr int bits = 20;
    static_assert(2 * entries <= std::uint64_t{1} << bits);
    struct Slot {
        std::uint64_t key_plus_one; ///< zero: empty
        std::uint64_t value;
    };
    kay::vector<Slot> slots;

    /// Where the key is, or would be put.
    Slot& find(std::uint64_t key) {
        std::uint64_t at = key * 0x9e3779b97f4a7c15u >> (64 - bits);
        while (slots[at].key_plus_one != 0 && slots[at].key_plus_one != key + 1)
            at = (at + 1) % slots.size();
        return slots[at];
    }
};

struct Dictionary {
    using messages = kay::messages<Write, Read>;
    Table table;

    void on(const Write& m, kay::world& w) {
        table.find(m.key) = {m.key + 1, m.value};
        w.send(m.from, Answer{m.value});
    }
    void on(const Read& m, kay::world& w) { w.send(m.from, Answer{table.find(m.key).value}); }
};

struct Worker {
    using messages = kay::messages<Start, Answer>;
    kay::id<Dictionary> dictionary;
    std::uint64_t random = 1;
    std::uint64_t left = 0;
    std::uint64_t sum = 0;

    void ask(kay::world& w) {
        --left;
        const request r = next_request(random);
        if (r.value)
            w.send(dictionary, Write{w.id_of(*this), r.key, r.value});
        else
            w.send(dictionary, Read{w.id_of(*this), r.key});
    }
    void on(const Start&, kay::world& w) {
        left = requests;
        ask(w);
    }
    void on(const Answer& m, kay::world& w) {
        sum += m.value % entries;
        if (left > 0) ask(w);
    }
};

void kay_concurrent_dictionary(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Dictionary, Worker>();
    Dictionary filled;
    filled.table.slots.resize(std::size_t{1} << Table::bits);
    for (std::uint64_t i = 0; i < entries; ++i) filled.table.find(i) = {i + 1, i};
    const auto dictionary = system.spawn<Dictionary>(std::move(filled));
    for (std::uint64_t i = 1; i <= workers; ++i)
        system.spawn<Worker>(Worker{.dictionary = dictionary, .random = i});
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::all<Worker>, Start{});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * workers * requests));
    std::uint64_t sum = 0;
    system.each<Worker>([&](kay::id<Worker>, const Worker& worker) { sum += worker.sum; });
    check(state, sum, sum_of_keys(rounds));
}

BENCHMARK(kay_concurrent_dictionary)
    ->Name("savina/concurrent_dictionary/kay")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime();

} // namespace bench::savina::dictionary
