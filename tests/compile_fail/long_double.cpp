// expect: kay: this number is not the same everywhere
// names: storable_field<Car, .*text<\d+>\{"speed"\}, long double>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    long double speed = 0;
};

int main() { add<Car>(); }
