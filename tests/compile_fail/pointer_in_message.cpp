// expect: kay: state and messages hold no pointers
// names: Drive, .*"by"
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    const float* by;
};

struct Car {
    using messages = kay::messages<Drive>;
    float speed = 0;
    void on(const Drive& m, kay::world&) { speed += *m.by; }
};

int main() {
    kay::actor_system system;
    system.add<Car>();
    system.send(system.spawn<Car>(), Drive{});
}
