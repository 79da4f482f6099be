// expect: kay: a struct contains itself
// names: storable_field<Tree, .*text<\d+>\{"root\.children"\}, Node>
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Grow {};

struct Node {
    int leaves = 0;
    kay::vector<Node> children;
};

struct Tree {
    using messages = kay::messages<Grow>;
    Node root;
    void on(const Grow&, kay::world&) {}
};

int main() {
    kay::actor_system system;
    system.add<Tree>();
}
