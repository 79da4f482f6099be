// expect: kay: an actor lists the same message twice
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {};

struct Car {
    using messages = kay::messages<Drive, Drive>;
    void on(const Drive&, kay::world&) {}
};

int main() {
    kay::actor_system system;
    system.add<Car>();
}
