// expect: kay: fields are placed by attributes
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    char doors = 4;
    alignas(8) int speed = 0;
};

int main() { add<Car>(); }
