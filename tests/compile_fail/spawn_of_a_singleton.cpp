// expect: kay: a singleton is made when its type is added
// names: Clock
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};

struct Clock {
    using messages = kay::messages<Drive>;
    static constexpr bool singleton = true;
    float time = 0;
    void on(const Drive& m, kay::world&) { time += m.by; }
};

int main() {
    kay::actor_system system;
    system.add<Clock>();
    system.spawn<Clock>();
}
