// expect: kay: state and messages hold no pointers
// names: Road_map, .*"name"
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Road_map {
    const char* name = nullptr;
};

int main() {
    kay::actor_system system;
    system.make_constant(Road_map{});
}
