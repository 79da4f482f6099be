// SPDX-License-Identifier: MIT
//
// Makes the worlds that check.py looks at:  herd DIRECTORY
//   first.kay    snapshots morning, noon, again (noon once more, by another name) and evening
//   second.kay   noon, in a file of its own
//   empty.kay    no snapshot at all
//   first.log    what entered the first world, from its beginning
//   small.log    inputs of all kinds, a turn that stops, and a second session
//   small.kay    that world after its first turn and at its end: first, end; and stopped:
//                one like it in the middle of a turn
//   void.log     inputs that never came to a turn
//   late.log     begins after turn 3; else it could be one of the small world
//   seed.log, step.log    of worlds with other numbers
// Prints a line for each cow of noon: its number and id.
//
// Replays the first world, as kay asks a program to:
//   herd --load FILE@NAME --record LOG --replay-to TURN [--save OUT@NAME] [--end-with CODE]
//
// Changes bytes in records of a log, which has whole checksums again; for seed 0 names of types
// alone:
//   herd --mangle LOG OUT SEED
#include <kay/kay.hpp>
#include <kay/persist/input_log.hpp>
#include <kay/persist/world_file.hpp>

#include "../../src/persist/disk.hpp"
#include "../../src/persist/log_file.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

struct Bark {
    std::uint8_t loud = 0;
    kay::string text;
};

/// Its handler of Bark fails.
struct Dog {
    using messages = kay::messages<Feed, Bark>;
    std::uint64_t meals = 0;

    void on(const Feed&, kay::world&) { ++meals; }
    void on(const Bark&, kay::world& w) { w.fail("no dog barks here"); }
};

/// Comes to the small world later.
struct Cat {
    using messages = kay::messages<Feed>;
    std::uint64_t meals = 0;
    void on(const Feed&, kay::world&) { ++meals; }
};

using Eater = kay::trait<Feed>;

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

