// expect: kay: bit-fields lie differently on every machine
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    unsigned doors : 3;
    unsigned seats : 5;
};

int main() { add<Car>(); }
