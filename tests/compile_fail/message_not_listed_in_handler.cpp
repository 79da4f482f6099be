// expect: kay: the recipient does not list this message
// names: Honk
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};
struct Honk {};

struct Car {
    using messages = kay::messages<Drive>;
    kay::id<Car> ahead;
    void on(const Drive&, kay::world& w) { w.send(ahead, Honk{}); }
};

int main() {
    kay::actor_system system;
    system.add<Car>();
}
