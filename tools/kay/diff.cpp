// SPDX-License-Identifier: MIT
//
// How two worlds differ. Pages are compared by their hashes where both worlds are of one file, or
// of a copy of it; only those that differ are read, and what lies in the others is the same.
#include "commands.hpp"
#include "world.hpp"

#include "../../src/persist/value_text.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tool {
namespace {

using kay::result;
using kay::detail::flat_field;
using kay::detail::saved_view;
using kay::detail::store_index;
using kay::detail::world_manifest;

constexpr std::size_t value_chars_max = 160;

/// A field of a type in both worlds.
struct field_pair {
    flat_field a;
    flat_field b;
};

/// An actor type that is in both worlds.
struct type_pair {
    std::uint32_t a;
    std::uint32_t b;
    bool has_one_layout;
    std::vector<field_pair> fields;
};

/// Long texts are cut: before what is different in them, and behind.
void cut(std::string& a, std::string& b) {
    if (a.size() <= value_chars_max && b.size() <= value_chars_max) return;
    const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const auto same = static_cast<std::size_t>(differ.first - a.begin());
    const std::size_t from = same < value_chars_max / 4 ? 0 : same - value_chars_max / 4;
    for (std::string* text : {&a, &b}) {
        const bool goes_on = text->size() > from + value_chars_max;
        *text = (from ? "..." : "") + text->substr(from, value_chars_max) + (goes_on ? "..." : "");
    }
}

class comparison {
public:
    comparison(world& a, world& b, std::uint64_t lines_max, output& out)
        : a_(a), b_(b), lines_left_(lines_max), out_(out),
          is_one_file_(a.file->uuid() == b.file->uuid()) {}

    result<void> run() {
        compare_worlds();
        compare_types();
        for (const type_pair& type : types_)
            if (auto done = compare_actors(type); !done) return done;
        return compare_the_rest();
    }

    /// The end: how many there were of what.
    bool finish() {
        if (!differs_) {
            out_.add("The worlds are the same.\n");
            return false;
        }
        out_.add(std::to_string(came_) + " actors came, " + std::to_string(went_) + " went, " +
                 std::to_string(changed_) + " changed; " + std::to_string(same_pages_) +
                 " pages are the same by their hashes\n");
        return true;
    }

private:
    const world_manifest& a() const { return a_.view.manifest(); }
    const world_manifest& b() const { return b_.view.manifest(); }

    void line(const std::string& text) {
        differs_ = true;
        if (lines_left_ == 0) return;
        --lines_left_;
        out_.add(text + '\n');
    }
    void line(const char* what, const std::string& before, const std::string& after) {
        if (before != after) line(std::string(what) + ": " + before + " -> " + after);
    }

    void compare_worlds() {
        line("places", std::to_string(a().places.size()), std::to_string(b().places.size()));
        line("seed", std::to_string(a().head.seed), std::to_string(b().head.seed));
        line("step", std::to_string(a().head.step.count()) + " ns",
             std::to_string(b().head.step.count()) + " ns");
        line("turn", std::to_string(a().head.turn), std::to_string(b().head.turn));
    }

    void compare_types() {
        for (std::uint32_t t = 0; t < a().head.types.size(); ++t) {
            const std::string& name = a().head.types[t].name;
            const auto other = b_.view.find_type(name);
            if (other) {
                types_.push_back(pair_of(t, *other));
                continue;
            }
            went_ += a().count(t);
            line("- type " + name + " with " + std::to_string(a().count(t)) + " actors");
        }
        for (std::uint32_t t = 0; t < b().head.types.size(); ++t) {
            if (a_.view.find_type(b().head.types[t].name)) continue;
            came_ += b().count(t);
            line("+ type " + b().head.types[t].name + " with " + std::to_string(b().count(t)) +
                 " actors");
        }
    }

    type_pair pair_of(std::uint32_t in_a, std::uint32_t in_b) {
        const std::uint32_t of_a = a_.view.layout_of(in_a), of_b = b_.view.layout_of(in_b);
        type_pair made{
            in_a, in_b, a().head.types[in_a].layout_hash == b().head.types[in_b].layout_hash, {}};
        if (!made.has_one_layout)
            line("layout of " + a().head.types[in_a].name + ":\n" +
                 kay::detail::difference(a_.view.types(), of_a, b_.view.types(), of_b));
        const auto others = kay::detail::flat_fields(b_.view.types(), of_b);
        for (flat_field& field : kay::detail::flat_fields(a_.view.types(), of_a)) {
            const auto same =
                std::find_if(others.begin(), others.end(),
                             [&](const flat_field& other) { return other.name == field.name; });
            if (same != others.end()) made.fields.push_back({std::move(field), *same});
        }
        return made;
    }

