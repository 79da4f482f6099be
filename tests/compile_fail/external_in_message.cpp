// expect: kay:
// names: Open
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Open {
    kay::external<int> socket;
};

struct Door {
    using messages = kay::messages<Open>;
    bool is_open = false;
    void on(const Open&, kay::world&) { is_open = true; }
};

int main() {
    kay::actor_system system;
    system.add<Door>();
    system.send(system.spawn<Door>(), Open{});
}
