// expect: kay: a field is const or volatile
// names: storable_field<Car, .*text<\d+>\{"seats"\}, const int>
// SPDX-License-Identifier: MIT
#include "add.hpp"

struct Car {
    const int seats = 4;
};

int main() { add<Car>(); }
