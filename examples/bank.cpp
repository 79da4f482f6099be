// SPDX-License-Identifier: MIT
//
// A bank: accounts send each other money by messages alone. No sum is ever lost or made, whatever
// the order and the number of cores. Who there is, every account reads from a constant.
#include <kay/kay.hpp>

#include <cstdint>
#include <cstdio>

struct Account;
struct Directory {
    kay::vector<kay::id<Account>> accounts;
};
struct Deposit {
    std::int64_t amount;
};
struct Trade {
    kay::constant<Directory> directory;
    std::uint32_t transfers;
};

constexpr std::int64_t opening_balance = 1'000;

struct Account {
    using messages = kay::messages<Deposit, Trade>;
    std::int64_t balance = opening_balance;

    void on(const Deposit& m, kay::world&) { balance += m.amount; }
    void on(const Trade& m, kay::world& w) {
        const auto& all = w[m.directory].accounts;
        auto random = w.random();
        const auto other = all[kay::uniform_int(random, std::size_t{0}, all.size() - 1)];
        const auto amount = kay::uniform_int(random, std::int64_t{0}, balance);
        balance -= amount;
        w.send(other, Deposit{amount});
        if (m.transfers > 1) w.send(w.id_of(*this), Trade{m.directory, m.transfers - 1});
    }
};

int main() {
    constexpr int accounts = 10'000;
    kay::actor_system system{{.places = 16, .seed = 3}};
    system.add<Account>();
    Directory everybody;
    for (int i = 0; i < accounts; ++i) everybody.accounts.push_back(system.spawn<Account>());
    const auto directory = system.make_constant(std::move(everybody));
    system.send(kay::all<Account>, Trade{directory, 100});
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
