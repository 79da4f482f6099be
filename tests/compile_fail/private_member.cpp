// expect: kay: only plain structs, without constructors and private members
// names: storable_field<Car, .*text<0>.*, Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

class Car {
public:
    float speed = 0;
    int seen() const { return seen_; }

private:
    int seen_ = 0;
};

int main() { add<Car>(); }
