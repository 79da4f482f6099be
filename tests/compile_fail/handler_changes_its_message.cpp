// expect: kay: an actor lists a message in kay::messages<...> but has no handler for it
// names: Drive
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};

struct Car {
    using messages = kay::messages<Drive>;
    float speed = 0;
    void on(Drive& m, kay::world&) { speed += m.by; }
};

int main() {
    kay::actor_system system;
    system.add<Car>();
}
