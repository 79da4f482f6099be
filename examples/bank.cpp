// SPDX-License-Identifier: MIT
//
// A bank: accounts send each other money by messages alone. No sum is ever lost or made, whatever the
// order and the number of cores.
#include <kay/kay.hpp>

#include <cstdint>
#include <cstdio>

struct Deposit {
    std::int64_t amount;
};
struct Trade {
    std::uint32_t rounds;
};

constexpr std::uint32_t accounts = 10'000, places = 16;
constexpr std::int64_t opening_balance = 1'000;

struct Account {
    using messages = kay::messages<Deposit, Trade>;
    std::int64_t balance = opening_balance;

    void on(const Deposit& m, kay::world&) { balance += m.amount; }
    void on(const Trade& m, kay::world& w) {
        auto random = w.random();
        const auto n = kay::uniform_int(random, 0u, accounts - 1);
        const kay::id<Account> other{kay::raw_id{n % places, 1, n / places}};
        const std::int64_t amount = kay::uniform_int(random, std::int64_t{0}, balance);
        balance -= amount;
        w.send(other, Deposit{amount});
        if (m.rounds > 1) w.send(w.id_of(*this), Trade{m.rounds - 1});
    }
};

int main() {
    kay::actor_system system{{.places = places, .seed = 3}};
    system.add<Account>();
    for (std::uint32_t i = 0; i < accounts; ++i) system.spawn<Account>();
    system.send(kay::all<Account>, Trade{100});
    if (!system.turn()) return 1;
    std::int64_t sum = 0, richest = 0;
    system.each<Account>([&](kay::id<Account>, const Account& a) {
        sum += a.balance;
        richest = a.balance > richest ? a.balance : richest;
    });
    std::printf("a million transfers: %lld in all, %lld in the richest account\n",
                static_cast<long long>(sum), static_cast<long long>(richest));
    return sum == accounts * opening_balance ? 0 : 1;
}
