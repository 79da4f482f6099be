// SPDX-License-Identifier: MIT
//
// A world against a plain model of its rules: two kinds of actors that send, broadcast, spawn and
// die as their own state tells them, in kay and in a simulation of a hundred lines on std
// containers. After every turn both must hold the same actors in the same states.
#include <kay/kay.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace model_world {

struct Poke;
struct Tick;
using Both = kay::trait<Poke, Tick>;

/// Carries on for `fuel` more messages. `peer` is somebody to talk to.
struct Poke {
    kay::id<Both> peer;
    std::uint64_t value;
    std::uint32_t fuel;
};
struct Tick {
    std::uint64_t value;
};

struct Cell { // one size class
    using messages = kay::messages<Poke, Tick>;
    std::uint64_t serial = 0;
    std::uint64_t log = 0;
    std::uint32_t children = 0;
    kay::id<Both> peer;
    void on(const Poke& m, kay::world& w);
    void on(const Tick& m, kay::world& w);
};
struct Jar { // several
    using messages = kay::messages<Poke, Tick>;
    std::uint64_t serial = 0;
    std::uint64_t log = 0;
    std::uint32_t children = 0;
    kay::id<Both> peer;
    kay::vector<std::uint64_t> heard;
    kay::string name;
    void on(const Poke& m, kay::world& w);
    void on(const Tick& m, kay::world& w);
};

// ---- what actors do, written once for kay and for the model

template <class Actor>
void remember(Actor& self, std::uint64_t value) {
    self.log = kay::combine(self.log, value);
    if constexpr (requires { self.heard; }) {
        if (self.heard.size() > self.log % 60) self.heard.clear();
        self.heard.push_back(self.log);
        self.name += static_cast<char>('a' + self.log % 26);
        if (self.name.size() > 40) self.name = {};
    }
}

template <class Actor, class Message, class Api>
void poked(Actor& self, const Message& m, Api& api) {
    remember(self, m.value);
    const std::uint64_t r = kay::mix(self.log);
    const std::uint32_t place = static_cast<std::uint32_t>(r >> 32) % api.places();
    const auto child = [&](std::uint32_t where) {
        return api.spawn((r >> 20) % 2 == 0, where, kay::combine(self.serial, ++self.children));
    };
    if (r % 16 == 0) api.die();
    if (m.fuel == 0) return;
    const std::uint32_t fuel = m.fuel - 1;
    switch (r >> 8 & 15) {
    case 0: // a child beside, which is told something at once
        self.peer = child(api.place());
        api.poke(self.peer, m.peer, r, fuel);
        break;
    case 1: // a child elsewhere
        self.peer = child(place);
        api.poke(self.peer, api.me(), r, fuel);
        break;
    case 2: api.tick(r, (r >> 16) % 3); break;
    case 3: api.poke(api.me(), self.peer, r, fuel); break;
    case 4: // two at once: as many as fuel allows
        api.poke(self.peer, m.peer, r, fuel);
        api.poke(m.peer, self.peer, r + 1, fuel);
        break;
    case 5: std::swap(api.mutable_peer(self), api.scratch_peer(m)); [[fallthrough]];
    default: api.poke(r % 2 ? self.peer : m.peer, api.me(), r, fuel);
    }
}

/// In a broadcast the order among instances is kay's own, so nobody says anything.
template <class Actor, class Message, class Api>
void ticked(Actor& self, const Message& m, Api& api) {
    remember(self, m.value);
    const std::uint64_t r = kay::mix(self.log);
    if (r % 12 == 0) api.die();
    if (r % 12 == 1)
        api.spawn(r >> 20 & 1, api.place(), kay::combine(self.serial, ++self.children));
}

// ---- kay's side

template <class Actor>
struct kay_api {
    kay::world& w;
    Actor& self;
    kay::id<Both> scratch{};

    std::uint32_t places() const { return w.place_count(); }
    std::uint32_t place() const { return w.place_number(); }
    kay::id<Both> me() const { return w.id_of(self); }
    kay::id<Both>& mutable_peer(Actor& a) { return a.peer; }
    kay::id<Both>& scratch_peer(const Poke& m) { return scratch = m.peer; }
    void die() { w.die(); }
    void poke(kay::id<Both> to, kay::id<Both> peer, std::uint64_t value, std::uint32_t fuel) {
        w.send(to, Poke{peer, value, fuel});
    }
    void tick(std::uint64_t value, std::uint64_t whom) {
        if (whom == 0) w.send(kay::all<Both>, Tick{value});
        if (whom == 1) w.send(kay::all<Jar>, Tick{value});
        if (whom == 2) w.send(kay::local<Cell>, Tick{value});
    }
    kay::id<Both> spawn(bool jar, std::uint32_t where, std::uint64_t serial) {
        const kay::id<Both> mine = me();
        if (jar) return w.spawn<Jar>(kay::in_place{where}, Jar{serial, 0, 0, mine, {}, {}});
        return w.spawn<Cell>(kay::in_place{where}, Cell{serial, 0, 0, mine});
    }
};

