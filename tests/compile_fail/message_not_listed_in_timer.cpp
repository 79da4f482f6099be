// expect: kay: the recipient does not list this message
// names: Honk
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};

struct Car {
    using messages = kay::messages<Drive>;
    float speed = 0;
    void on(const Drive& m, kay::world&) { speed += m.by; }
};

struct Honk {};

int main() {
    kay::actor_system system;
    system.add<Car>();
    system.after(kay::turns{3}, system.spawn<Car>(), Honk{});
}
