// compiles
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Drive {
    float by;
};
struct Honk {
    kay::id<struct Car> by;
};
using Loud = kay::trait<Honk>;

struct Car {
    using messages = kay::messages<Drive, Honk>;
    float speed = 0;
    kay::vector<kay::id<Loud>> heard;
    kay::map<std::uint32_t, kay::string> notes;
    void on(const Drive& m, kay::world& w) {
        speed += m.by;
        w.send(w.id_of(*this), Honk{w.id_of(*this)});
        w.every(kay::turns{3}, kay::all<Loud>, Honk{});
    }
    void on(const Honk& m, kay::world& w) {
        heard.push_back(m.by);
        w.spawn<Car>(kay::beside(m.by));
    }
};

int main() {
    kay::actor_system system;
    system.add<Car>();
    system.send(kay::all<Loud>, Honk{});
    system.make_poster().post(system.spawn<Car>(), Drive{1});
    return system.turn() ? 0 : 1;
}
