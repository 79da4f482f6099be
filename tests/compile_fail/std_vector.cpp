// expect: kay: only plain structs, without constructors and private members: use kay::string
// names: storable_field<Car, .*"heard".*, std::.*vector<int
// SPDX-License-Identifier: MIT
#include "add.hpp"
#include <vector>

struct Car {
    float speed = 0;
    std::vector<int> heard;
};

int main() { add<Car>(); }
