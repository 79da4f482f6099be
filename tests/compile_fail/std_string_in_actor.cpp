// expect: use kay::string
// names: Car, .*"name"
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

#include <string>
struct Drive {
    float by;
};

struct Car {
    using messages = kay::messages<Drive>;
    std::string name;
    void on(const Drive&, kay::world&) {}
};

int main() {
    kay::actor_system system;
    system.add<Car>();
    system.send(system.spawn<Car>(), Drive{1});
}
