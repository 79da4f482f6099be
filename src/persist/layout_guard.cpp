// SPDX-License-Identifier: MIT
#include "layout_guard.hpp"

#include <kay/turn/constant.hpp>

#include <algorithm>
#include <string>

namespace kay::detail {
namespace {

/// Lines for a type that is another one by now.
std::string lines_of(const schema& saved, const std::string& name, const schema_node& now) {
    const auto before = saved.find(name);
    if (!before) return "  " + name + ": the file does not say what it was\n";
    schema today;
    const std::uint32_t type = today.add(now);
    return difference(saved, *before, today, type);
}

} // namespace

result<void> check_layouts(const saved_head& head, const schema& saved, const type_table& now,
                           std::span<const migration> migrations) {
    std::string lines;
    for (const saved_head::saved_actor& type : head.types) {
        const std::uint32_t number = now.by_name(type.name);
        if (number == type_table::unknown || now[number].layout_hash == type.layout_hash) continue;
        const auto of_type = [&](const migration& m) { return m.type == type.name; };
        if (std::any_of(migrations.begin(), migrations.end(), [&](const migration& m) {
                return of_type(m) && m.before->layout_hash == type.layout_hash;
            }))
            continue;
        const auto other = std::find_if(migrations.begin(), migrations.end(), of_type);
        if (other != migrations.end())
            lines += "  the migration of " + type.name + " is from another layout:\n" +
                     lines_of(saved, type.name, *other->before);
        else
            lines += lines_of(saved, type.name, *now[number].schema);
    }
    std::vector<std::string> constants = head.constants;
    std::sort(constants.begin(), constants.end());
    constants.erase(std::unique(constants.begin(), constants.end()), constants.end());
    for (const std::string& name : constants) {
        const schema_node* const known = known_constant::find(name);
        const auto before = saved.find(name);
        if (known && before && saved[*before].layout_hash != known->layout_hash)
            lines += lines_of(saved, name, *known);
    }
    if (lines.empty()) return {};
    lines.pop_back();
    return error{error_code::bad_data,
                 "it was saved with other layouts than this program has; change them back, or give "
                 "load_options.changes:\n" +
                     lines};
}

} // namespace kay::detail
