// expect: kay: a union does not say which member it holds
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

union Load {
    int people;
    float tons;
};

struct Car {
    Load load;
};

int main() { add<Car>(); }
