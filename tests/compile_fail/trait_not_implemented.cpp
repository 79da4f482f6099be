// expect: kay: this actor type does not receive every message of the trait
// names: Loud|trait
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};
struct Honk {};
using Loud = kay::trait<Honk>;

struct Car {
    using messages = kay::messages<Drive>;
    void on(const Drive&, kay::world&) {}
};

int main() {
    kay::actor_system system;
    system.add<Car>();
    const kay::id<Loud> loud = system.spawn<Car>();
    return loud ? 0 : 1;
}