void make_first_worlds(const std::string& folder) {
    kay::actor_system system{{.places = 4, .seed = 42, .workers = 1}};
    system.add<Cow, Stone, city::Lane>();
    auto log = kay::input_log::record(system, folder + "/first.log");
    expect(log);
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

using Dog = herd::Dog;
using after_failure = kay::actor_system::after_failure;

kay::actor_system make_small_world(std::uint64_t seed = 7,
                                   std::chrono::nanoseconds step = std::chrono::milliseconds(100)) {
    kay::actor_system system{{.places = 2, .seed = seed, .workers = 1, .step = step}};
    system.add<Cow, Dog>();
    return system;
}

/// Inputs of all kinds.
void make_small_world(const std::string& folder) {
    const std::string path = folder + "/small.log";
    auto file = kay::world_file::open(folder + "/small.kay");
    expect(file);
    {
        auto system = make_small_world();
        auto log = kay::input_log::record(system, path);
        expect(log);
        const auto spot = system.make_constant(herd::spot{1, 2});
        const auto cow = system.spawn(make_cow(3, {}));
        const auto dog = system.spawn<Dog>(kay::in_place{1}, Dog{5});
        system.every(kay::turns{4}, cow, herd::Feed{0.25});
        system.after(kay::turns{2}, kay::all<Dog>, herd::Feed{0.75});
        system.after(kay::turns{2}, kay::all<herd::Eater>, herd::Feed{1.25});
        expect(system.turn());
        expect(file->save(system, "first"));
        system.send(cow, herd::Feed{5});
        system.send(kay::all<Dog>, herd::Feed{6});
        system.send(kay::all<herd::Eater>, herd::Feed{7});
        system.send(kay::id<herd::Eater>(dog), herd::Feed{8});
        system.send(cow, herd::Meet{cow});
        auto poster = system.make_poster();
        if (poster.post(cow, herd::Sell{}) != kay::posted::accepted) std::exit(1);
        system.set_constant(spot, herd::spot{3, 4});
        system.cancel(system.after(kay::turns{9}, cow, herd::Sell{}));
        expect(system.turn());
        expect(system.turn());
        system.send(dog, herd::Bark{3, "a word of more than eight letters"});
        if (system.turn() || system.resume(after_failure::retry)) std::exit(1);
        system.send(dog, herd::Feed{9});
        expect(system.resume(after_failure::skip));
        expect(log->stop());
    }
    auto system = make_small_world();
    expect(kay::input_log::replay(system, path));
    auto log = kay::input_log::record(system, path);
    expect(log);
    system.add<herd::Cat>();
    system.spawn(herd::Cat{1});
    expect(system.turn());
    for (int i = 0; i < 5; ++i) expect(system.turn());
    expect(log->stop());
    expect(file->save(system, "end"));
    auto stopped = make_small_world();
    const auto dog = stopped.spawn<Dog>();
    expect(stopped.turn());
    stopped.send(dog, herd::Bark{});
    if (stopped.turn()) std::exit(1);
    expect(file->save(stopped, "stopped"));
}

void make_other_logs(const std::string& folder) {
    const auto record_a_turn = [&](kay::actor_system system, const char* name) {
        auto log = kay::input_log::record(system, folder + '/' + name);
        expect(log);
        system.spawn<Dog>();
        expect(system.turn());
        expect(log->stop());
    };
    auto late = make_small_world();
    for (int i = 0; i < 3; ++i) expect(late.turn());
    record_a_turn(std::move(late), "late.log");
    record_a_turn(make_small_world(8), "seed.log");
    record_a_turn(make_small_world(7, std::chrono::seconds(1)), "step.log");
}

/// The recording ends when many have been spawned and the turn has not begun.
void make_void_inputs(const std::string& folder) {
    const std::string path = folder + "/void.log";
    const auto make = [] {
        kay::actor_system system{{.places = 1, .seed = 7, .workers = 1}};
        system.add<Stone>();
        return system;
    };
    {
        auto system = make();
        auto log = kay::input_log::record(system, path);
        expect(log);
        system.spawn<Stone>();
        expect(system.turn());
        for (std::uint32_t i = 0; i < 40'000; ++i) system.spawn(Stone{i, 0, 0});
        expect(log->stop());
    }
    auto system = make();
    expect(kay::input_log::replay(system, path));
    auto log = kay::input_log::record(system, path);
    expect(log);
    system.spawn<Stone>();
    expect(system.turn());
    expect(log->stop());
}

// ---- the program that kay runs

struct snapshot_path {
    std::string file;
    std::string name;
};
snapshot_path split(const std::string& word) {
    const std::size_t at = word.rfind('@');
    if (at == std::string::npos) return {word, "latest"};
    return {word.substr(0, at), word.substr(at + 1)};
}

int replay(int count, char** words) {
    std::string load, record, save;
    std::uint64_t to_turn = 0;
    int code = 0;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view word = words[i];
        if (word == "--load") load = words[i + 1];
        if (word == "--record") record = words[i + 1];
        if (word == "--save") save = words[i + 1];
        if (word == "--replay-to") to_turn = std::strtoull(words[i + 1], nullptr, 10);
        if (word == "--end-with") code = std::atoi(words[i + 1]);
    }
    auto from = kay::world_file::open_to_read(split(load).file);
    expect(from);
    auto system = from->load<Cow, Stone, city::Lane>(split(load).name);
    expect(system);
    expect(kay::input_log::replay(*system, record, to_turn));
    if (!save.empty()) {
        auto to = kay::world_file::open(split(save).file);
        expect(to);
        expect(to->save(*system, split(save).name));
    }
    std::printf("turn %llu, state %016llx\n",
                static_cast<unsigned long long>(system->turn_number()),
                static_cast<unsigned long long>(system->hash()));
    return code;
}

// ---- logs that are damaged where no checksum tells

int mangle(const std::string& from, const std::string& to, std::uint64_t seed) {
    using kay::detail::log_file;
    auto disk = kay::detail::open_disk(from, kay::detail::open_mode::read);
    expect(disk);
    auto whole = log_file::open(std::move(*disk));
    expect(whole);
    auto made_disk = kay::detail::open_disk(to, kay::detail::open_mode::make_or_write);
    expect(made_disk);
    auto made = log_file::make(std::move(*made_disk), (*whole)->world());
    expect(made);
    expect((*made)->begin_session());
    kay::random_stream random(seed, 0, 0);
    std::uint64_t frames = 0;
    for (;;) {
        const auto frame = (*whole)->read_next();
        expect(frame);
        if (!*frame) break;
        std::vector<std::byte> payload((*frame)->payload.begin(), (*frame)->payload.end());
        if (seed == 0) {
            const std::string_view text(reinterpret_cast<const char*>(payload.data()),
                                        payload.size());
            if (const auto at = text.find("herd::Cow"); at != text.npos)
                payload[at] = std::byte{0x1b};
        }
        // One record in three, and one at least.
        if (seed > 0 && !payload.empty() && (++frames == 2 || random.u64() % 3 == 0))
            for (auto n = random.u64() % 3; n < 3; ++n) {
                const auto at = random.u64() % payload.size();
                const auto bit = static_cast<unsigned>(random.u64() % 8);
                payload[at] = random.u64() % 4 ? payload[at] ^ (std::byte{1} << bit)
                                               : static_cast<std::byte>(random.u64());
                if (random.u64() % 8 == 0) payload.resize(at);
                if (payload.empty()) break;
            }
        const auto kind = seed > 0 && random.u64() % 40 == 0
                              ? static_cast<kay::detail::frame_kind>(random.u64() % 6)
                              : (*frame)->kind;
        // A session of its own for all, so that records are what they were.
        (*made)->put(kind, (*frame)->turn, payload);
    }
    expect((*made)->sync());
    return 0;
}

} // namespace

int main(int count, char** words) {
    kay::set_log_level(kay::log_level::off);
    if (count == 5 && std::string_view(words[1]) == "--mangle")
        return mangle(words[2], words[3], std::strtoull(words[4], nullptr, 10));
    if (count > 2) return replay(count, words);
    if (count != 2) return 2;
    make_first_worlds(words[1]);
    make_small_world(words[1]);
    make_void_inputs(words[1]);
    make_other_logs(words[1]);
}
