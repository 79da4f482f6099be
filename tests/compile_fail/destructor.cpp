// expect: kay: state and messages move as bytes
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    float speed = 0;
    ~Car() { speed = -1; }
};

int main() { add<Car>(); }