void Cell::on(const Poke& m, kay::world& w) {
    kay_api<Cell> api{w, *this};
    poked(*this, m, api);
}
void Cell::on(const Tick& m, kay::world& w) {
    kay_api<Cell> api{w, *this};
    ticked(*this, m, api);
}
void Jar::on(const Poke& m, kay::world& w) {
    kay_api<Jar> api{w, *this};
    poked(*this, m, api);
}
void Jar::on(const Tick& m, kay::world& w) {
    kay_api<Jar> api{w, *this};
    ticked(*this, m, api);
}

// ---- the model: a serial is an id

struct plain_actor {
    bool jar = false;
    std::uint32_t place = 0;
    bool alive = false;
    std::uint64_t serial = 0, log = 0;
    std::uint32_t children = 0;
    std::uint64_t peer = 0;
};
struct plain_cell : plain_actor {};
struct plain_jar : plain_actor {
    std::vector<std::uint64_t> heard;
    std::string name;
};

class model {
public:
    struct event {
        enum { poke, tick, birth } kind;
        std::uint64_t to, peer, value;
        std::uint32_t fuel;
    };

    explicit model(std::uint32_t places) : places_(places) {}

    std::uint64_t spawn(bool jar, std::uint32_t place, std::uint64_t serial, std::uint64_t peer,
                        std::uint32_t source) {
        plain_jar a;
        a.jar = jar, a.place = place, a.serial = serial, a.peer = peer;
        actors_[serial] = a;
        lane(source, place, jar).push_back({event::birth, serial, 0, 0, 0});
        return serial;
    }
    void poke(std::uint64_t to, std::uint64_t peer, std::uint64_t value, std::uint32_t fuel,
              std::uint32_t source) {
        if (to == 0) { // the null id
            ++dead_letters;
            return;
        }
        const plain_jar& a = actors_.at(to);
        lane(source, a.place, a.jar).push_back({event::poke, to, peer, value, fuel});
    }
    void tick(std::uint64_t value, bool jar, std::uint32_t place, std::uint32_t source) {
        lane(source, place, jar).push_back({event::tick, 0, 0, value, 0});
    }
    void tick_all(std::uint64_t value, bool jar, std::uint32_t source) {
        for (std::uint32_t p = 0; p < places_; ++p) tick(value, jar, p, source);
    }
    void turn() {
        while (!lanes_.empty()) {
            const auto round = std::exchange(lanes_, {}); // by target place, type, source
            for (const auto& [key, events] : round)
                for (const event& e : events) handle(key, e);
        }
    }
    std::uint32_t outside() const { return places_; }

    std::map<std::uint64_t, plain_jar> actors_;
    std::uint64_t dead_letters = 0, handled = 0;

private:
    using lane_key = std::array<std::uint32_t, 3>;

    std::deque<event>& lane(std::uint32_t source, std::uint32_t place, bool jar) {
        return lanes_[{place, jar, source}];
    }
    void handle(const lane_key& key, const event& e);
    void run(plain_jar& a, const event& e);

    std::uint32_t places_;
    std::map<lane_key, std::deque<event>> lanes_;
};

struct model_api {
    model& world;
    plain_jar& self;
    std::uint32_t count;
    bool dies = false;
    std::uint64_t scratch = 0;

    std::uint32_t places() const { return count; }
    std::uint32_t place() const { return self.place; }
    std::uint64_t me() const { return self.serial; }
    std::uint64_t& mutable_peer(plain_actor& a) { return a.peer; }
    std::uint64_t& scratch_peer(const model::event& m) { return scratch = m.peer; }
    void die() { dies = true; }
    void poke(std::uint64_t to, std::uint64_t peer, std::uint64_t value, std::uint32_t fuel) {
        world.poke(to, peer, value, fuel, self.place);
    }
    void tick(std::uint64_t value, std::uint64_t whom) {
        if (whom == 0)
            world.tick_all(value, false, self.place), world.tick_all(value, true, self.place);
        if (whom == 1) world.tick_all(value, true, self.place);
        if (whom == 2) world.tick(value, false, self.place, self.place);
    }
    std::uint64_t spawn(bool jar, std::uint32_t where, std::uint64_t serial) {
        return world.spawn(jar, where, serial, self.serial, self.place);
    }
};

void model::run(plain_jar& a, const event& e) {
    ++handled;
    model_api api{*this, a, places_};
    const auto act = [&](auto& self) {
        if (e.kind == event::poke)
            poked(self, e, api);
        else
            ticked(self, e, api);
    };
    if (a.jar)
        act(a);
    else
        act(static_cast<plain_actor&>(a));
    if (api.dies) a.alive = false;
}

void model::handle(const lane_key& key, const event& e) {
    if (e.kind == event::tick) {
        std::vector<plain_jar*> reached;
        for (auto& [serial, a] : actors_)
            if (a.alive && a.place == key[0] && a.jar == (key[1] != 0)) reached.push_back(&a);
        for (plain_jar* a : reached) run(*a, e);
        return;
    }
    plain_jar& a = actors_.at(e.to);
    if (e.kind == event::birth)
        a.alive = true;
    else if (a.alive)
        run(a, e);
    else
        ++dead_letters;
}

