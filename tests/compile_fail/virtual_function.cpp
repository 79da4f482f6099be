// expect: kay: state and messages have no virtual functions
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    float speed = 0;
    virtual void drive() { speed += 1; }
};

int main() { add<Car>(); }
