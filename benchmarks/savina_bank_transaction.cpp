// SPDX-License-Identifier: MIT
//
// savina/bank_transaction by kay: 1,000 accounts, 50,000 transactions.
#include "savina.hpp"

namespace bench::savina::bank {

struct Account;
struct Directory {
    kay::vector<kay::id<Account>> accounts;
};
struct Work {
    kay::constant<Directory> directory;
};
struct Credit { ///< from the teller: send so much to another account
    kay::id<Account> target;
    std::int64_t amount;
};
struct Debit { ///< from the source to the target
    kay::id<Account> source;
    std::int64_t amount;
};
struct Reply {};

struct Teller {
    static constexpr bool singleton = true;
    using messages = kay::messages<Work, Reply>;
    std::uint64_t random = 1;
    std::uint64_t completed = 0;

    void on(const Work& m, kay::world& w) {
        const auto& all = w[m.directory].accounts;
        for (std::uint64_t i = 0; i < transactions; ++i) {
            const transaction t = next_transaction(random);
            w.send(all[t.source], Credit{all[t.target], t.amount});
        }
    }
    void on(const Reply&, kay::world&) { ++completed; }
};

struct Account {
    using messages = kay::messages<Credit, Debit, Reply>;
    /// What came while the account waited for an answer.
    struct Request {
        bool is_credit;
        kay::id<Account> other;
        std::int64_t amount;
    };
    std::int64_t balance = 0;
    bool waiting = false;
    std::uint32_t taken = 0; ///< of the requests that were put aside
    kay::vector<Request> aside;

    void on(const Credit& m, kay::world& w) { take({true, m.target, m.amount}, w); }
    void on(const Debit& m, kay::world& w) { take({false, m.source, m.amount}, w); }
    void on(const Reply&, kay::world& w) {
        waiting = false;
        w.send(kay::the<Teller>, Reply{});
        while (!waiting && taken < aside.size()) handle(Request{aside[taken++]}, w);
        if (taken == aside.size()) {
            aside.clear();
            taken = 0;
        }
    }

    void take(const Request& r, kay::world& w) {
        if (waiting)
            aside.push_back(r);
        else
            handle(r, w);
    }
    void handle(const Request& r, kay::world& w) {
        if (r.is_credit) {
            balance -= r.amount;
            waiting = true;
            w.send(r.other, Debit{w.id_of(*this), r.amount});
        } else {
            balance += r.amount;
            w.send(r.other, Reply{});
        }
    }
};

void kay_bank_transaction(benchmark::State& state) {
    kay::actor_system system{{.places = places, .workers = static_cast<unsigned>(state.range(0))}};
    system.add<Teller, Account>();
    Directory everybody;
    for (std::uint64_t i = 0; i < accounts; ++i)
        everybody.accounts.push_back(system.spawn<Account>());
    const auto directory = system.make_constant(std::move(everybody));
    if (!system.turn()) return state.SkipWithError("the turn failed");
    std::uint64_t rounds = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        system.send(kay::the<Teller>, Work{directory});
        if (!system.turn()) return state.SkipWithError("the turn failed");
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rounds * transactions));
    std::int64_t sum = 0;
    system.each<Account>([&](kay::id<Account>, const Account& a) { sum += a.balance; });
    check(state, system[kay::the<Teller>].completed + static_cast<std::uint64_t>(sum),
          rounds * transactions);
}

BENCHMARK(kay_bank_transaction)->Name("savina/bank_transaction/kay")->Arg(1)->Arg(2)->UseRealTime();

} // namespace bench::savina::bank
