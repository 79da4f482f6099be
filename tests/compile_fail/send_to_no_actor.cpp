// expect: kay: the recipient is no actor type
// names: Road
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};
struct Road {
    float length = 0;
};

int main() {
    kay::actor_system system;
    system.send(kay::id<Road>{}, Drive{1});
}
