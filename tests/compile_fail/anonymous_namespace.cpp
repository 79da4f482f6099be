// expect: kay: the type needs a name that is the same in every program
// names: storable_field<.*Car, .*Car>
// SPDX-License-Identifier: MIT
#include "add.hpp"

namespace {
struct Car {
    float speed = 0;
};
} // namespace

int main() { add<Car>(); }
