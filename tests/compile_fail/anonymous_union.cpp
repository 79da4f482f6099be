// expect: kay: a union does not say which member it holds
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    float speed = 0;
    union {
        int people;
        float tons;
    };
};

int main() { add<Car>(); }
