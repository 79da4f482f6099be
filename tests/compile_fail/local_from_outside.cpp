// expect: kay: the outside is in no place
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
    system.send(kay::local<Car>, Drive{1});
}
