// expect: kay: an actor lists a message in kay::messages<...> but has no handler for it
// names: Honk
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};
struct Honk {};

struct Car {
    using messages = kay::messages<Drive, Honk>;
    float speed = 0;
    void on(const Drive& m, kay::world&) { speed += m.by; }
};

int main() {
    kay::actor_system system;
    system.add<Car>();
}