    // ---- pages

    bool is_same(std::span<const std::uint32_t> in_a, std::span<const std::uint32_t> in_b) const {
        return is_one_file_ && std::ranges::equal(in_a, in_b) &&
               std::all_of(in_a.begin(), in_a.end(), [&](std::uint32_t page) {
                   return page == world_manifest::no_page ||
                          a_.view.page(page).hash == b_.view.page(page).hash;
               });
    }

    static const world_manifest::store* store_of(const world_manifest& m, std::uint32_t place,
                                                 std::uint32_t type) {
        if (place >= m.places.size() || !m.places[place].stores[type]) return nullptr;
        return &*m.places[place].stores[type];
    }

    /// All of it, without looking into it.
    bool is_same(const world_manifest::store& in_a, const world_manifest::store& in_b) const {
        if (in_a.first_free != in_b.first_free || in_a.first_unused != in_b.first_unused ||
            in_a.runs.size() != in_b.runs.size() || !is_same(in_a.slot_pages, in_b.slot_pages))
            return false;
        for (std::size_t r = 0; r < in_a.runs.size(); ++r) {
            const world_manifest::run& x = in_a.runs[r];
            const world_manifest::run& y = in_b.runs[r];
            if (x.stride != y.stride || x.visible != y.visible || x.count != y.count ||
                x.chunks != y.chunks || !is_same(x.pages, y.pages))
                return false;
        }
        return true;
    }

    static std::uint64_t pages_of(const world_manifest::store& s) {
        std::uint64_t count = 0;
        for (const world_manifest::run& run : s.runs) count += run.pages.size();
        return count + static_cast<std::uint64_t>(std::count_if(
                           s.slot_pages.begin(), s.slot_pages.end(),
                           [](std::uint32_t page) { return page != world_manifest::no_page; }));
    }

    // ---- actors

    result<void> compare_actors(const type_pair& type) {
        const auto places =
            static_cast<std::uint32_t>(std::max(a().places.size(), b().places.size()));
        for (std::uint32_t place = 0; place < places; ++place)
            if (auto done = compare_stores(type, place); !done) return done;
        return {};
    }

    static result<store_index> index_of(world& w, const world_manifest::store* store,
                                        std::uint32_t place, std::uint32_t type) {
        if (!store) return store_index();
        auto made = w.view.index(place, type);
        if (!made) return in_world(w, made.error());
        return made;
    }

    result<void> compare_stores(const type_pair& type, std::uint32_t place) {
        const world_manifest::store* const in_a = store_of(a(), place, type.a);
        const world_manifest::store* const in_b = store_of(b(), place, type.b);
        if (!in_a && !in_b) return {};
        if (in_a && in_b && type.has_one_layout && is_same(*in_a, *in_b)) {
            same_pages_ += pages_of(*in_a);
            return {};
        }
        const auto before = index_of(a_, in_a, place, type.a);
        if (!before) return before.error();
        const auto after = index_of(b_, in_b, place, type.b);
        if (!after) return after.error();
        const std::uint64_t found_before = came_ + went_ + changed_;
        for (const store_index::row& row : after->rows()) {
            const store_index::row* const was = before->find(row.slot, row.generation);
            auto done = was ? compare_rows(type, place, *in_a, *was, *in_b, row)
                            : tell_one(b_, place, type.b, row, "+ ", came_);
            if (!done) return done;
        }
        for (const store_index::row& row : before->rows()) {
            if (after->find(row.slot, row.generation)) continue;
            if (auto done = tell_one(a_, place, type.a, row, "- ", went_); !done) return done;
        }
        // Whoever is born next may get another id, though all who live are the same.
        if (found_before == came_ + went_ + changed_ &&
            before->hash_of_the_free() != after->hash_of_the_free())
            line("free ids of " + a().head.types[type.a].name + " in place " +
                 std::to_string(place) + " are others");
        return {};
    }

    result<void> tell_one(world& w, std::uint32_t place, std::uint32_t type,
                          const store_index::row& row, const char* sign, std::uint64_t& count) {
        ++count;
        const auto actor = w.view.at(place, type, row);
        if (!actor) return in_world(w, actor.error());
        std::string text;
        kay::detail::add_text(text, w.view.types(), w.view.layout_of(type), actor->block.data());
        if (text.size() > value_chars_max) text = text.substr(0, value_chars_max) + "...";
        line(sign + name_of(w, type, actor->id) + ' ' + text);
        return {};
    }

    static std::string name_of(const world& w, std::uint32_t type, kay::raw_id id) {
        return w.view.manifest().head.types[type].name + '@' + to_string(id);
    }

