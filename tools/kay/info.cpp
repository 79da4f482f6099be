// SPDX-License-Identifier: MIT
#include "commands.hpp"
#include "world.hpp"

#include "../../src/persist/value_text.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

namespace tool {
namespace {

using kay::detail::page_file;
using kay::detail::snapshot_record;

/// In UTC, to the second.
std::string time_text(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    char text[32];
    if (!gmtime_r(&seconds, &parts) || !std::strftime(text, sizeof text, "%FT%TZ", &parts))
        return "unknown";
    return text;
}

void add_snapshots(const page_file& file, output& out) {
    page_file::snapshot_list all = file.snapshots();
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a->record().number < b->record().number; });
    out.add("snapshots: " + std::to_string(all.size()) + '\n');
    for (const auto& s : all) {
        const snapshot_record& r = s->record();
        std::string line = "  ";
        kay::detail::add_quoted(line, r.name);
        if (!r.parent.empty()) {
            line += " from ";
            kay::detail::add_quoted(line, r.parent);
        }
        line += ", turn " + std::to_string(r.turn) + ", " +
                std::to_string(r.pages_used * kay::detail::extent_bytes) + " bytes, " +
                time_text(r.saved_ms) + '\n';
        out.add(line);
    }
}

} // namespace

kay::result<int> show_info(const options& o, output& out) {
    const world_path path = split(o.world);
    if (path.snapshot.empty()) {
        // A file without snapshots is no error here.
        const auto file = open_file(path.file);
        if (!file) return file.error();
        if ((*file)->snapshots().empty()) {
            out.add("snapshots: 0\n");
            return 0;
        }
    }
    const auto w = open_world(o.world);
    if (!w) return w.error();
    const kay::detail::world_manifest& m = w->view.manifest();
    add_snapshots(*w->file, out);
    std::string text = "snapshot: ";
    kay::detail::add_quoted(text, w->path.snapshot);
    std::uint64_t timers = m.outside.count, bytes = 0;
    for (const auto& place : m.places) timers += place.timed.count;
    for (const auto& constant : m.constants) bytes += constant.bytes;
    text += "\nplaces: " + std::to_string(m.places.size()) +
            "\nseed: " + std::to_string(m.head.seed) +
            "\nstep: " + std::to_string(m.head.step.count()) +
            " ns\nturn: " + std::to_string(m.head.turn) + "\ntimers: " + std::to_string(timers) +
            "\nconstants: " + std::to_string(m.constants.size()) + " of " + std::to_string(bytes) +
            " bytes\nactor types: " + std::to_string(m.head.types.size()) + '\n';
    if (m.is_in_turn) text += "stopped in the middle of its turn\n";
    for (const std::string& failure : m.failures) text += "  " + failure + '\n';
    if (m.waiting_bytes)
        text += "messages that wait: " + std::to_string(m.waiting_bytes) + " bytes\n";
    for (std::uint32_t t = 0; t < m.head.types.size(); ++t)
        text += "  " + m.head.types[t].name + ": " + std::to_string(m.count(t)) + '\n';
    out.add(text);
    return 0;
}

} // namespace tool
