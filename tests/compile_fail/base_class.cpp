// expect: kay: state and messages have no base classes
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Vehicle {
    float speed = 0;
};

struct Car : Vehicle {
    int seats = 4;
};

int main() { add<Car>(); }
