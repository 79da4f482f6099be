// expect: kay: a field is a reference or has no default value
// names: storable_field<Car, .*text<0>.*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Engine {
    explicit Engine(int) {}
};

struct Car {
    Engine engine;
};

int main() { add<Car>(); }
