// SPDX-License-Identifier: MIT
//
// Makes the worlds that check.py looks at:  herd DIRECTORY
//   first.kay    snapshots morning, noon, again (noon once more, by another name) and evening
//   second.kay   noon, in a file of its own
//   empty.kay    no snapshot at all
// Prints a line for each cow of noon: its number and id.
#include <kay/kay.hpp>
#include <kay/persist/world_file.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace herd {

struct Cow;
enum class coat : std::uint8_t { brown = 3, white = 200 };
struct spot {
    float x = 0;
    double y = 0;
};
struct Feed {
    double kg = 0;
};
struct Meet {
    kay::id<Cow> other;
};
struct Sell {};

struct Cow {
    using messages = kay::messages<Feed, Meet, Sell>;
    std::uint32_t number = 0;
    coat color = coat::brown;
    bool hungry = false;
    char label[8] = {};
    float speed = 0;
    double weight = 100;
    spot where;
    std::array<std::int16_t, 3> legs{};
    spot corners[2] = {};
    std::uint64_t large = 0;
    kay::id<Cow> mother;
    kay::string name;
    kay::vector<kay::id<Cow>> heard;
    kay::vector<spot> trail;
    kay::set<std::uint32_t> seen;
    kay::map<std::uint8_t, kay::string> words;
    kay::optional<std::uint32_t> age;
    kay::external<int> cache;

    void on(const Feed& m, kay::world&) {
        weight += m.kg;
        cache.emplace(5);
    }
    void on(const Meet& m, kay::world&) { heard.push_back(m.other); }
    void on(const Sell&, kay::world& w) { w.die(); }
};

/// Many in a chunk, over several chunks; has a field that is called id.
struct Stone {
    using messages = kay::messages<Feed, Sell>;
    std::uint32_t id = 0;
    std::uint16_t kind = 0;
    double weight = 0;

    void on(const Feed& m, kay::world&) { weight += m.kg; }
    void on(const Sell&, kay::world& w) { w.die(); }
};

} // namespace herd

/// As the city has them, as far as tools/python/plot_speeds.py is concerned.
namespace city {

struct Tick {};
struct car {
    std::uint64_t driver = 0;
    float position = 0;
    float speed = 0;
};
struct Lane {
    using messages = kay::messages<Tick>;
    kay::vector<car> cars;
    std::uint32_t number = 0;
    void on(const Tick&, kay::world&) {}
};

} // namespace city

namespace {

using herd::Cow;
using herd::Stone;

constexpr std::uint32_t cows = 20;
constexpr std::uint32_t stones = 20'000;

template <class T>
void expect(const kay::result<T>& done) {
    if (done) return;
    std::fprintf(stderr, "herd: %s\n", done.error().text.c_str());
    std::exit(1);
}

Cow make_cow(std::uint32_t i, kay::id<Cow> mother) {
    Cow cow;
    cow.number = i;
    cow.color = i % 2 ? herd::coat::white : herd::coat::brown;
    cow.hungry = i % 3 == 0;
    std::snprintf(cow.label, sizeof cow.label, "c%u", i);
    cow.speed = static_cast<float>(i) * 0.1f;
    cow.weight = 100 + i;
    cow.where = {static_cast<float>(i), -0.5};
    cow.legs = {1, -2, static_cast<std::int16_t>(i)};
    cow.corners[1] = {7, static_cast<double>(i)};
    cow.large = ~std::uint64_t{0} - i;
    cow.mother = mother;
    cow.name = "cow \"" + std::to_string(i) + "\", spotted";
    for (std::uint32_t k = 0; k < i; ++k) cow.trail.push_back({static_cast<float>(k), 2});
    cow.seen = {i, 5};
    cow.words[1] = "one";
    if (i % 4 == 1) cow.age = i;
    return cow;
}

} // namespace

int main(int count, char** words) {
    if (count != 2) return 2;
    const std::string folder = words[1];
    kay::actor_system system{{.places = 4, .seed = 42, .workers = 1}};
    system.add<Cow, Stone, city::Lane>();
    std::array<kay::id<Cow>, cows> herd;
    for (std::uint32_t i = 0; i < cows; ++i)
        herd[i] = system.spawn(make_cow(i, i ? herd[i - 1] : kay::id<Cow>()));
    kay::id<Stone> stone;
    for (std::uint32_t i = 0; i < stones; ++i)
        stone = system.spawn(Stone{i, static_cast<std::uint16_t>(i % 7), i * 0.5});
    for (std::uint32_t i = 0; i < 5; ++i) {
        city::Lane lane;
        lane.number = i;
        for (std::uint32_t k = 0; k < i * 3; ++k)
            lane.cars.push_back({k, static_cast<float>(k) * 9, static_cast<float>(k)});
        system.spawn(std::move(lane));
    }
    system.every(kay::turns{5}, herd[0], herd::Feed{0});
    (void)system.make_constant(herd::spot{1, 2});
    expect(system.turn());

    auto first = kay::world_file::open(folder + "/first.kay");
    expect(first);
    expect(first->save(system, "morning"));
    system.send(herd[2], herd::Sell{});
    system.send(herd[3], herd::Feed{5});
    system.send(herd[4], herd::Meet{herd[3]});
    system.send(stone, herd::Feed{1});
    const auto calf = system.spawn(make_cow(cows, herd[1]));
    expect(system.turn());
    expect(first->save(system, "noon"));
    expect(first->branch("noon", "again"));
    auto second = kay::world_file::open(folder + "/second.kay");
    expect(second);
    expect(second->save(system, "noon"));
    expect(kay::world_file::open(folder + "/empty.kay"));
    // Nothing moves, nobody is born: pages are where they were.
    system.send(herd[5], herd::Feed{0.5});
    expect(system.turn());
    expect(first->save(system, "evening"));

    for (std::uint32_t i = 0; i < cows; ++i)
        if (i != 2) std::printf("%u %s\n", i, kay::to_string(herd[i].raw()).c_str());
    std::printf("%u %s\n", cows, kay::to_string(calf.raw()).c_str());
}
