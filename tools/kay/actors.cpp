// SPDX-License-Identifier: MIT
#include "commands.hpp"
#include "filter.hpp"
#include "world.hpp"

#include "../../src/persist/value_text.hpp"

#include <optional>

namespace tool {

using kay::error;
using kay::error_code;
using kay::detail::saved_field;
using kay::detail::saved_view;
using kay::detail::schema;

kay::result<int> show_actors(const options& o, output& out) {
    auto w = open_world(o.world);
    if (!w) return w.error();
    const auto type = find_type(*w, o.type);
    if (!type) return type.error();
    const schema& types = w->view.types();
    const std::uint32_t layout = w->view.layout_of(*type);
    const auto wanted = filter::parse(o.where, types, layout);
    if (!wanted) return wanted.error();
    std::uint64_t left = o.limit;
    const auto seen = w->view.each(*type, [&](const saved_view::instance& actor) {
        if (left == 0) return false;
        if (!wanted->is_true_of(types, actor.block.data())) return true;
        --left;
        std::string line = to_string(actor.id);
        for (const saved_field& field : types[layout].fields) {
            line += ' ' + field.name + '=';
            kay::detail::add_text(line, types, field.type, actor.block.data() + field.offset);
        }
        out.add(line += '\n');
        return true;
    });
    if (!seen) return in_world(*w, seen.error());
    return 0;
}

namespace {

/// An actor that was asked for, of one of several types.
struct found_one {
    std::uint32_t type = 0;
    saved_view::instance actor;
};

kay::result<found_one> find_one(world& w, const std::string& word, std::string type_name) {
    std::string text = word;
    if (const std::size_t at = word.rfind('@'); at != std::string::npos) {
        const std::string before = word.substr(0, at);
        if (!type_name.empty() && type_name != before && !before.ends_with("::" + type_name))
            return error{error_code::invalid_argument,
                         word + ": is no id of a " + type_name + " but of a " + before};
        type_name = before;
        text = word.substr(at + 1);
    }
    const auto id = kay::parse_id(text);
    if (!id) return id.error();
    std::uint32_t first = 0, end = static_cast<std::uint32_t>(w.view.manifest().head.types.size());
    if (!type_name.empty()) {
        const auto type = find_type(w, type_name);
        if (!type) return type.error();
        first = *type;
        end = first + 1;
    }
    std::string owners;
    std::optional<std::uint32_t> owner;
    for (std::uint32_t t = first; t < end; ++t) {
        const auto actor = w.view.find(t, *id);
        if (!actor) return in_world(w, actor.error());
        if (!*actor) continue;
        owner = t;
        owners += (owners.empty() ? "" : ", ") + w.view.manifest().head.types[t].name;
    }
    if (!owner)
        return error{
            error_code::not_found,
            w.name() + ": no actor" +
                (type_name.empty() ? "" : " of " + w.view.manifest().head.types[first].name) +
                " has the id " + to_string(*id) + "; kay actors says which there are"};
    if (owners.find(", ") != std::string::npos)
        return error{error_code::invalid_argument,
                     to_string(*id) + ": is an id of " + owners + "; name one of them behind it"};
    const auto actor = w.view.find(*owner, *id);
    if (!actor) return in_world(w, actor.error());
    return found_one{*owner, **actor};
}

} // namespace

kay::result<int> show_one(const options& o, output& out) {
    auto w = open_world(o.world);
    if (!w) return w.error();
    const auto found = find_one(*w, o.id, o.type);
    if (!found) return found.error();
    std::string text =
        w->view.manifest().head.types[found->type].name + '@' + to_string(found->actor.id) + '\n';
    kay::detail::add_tree(text, w->view.types(), w->view.layout_of(found->type),
                          found->actor.block.data(), 2);
    out.add(text);
    return 0;
}

} // namespace tool
