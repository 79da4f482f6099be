// expect: kay: state and messages hold no pointers
// names: storable_field<Car, .*text<\d+>\{"callback"\}, void ?\(\*\)\(int\)>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    void (*callback)(int) = nullptr;
};

int main() { add<Car>(); }