    result<void> compare_rows(const type_pair& type, std::uint32_t place,
                              const world_manifest::store& in_a, const store_index::row& was,
                              const world_manifest::store& in_b, const store_index::row& is) {
        const world_manifest::run& run_a = in_a.runs[was.run];
        const world_manifest::run& run_b = in_b.runs[is.run];
        const bool is_there = run_a.stride == run_b.stride && was.offset == is.offset;
        if (is_there && type.has_one_layout &&
            is_same(run_a.pages_of(was.position), run_b.pages_of(is.position))) {
            if (is.offset == 0) same_pages_ += run_a.pages_per_chunk;
            return {};
        }
        const auto before = a_.view.at(place, type.a, was);
        if (!before) return in_world(a_, before.error());
        const auto after = b_.view.at(place, type.b, is);
        if (!after) return in_world(b_, after.error());
        if (type.has_one_layout && std::ranges::equal(before->block, after->block)) return {};
        bool has_changed = false;
        std::string x, y;
        for (const field_pair& field : type.fields) {
            x.clear();
            y.clear();
            kay::detail::add_text(x, a_.view.types(), field.a.type,
                                  before->block.data() + field.a.offset);
            kay::detail::add_text(y, b_.view.types(), field.b.type,
                                  after->block.data() + field.b.offset);
            if (x == y) continue;
            has_changed = true;
            cut(x, y);
            line("~ " + name_of(b_, type.b, after->id) + ' ' + field.a.name + ": " + x + " -> " +
                 y);
        }
        changed_ += has_changed;
        return {};
    }

    // ---- what is no actor

    result<bool> has_same_bytes(const std::vector<std::uint32_t>& in_a,
                                const std::vector<std::uint32_t>& in_b) {
        if (is_same(in_a, in_b)) {
            same_pages_ += in_a.size();
            return true;
        }
        if (in_a.size() != in_b.size()) return false;
        for (std::size_t i = 0; i < in_a.size(); ++i) {
            const auto x = a_.view.read(std::span(&in_a[i], 1));
            if (!x) return in_world(a_, x.error());
            const auto y = b_.view.read(std::span(&in_b[i], 1));
            if (!y) return in_world(b_, y.error());
            if (!std::ranges::equal(*x, *y)) return false;
        }
        return true;
    }

    result<void> compare_timers(const world_manifest::timers& x, const world_manifest::timers& y,
                                const std::string& where) {
        const auto same = has_same_bytes(x.pages, y.pages);
        if (!same) return same.error();
        if (!*same || x.record != y.record)
            line("timers " + where + " differ: " + std::to_string(x.count) + " -> " +
                 std::to_string(y.count));
        return {};
    }

    result<void> compare_the_rest() {
        for (std::size_t p = 0; p < std::min(a().places.size(), b().places.size()); ++p) {
            const std::string where = "of place " + std::to_string(p);
            if (a().places[p].leases != b().places[p].leases) line("leases " + where + " differ");
            if (auto done = compare_timers(a().places[p].timed, b().places[p].timed, where); !done)
                return done;
        }
        if (a().outside_leases != b().outside_leases) line("leases of the outside differ");
        if (auto done = compare_timers(a().outside, b().outside, "of the outside"); !done)
            return done;
        for (std::uint32_t t = 0; t < a().head.types.size(); ++t) {
            const auto other = b_.view.find_type(a().head.types[t].name);
            if (other && a().head.types[t].next_place != b().head.types[*other].next_place)
                line("next place of " + a().head.types[t].name + ": " +
                     std::to_string(a().head.types[t].next_place) + " -> " +
                     std::to_string(b().head.types[*other].next_place));
        }
        line("constants", std::to_string(a().constants.size()),
             std::to_string(b().constants.size()));
        for (std::size_t c = 0; c < std::min(a().constants.size(), b().constants.size()); ++c)
            if (a().constants[c].hash != b().constants[c].hash ||
                a().constants[c].bytes != b().constants[c].bytes)
                line("constant " + std::to_string(c) + " has another value");
        return {};
    }

    world& a_;
    world& b_;
    std::uint64_t lines_left_;
    output& out_;
    bool is_one_file_;
    bool differs_ = false;
    std::uint64_t came_ = 0, went_ = 0, changed_ = 0, same_pages_ = 0;
    std::vector<type_pair> types_;
};

} // namespace

result<int> show_difference(const options& o, output& out) {
    auto a = open_world(o.world);
    if (!a) return a.error();
    auto b = open_world(o.other);
    if (!b) return b.error();
    comparison all(*a, *b, o.limit, out);
    if (auto done = all.run(); !done) return done.error();
    return all.finish() ? 1 : 0;
}

} // namespace tool
