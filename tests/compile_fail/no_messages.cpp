// expect: kay: an actor type needs `using messages = kay::messages<...>`
// names: Car
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Car {
    float speed = 0;
};

int main() {
    kay::actor_system system;
    system.add<Car>();
}
