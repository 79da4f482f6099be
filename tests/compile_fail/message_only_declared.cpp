// expect: kay: an actor lists a message that is only declared where the type is added
// names: Drive
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive;

struct Car {
    using messages = kay::messages<Drive>;
    float speed = 0;
    void on(const Drive& m, kay::world&);
};

int main() {
    kay::actor_system system;
    system.add<Car>();
}
