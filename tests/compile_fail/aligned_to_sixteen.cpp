// expect: kay: no type is aligned to more than 8 bytes
// names: storable_field<Car, .*text<\d+>\{"place"\}, Vector>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Vector {
    alignas(16) float x = 0;
    float y = 0, z = 0, w = 0;
};

struct Car {
    Vector place;
};

int main() { add<Car>(); }
