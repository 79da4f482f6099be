// expect: kay: state and messages hold no pointers
// names: storable_field<Car, .*text<\d+>\{"by_number\.maker"\}, const char ?\*>
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {};

struct Tire {
    float pressure = 0;
    const char* maker = nullptr;
};

struct Car {
    using messages = kay::messages<Drive>;
    kay::map<int, kay::vector<Tire>> by_number;
    void on(const Drive&, kay::world&) {}
};

int main() {
    kay::actor_system system;
    system.add<Car>();
}
