// expect: kay: a struct has more than 32 fields
// names: storable_field<Car, .*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    int a0, a1, a2, a3, a4, a5, a6, a7;
    int b0, b1, b2, b3, b4, b5, b6, b7;
    int c0, c1, c2, c3, c4, c5, c6, c7;
    int d0, d1, d2, d3, d4, d5, d6, d7;
    int one_too_many;
};

int main() { add<Car>(); }
