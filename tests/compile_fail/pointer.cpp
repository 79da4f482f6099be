// expect: kay: state and messages hold no pointers: use kay::id
// names: storable_field<Car, .*text<\d+>\{"next"\}, Car ?\*>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    float speed = 0;
    Car* next = nullptr;
};

int main() { add<Car>(); }
