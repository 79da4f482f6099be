// SPDX-License-Identifier: MIT
#include "world.hpp"

#include "../../src/persist/in_file.hpp"
#include "../../src/persist/value_text.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

namespace tool {

using kay::error;
using kay::error_code;
using kay::result;
using kay::detail::in_file;
using kay::detail::page_file;
using kay::detail::saved_view;

bool is_named(const std::string& full, const std::string& name) {
    return full == name || full.ends_with("::" + name);
}

std::string list_of(const std::vector<std::string>& names, const char* none) {
    constexpr std::size_t names_told_max = 30;
    if (names.empty()) return none;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < names_told_max; ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > names_told_max)
        text += " and " + std::to_string(names.size() - names_told_max) + " more";
    return text;
}

std::string shown(const std::string& name) {
    std::string text;
    kay::detail::add_quoted(text, name);
    return text;
}

error in_world(const world& w, const error& e) { return in_file(w.path.file, e); }

error in_log(const std::string& path, const error& e) { return in_file(path, e); }

world_path split(const std::string& word) {
    std::error_code problem;
    if (std::filesystem::exists(word, problem)) return {word, {}};
    for (std::size_t at = word.rfind('@'); at != std::string::npos && at > 0;
         at = word.rfind('@', at - 1))
        if (std::filesystem::exists(word.substr(0, at), problem))
            return {word.substr(0, at), word.substr(at + 1)};
    return {word, {}};
}

result<std::unique_ptr<page_file>> open_file(const std::string& path) {
    auto disk = kay::detail::open_disk(path, kay::detail::open_mode::read);
    if (!disk) return disk.error();
    auto file = page_file::open(std::move(*disk), false);
    if (!file) return in_file(path, file.error());
    if ((*file)->warning())
        std::fprintf(stderr, "kay: %s: %s\n", path.c_str(), (*file)->warning()->c_str());
    return file;
}

result<world> open_world(const std::string& word) {
    world_path path = split(word);
    auto file = open_file(path.file);
    if (!file) return file.error();
    std::shared_ptr<const page_file::snapshot> chosen;
    std::vector<std::string> names;
    for (const auto& s : (*file)->snapshots()) {
        names.push_back(shown(s->record().name));
        const bool is_it = path.snapshot.empty()
                               ? !chosen || s->record().number > chosen->record().number
                               : s->record().name == path.snapshot;
        if (is_it) chosen = s;
    }
    if (!chosen)
        return error{error_code::not_found,
                     path.file + ": has no snapshot" +
                         (path.snapshot.empty() ? "" : " named " + shown(path.snapshot)) +
                         "; there is " + list_of(names, "none at all")};
    path.snapshot = chosen->record().name;
    auto view = saved_view::open(**file, chosen);
    if (!view) return in_file(path.file, view.error());
    return world{std::move(path), std::move(*file), std::move(*view)};
}

result<std::unique_ptr<kay::detail::log_file>> open_log(const std::string& path) {
    auto disk = kay::detail::open_disk(path, kay::detail::open_mode::read);
    if (!disk) return disk.error();
    auto log = kay::detail::log_file::open(std::move(*disk));
    if (!log) return in_file(path, log.error());
    return log;
}

bool is_of(const kay::detail::log_identity& log, const world& saved) {
    const kay::detail::saved_head& head = saved.view.manifest().head;
    return log.places == head.places && log.seed == head.seed && log.step_ns == head.step.count();
}

result<std::uint32_t> find_type(const world& in, const std::string& name) {
    if (const auto exact = in.view.find_type(name)) return *exact;
    std::vector<std::string> all, similar;
    std::uint32_t found = 0;
    const auto& types = in.view.manifest().head.types;
    for (std::uint32_t t = 0; t < types.size(); ++t) {
        all.push_back(types[t].name);
        if (!types[t].name.ends_with("::" + name)) continue;
        similar.push_back(types[t].name);
        found = t;
    }
    if (similar.size() == 1) return found;
    if (similar.size() > 1)
        return error{error_code::not_found,
                     in.name() + ": " + shown(name) + " may be any of " + list_of(similar, "")};
    return error{error_code::not_found, in.name() + ": has no actor type named " + shown(name) +
                                            "; there is " + list_of(all, "none at all")};
}

} // namespace tool
