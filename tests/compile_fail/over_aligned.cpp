// expect: kay: no type is aligned to more than 8 bytes
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct alignas(64) Car {
    float speed = 0;
};

int main() { add<Car>(); }
