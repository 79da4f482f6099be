// expect: kay: only plain structs, without constructors and private members: use kay::string
// names: storable_field<Car, .*"name".*, std::.*string
// SPDX-License-Identifier: MIT
#include "add.hpp"
#include <string>

struct Car {
    std::string name;
};

int main() { add<Car>(); }
