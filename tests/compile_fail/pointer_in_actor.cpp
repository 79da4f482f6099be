// expect: kay: state and messages hold no pointers
// names: storable_field<Car, .*"driver".*, int ?\*>
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {};

struct Car {
    using messages = kay::messages<Drive>;
    int* driver = nullptr;
    void on(const Drive&, kay::world&) {}
};

int main() {
    kay::actor_system system;
    system.add<Car>();
    const auto car = system.spawn<Car>();
    system.send(car, Drive{});
    system.turn();
}
