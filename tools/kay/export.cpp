// SPDX-License-Identifier: MIT
#include "commands.hpp"
#include "npy.hpp"
#include "world.hpp"

#include "../../src/persist/value_text.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <vector>

namespace tool {
namespace {

using kay::detail::flat_field;
using kay::detail::saved_field;
using kay::detail::saved_view;
using kay::detail::schema;
using kay::detail::value_kind;

/// What a table is written with.
struct table {
    std::string head;
    std::function<void(std::string& to, const saved_view::instance& actor)> add_row;
};

/// The column of ids: `id`, unless the actor has a field of that name.
std::string id_name(const schema& types, std::uint32_t layout) {
    std::string name = "id";
    const auto is_taken = [&](const saved_field& field) { return field.name == name; };
    while (std::any_of(types[layout].fields.begin(), types[layout].fields.end(), is_taken))
        name += '_';
    return name;
}

void add_cell(std::string& to, std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        to += text;
        return;
    }
    to += '"';
    for (const char c : text) {
        if (c == '"') to += '"';
        to += c;
    }
    to += '"';
}

/// Texts as they are, numbers and ids; nothing where there is none; all else as JSON.
void add_value_cell(std::string& to, const schema& types, std::uint32_t type, const std::byte* at) {
    while (types[type].kind == value_kind::optional) {
        if (!kay::detail::has_value(types, type, at)) return;
        type = types[type].parts[0];
    }
    const value_kind kind = types[type].kind;
    std::string text;
    if (kind == value_kind::string || kay::detail::is_chars(types, type)) {
        text = kay::detail::chars_of(types, type, at);
    } else if (kind == value_kind::character) {
        text = static_cast<char>(*at);
    } else if (kind == value_kind::floating) {
        kay::detail::add_text(text, types, type, at); // NaN and the infinities too
    } else {
        kay::detail::add_json(text, types, type, at);
        if (text == "null") return;
        if (text.front() == '"') text = text.substr(1, text.size() - 2); // an id
    }
    add_cell(to, text);
}

table csv_of(const schema& types, std::uint32_t layout) {
    const std::vector<flat_field> fields = kay::detail::flat_fields(types, layout);
    table made;
    made.head = id_name(types, layout);
    for (const flat_field& field : fields) {
        made.head += ',';
        add_cell(made.head, field.name);
    }
    made.head += '\n';
    made.add_row = [&types, fields](std::string& to, const saved_view::instance& actor) {
        to += to_string(actor.id);
        for (const flat_field& field : fields) {
            to += ',';
            add_value_cell(to, types, field.type, actor.block.data() + field.offset);
        }
        to += '\n';
    };
    return made;
}

table jsonl_of(const schema& types, std::uint32_t layout) {
    table made;
    made.add_row = [&types, layout, name = id_name(types, layout)](
                       std::string& to, const saved_view::instance& actor) {
        to += "{\"" + name + "\": \"" + to_string(actor.id) + '"';
        for (const saved_field& field : types[layout].fields) {
            to += ", ";
            kay::detail::add_json_string(to, field.name);
            to += ": ";
            kay::detail::add_json(to, types, field.type, actor.block.data() + field.offset);
        }
        to += "}\n";
    };
    return made;
}

table npy_of(const schema& types, std::uint32_t layout, std::uint64_t rows) {
    const npy_table columns(types, layout, id_name(types, layout));
    table made;
    made.head = columns.header(rows);
    made.add_row = [columns](std::string& to, const saved_view::instance& actor) {
        columns.add_row(to, actor.id.bits, actor.block.data());
    };
    if (!columns.left_out().empty()) {
        std::string all;
        for (const std::string& name : columns.left_out()) all += (all.empty() ? "" : ", ") + name;
        std::fprintf(stderr, "kay: left out, as no row of one size can hold it: %s\n", all.c_str());
    }
    return made;
}

} // namespace

kay::result<int> export_actors(const options& o, output& standard) {
    auto w = open_world(o.world);
    if (!w) return w.error();
    const auto type = find_type(*w, o.type);
    if (!type) return type.error();
    const schema& types = w->view.types();
    const std::uint32_t layout = w->view.layout_of(*type);
    std::error_code problem;
    if (std::filesystem::equivalent(o.out, w->path.file, problem))
        return kay::error{kay::error_code::invalid_argument,
                          o.out + ": is the file of the world, and would be overwritten"};
    auto file = output::open(o.out);
    if (!file) return file.error();
    output& out = o.out.empty() ? standard : *file;

    const table made = o.format == "csv" ? csv_of(types, layout)
                       : o.format == "jsonl"
                           ? jsonl_of(types, layout)
                           : npy_of(types, layout, w->view.manifest().count(*type));
    out.add(made.head);
    std::string row;
    const auto seen = w->view.each(*type, [&](const saved_view::instance& actor) {
        row.clear();
        made.add_row(row, actor);
        out.add(row);
        return true;
    });
    if (!seen) return in_world(*w, seen.error());
    if (!o.out.empty())
        if (auto written = file->finish(); !written) return written.error();
    return 0;
}

} // namespace tool
