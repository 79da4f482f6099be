// expect: kay: state and messages hold no pointers
// names: storable_field<Car, .*text<\d+>\{"wheels\.tire\.maker"\}, const char ?\*>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Tire {
    float pressure = 0;
    const char* maker = nullptr;
};

struct Wheel {
    Tire tire;
};

struct Car {
    Wheel wheels[4];
};

int main() { add<Car>(); }
