// SPDX-License-Identifier: MIT
//
// An input log that somebody has changed, and made its checksums right again. Its replay says what
// is wrong, or takes in what the program's types can take.
#include "edits.hpp"

#include "../unit/persist/menagerie.hpp"

#include "../../src/persist/log_file.hpp"

#include <kay/persist/input_log.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using namespace kay::detail;
using namespace menagerie;

struct frame {
    frame_kind kind{};
    std::uint64_t turn = 0;
    std::vector<std::byte> payload;
};
constexpr log_identity world{2, 4, 100'000'000, 0};

std::string path() {
    static const std::string made =
        (std::filesystem::temp_directory_path() / ("kay_fuzz_log_" + std::to_string(::getpid())))
            .string();
    return made;
}
struct no_file_stays {
    no_file_stays() { path(); } // so that it ends later
    ~no_file_stays() { std::filesystem::remove(path()); }
};

kay::actor_system new_world() {
    kay::actor_system system{{.places = world.places, .seed = world.seed, .workers = 1}};
    system.add<Beast>();
    return system;
}

/// All kinds of inputs.
std::vector<frame> record() {
    static const no_file_stays at_exit;
    std::filesystem::remove(path());
    auto system = new_world();
    auto log = kay::input_log::record(system, path());
    KAY_ASSERT(log.has_value());
    Table table;
    table.numbers = {4, 5, 6};
    const auto numbers = system.make_constant(std::move(table));
    kay::id<Beast> last;
    for (std::uint32_t i = 0; i < 8; ++i) {
        Beast beast;
        beast.numbers.resize(i, i);
        beast.name = "a name";
        beast.known[i] = "known";
        beast.friend_of = last;
        beast.table = numbers;
        last = system.spawn(kay::in_place{i % 2}, std::move(beast));
    }
    const auto timer = system.after(kay::turns{3}, last, Sleep{});
    system.every(kay::turns{2}, kay::all<Beast>, Roar{1, {5}, numbers});
    system.after(kay::turns{1}, last, Roar{9, {1, 2, 3}, numbers});
    auto poster = system.make_poster();
    for (std::uint32_t turn = 0; turn < 3; ++turn) {
        system.send(last, Roar{turn, {1, 2}, numbers});
        system.send(kay::all<Beast>, Sleep{});
        static_cast<void>(poster.post(last, Roar{turn, {3}, numbers}));
        const auto done = system.turn();
        KAY_ASSERT(done.has_value());
        if (turn == 0) system.cancel(timer);
    }
    const auto stopped = log->stop();
    KAY_ASSERT(stopped.has_value());

    auto disk = open_disk(path(), open_mode::read);
    KAY_ASSERT(disk.has_value());
    auto file = log_file::open(std::move(*disk));
    KAY_ASSERT(file.has_value());
    std::vector<frame> all;
    for (;;) {
        const auto next = (*file)->read_next();
        KAY_ASSERT(next.has_value());
        if (!*next) return all;
        all.push_back(
            {(*next)->kind, (*next)->turn, {(*next)->payload.begin(), (*next)->payload.end()}});
    }
}

void write(const std::vector<frame>& frames) {
    std::filesystem::remove(path());
    auto disk = open_disk(path(), open_mode::make_or_write);
    KAY_ASSERT(disk.has_value());
    auto file = log_file::make(std::move(*disk), world);
    KAY_ASSERT(file.has_value());
    const auto begun = (*file)->begin_session();
    KAY_ASSERT(begun.has_value());
    for (const frame& f : frames) (*file)->put(f.kind, f.turn, f.payload);
    const auto done = (*file)->sync();
    KAY_ASSERT(done.has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<frame> good = record();
    std::vector<frame> what = good;
    std::vector<std::vector<std::byte>*> parts;
    for (frame& f : what) parts.push_back(&f.payload);
    kay::fuzz::edit(parts, data, size, true);
    write(what);
    auto system = new_world();
    const auto replayed = kay::input_log::replay(system, path());
    KAY_ASSERT(size > 0 || replayed.has_value());
    if (replayed) system.hash();
    return 0;
}
