// SPDX-License-Identifier: MIT
//
// An input log, told turn by turn without the program that wrote it.
#include "commands.hpp"
#include "input_text.hpp"
#include "log_walk.hpp"
#include "world.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tool {
namespace {

using kay::error;
using kay::error_code;
using kay::detail::log_file;
using kay::detail::log_session;
using kay::detail::logged_input;
using kay::detail::step_kind;

/// One and more, in the order of logged_input.
constexpr const char* kinds[][2] = {{"message", "messages"},
                                    {"spawn", "spawns"},
                                    {"place chosen", "places chosen"},
                                    {"timer", "timers"},
                                    {"timer cancelled", "timers cancelled"},
                                    {"constant", "constants"},
                                    {"type", "types"}};
static_assert(std::size(kinds) == std::variant_size_v<logged_input>);

const char* text_of(step_kind kind) {
    switch (kind) {
    case step_kind::begin: return " begins";
    case step_kind::go_on: return " goes on";
    case step_kind::retry: return " tries the message that failed again";
    case step_kind::skip: return " skips the message that failed";
    }
    return "";
}

std::string count_text(std::uint64_t count, const char* one, const char* more) {
    return std::to_string(count) + ' ' + (count == 1 ? one : more);
}

/// Writes a line for each step and session, and for each input if it is wanted.
class teller : public log_visitor {
public:
    teller(const options& o, const kay::detail::log_identity& log, const world* known, output& out)
        : o_(o), log_(log), text_(known), out_(out) {}

    void begin_session(std::uint64_t turn, const log_session& session) override {
        ++sessions_;
        if (!is_shown(turn) || !o_.type.empty()) return;
        char hash[32];
        std::snprintf(hash, sizeof hash, "%016" PRIx64, session.hash);
        out_.add("session " + std::to_string(sessions_) + " after turn " + std::to_string(turn) +
                 ": state " + hash + ", " +
                 count_text(session.types.size(), "actor type", "actor types") + ", " +
                 count_text(session.constants, "constant", "constants") + '\n');
        if (!o_.inputs) return;
        log_types types;
        for (const auto& type : session.types) types.add(type);
        for (std::uint32_t t = 0; t < types.count(); ++t)
            out_.add("  type " + tool::text_of(types[t]) + '\n');
    }

    void take(std::uint64_t turn, const logged_input& what, const log_bounds& world) override {
        if (!is_shown(turn)) return;
        if (!o_.inputs && o_.type.empty()) {
            ++counts_[what.index()];
            return;
        }
        const input_line line = text_.line_of(what, world, log_);
        if (!o_.type.empty() && !is_named(line.actor, o_.type) && !is_named(line.message, o_.type))
            return;
        has_found_ = true;
        ++counts_[what.index()];
        if (o_.inputs) lines_ += "  " + line.text + '\n';
    }

    void step(std::uint64_t turn, step_kind kind) override {
        if (is_shown(turn) && (o_.type.empty() || counts_ != none_)) {
            out_.add("turn " + std::to_string(turn) + text_of(kind) + ": " + counts_text() + '\n');
            out_.add(lines_);
        }
        forget();
    }

    void drop(std::uint64_t turn) override {
        if (counts_ != none_)
            out_.add("turn " + std::to_string(turn) + " was not recorded, void: " + counts_text() +
                     '\n');
        forget();
    }

    bool has_found() const { return has_found_; }

private:
    bool is_shown(std::uint64_t turn) const { return turn >= o_.from && turn <= o_.to; }

    std::string counts_text() const {
        std::string text;
        for (std::size_t kind = 0; kind < counts_.size(); ++kind)
            if (counts_[kind])
                text += (text.empty() ? "" : ", ") +
                        count_text(counts_[kind], kinds[kind][0], kinds[kind][1]);
        return text.empty() ? "no inputs" : text;
    }

    void forget() {
        counts_ = none_;
        lines_.clear();
    }

    using counts = std::array<std::uint64_t, std::size(kinds)>;

    const options& o_;
    const kay::detail::log_identity& log_;
    input_text text_;
    output& out_;
    std::uint64_t sessions_ = 0;
    const counts none_{};
    counts counts_{};        ///< since the last step, by kind
    std::string lines_;      ///< of inputs since then
    bool has_found_ = false; ///< an input of the type that is wanted
};

/// No text: there is one of that name, and no input was of it.
error no_such_type(const options& o, const log_types& types) {
    std::vector<std::string> all;
    for (std::uint32_t t = 0; t < types.count(); ++t) {
        if (is_named(types[t].name, o.type)) return {};
        all.push_back(types[t].name);
        for (const log_types::message& m : types[t].messages) {
            if (is_named(m.name, o.type)) return {};
            all.push_back(m.name);
        }
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return {error_code::not_found, o.log + ": has no actor or message type named " + shown(o.type) +
                                       "; there is " + list_of(all, "none at all")};
}

void add_summary(const log_summary& found, output& out) {
    out.add("sessions: " + std::to_string(found.sessions) + "\nsteps: " +
            std::to_string(found.steps) + "\nlast turn: " + std::to_string(found.last_turn) +
            "\nacknowledged: turn " + std::to_string(found.acknowledged_turn) + " at least" +
            "\nwhole up to byte: " + std::to_string(found.end) +
            "\nbytes after the end: " + std::to_string(found.bytes_after_end) +
            "\ndamaged: " + found.damage.value_or("nothing") + '\n');
}

} // namespace

kay::result<int> show_log(const options& o, output& out) {
    std::optional<world> known;
    if (!o.with.empty()) {
        auto opened = open_world(o.with);
        if (!opened) return opened.error();
        known.emplace(std::move(*opened));
    }
    const auto log = open_log(o.log);
    if (!log) return log.error();
    const kay::detail::log_identity& of = (*log)->world();
    out.add("places: " + std::to_string(of.places) + "\nseed: " + std::to_string(of.seed) +
            "\nstep: " + std::to_string(of.step_ns) +
            " ns\nbegins after turn: " + std::to_string(of.first_turn) + '\n');
    teller told(o, of, known ? &*known : nullptr, out);
    log_walk walk(**log, told);
    const auto found = walk.run();
    if (!found) return in_log(o.log, found.error());
    if (!o.type.empty() && !told.has_found())
        if (const error none = no_such_type(o, walk.types()); !none.text.empty()) return none;
    add_summary(*found, out);
    return found->damage ? 1 : 0;
}

} // namespace tool
