// expect: kay: kay::the<A> needs `static constexpr bool singleton = true` in A
// names: Car
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

int main() {
    kay::actor_system system;
    system.add<Car>();
    system.send(kay::the<Car>, Drive{1});
}