// ---- both side by side

struct pair_of_worlds {
    kay::actor_system real;
    model plain;
    std::vector<std::pair<kay::id<Both>, std::uint64_t>> known; ///< made from outside
    std::uint64_t handled = 0;

    pair_of_worlds(std::uint32_t places, std::uint32_t workers)
        : real({.places = places, .workers = workers}), plain(places) {
        real.add<Jar, Cell>();
    }

    void spawn(bool jar, std::uint32_t place) {
        const std::uint64_t serial = known.size() + 1;
        const auto [peer, peer_serial] = known.empty()
                                             ? std::pair{kay::id<Both>{}, std::uint64_t{0}}
                                             : known[serial * 7 % known.size()];
        kay::id<Both> made;
        if (jar)
            made = real.spawn<Jar>(kay::in_place{place}, Jar{serial, 0, 0, peer, {}, {}});
        else
            made = real.spawn<Cell>(kay::in_place{place}, Cell{serial, 0, 0, peer});
        plain.spawn(jar, place, serial, peer_serial, plain.outside());
        known.emplace_back(made, serial);
    }
    void poke(std::size_t whom, std::size_t peer, std::uint64_t value, std::uint32_t fuel) {
        if (known.empty()) return;
        const auto [to, serial] = known[whom % known.size()];
        const auto [other, other_serial] = known[peer % known.size()];
        ASSERT_TRUE(real.send(to, Poke{other, value, fuel}));
        plain.poke(serial, other_serial, value, fuel, plain.outside());
    }
    void tick(std::uint64_t value) {
        real.send(kay::all<Both>, Tick{value});
        plain.tick_all(value, false, plain.outside());
        plain.tick_all(value, true, plain.outside());
    }
    void turn() {
        const auto summary = real.turn();
        RC_ASSERT(summary.has_value());
        handled += summary->messages;
        plain.turn();
        compare();
    }
    void compare() {
        RC_ASSERT(handled == plain.handled);
        RC_ASSERT(real.statistics().dead_letters == plain.dead_letters);
        std::size_t alive = 0;
        for (const auto& [serial, a] : plain.actors_) alive += a.alive;
        RC_ASSERT(real.count<Cell>() + real.count<Jar>() == alive);
        const auto same = [&](auto id, const auto& a) {
            const auto found = plain.actors_.find(a.serial);
            RC_ASSERT(found != plain.actors_.end() && found->second.alive);
            const plain_jar& p = found->second;
            RC_ASSERT(a.log == p.log);
            RC_ASSERT(a.children == p.children);
            RC_ASSERT(id.place() == p.place);
            RC_ASSERT(real.find(id) == &a);
            if constexpr (requires { a.heard; }) {
                RC_ASSERT(
                    std::equal(a.heard.begin(), a.heard.end(), p.heard.begin(), p.heard.end()));
                RC_ASSERT(a.name.view() == p.name);
            }
        };
        real.each<Cell>([&](kay::id<Cell> id, const Cell& a) { same(id, a); });
        real.each<Jar>([&](kay::id<Jar> id, const Jar& a) { same(id, a); });
    }
};

TEST(model, worlds_do_what_a_plain_simulation_does) {
    EXPECT_TRUE(rc::check("worlds do what a plain simulation does", [] {
        const auto places = *rc::gen::element(1u, 2u, 4u, 16u);
        const auto workers = *rc::gen::element(1u, 2u, 3u);
        pair_of_worlds both(places, workers);
        const int turns = *rc::gen::inRange(1, 8);
        for (int t = 0; t < turns; ++t) {
            for (int n = *rc::gen::inRange(0, 40); n > 0; --n)
                both.spawn(*rc::gen::arbitrary<bool>(), *rc::gen::inRange(0u, places));
            for (int n = *rc::gen::inRange(0, 20); n > 0; --n)
                both.poke(*rc::gen::inRange<std::size_t>(0, 1000),
                          *rc::gen::inRange<std::size_t>(0, 1000),
                          *rc::gen::arbitrary<std::uint64_t>(), *rc::gen::inRange(0u, 40u));
            if (*rc::gen::inRange(0, 3) == 0) both.tick(*rc::gen::arbitrary<std::uint64_t>());
            both.turn();
        }
    }));
}

TEST(model, a_large_world_does_so_too) {
    pair_of_worlds both(16, 2);
    for (std::uint32_t i = 0; i < 4000; ++i) both.spawn(i % 3 == 0, i * 5 % 16);
    for (std::uint64_t t = 0; t < 12; ++t) {
        for (std::size_t i = 0; i < 600; ++i)
            both.poke(kay::mix(i * 31 + t), kay::mix(i * 17 + t), kay::mix(i + t * 1000), 30);
        both.tick(t);
        both.turn();
    }
    EXPECT_GT(both.plain.actors_.size(), 4500u);
    EXPECT_GT(both.plain.dead_letters, 100u);
}

} // namespace model_world
