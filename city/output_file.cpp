// SPDX-License-Identifier: MIT
#include "output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace city {

kay::result<void> write_whole(const std::string& file, const std::string& what,
                              const std::function<std::string(const std::string& path)>& write) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const bool is_there = fs::exists(file, ignored);
    const bool straight = is_there && !fs::is_regular_file(file, ignored);
    std::string target = file;
    if (is_there && !straight)
        if (const fs::path found = fs::canonical(file, ignored); !ignored) target = found.string();
    const std::string path = straight ? file : target + ".part";
    std::string problem = write(path);
    if (problem.empty() && !straight) {
        std::error_code failed;
        fs::rename(path, target, failed);
        if (failed) problem = failed.message();
    }
    if (problem.empty()) return {};
    if (!straight) fs::remove(path, ignored);
    return kay::error{kay::error_code::io,
                      file + ": the " + what + " cannot be written: " + problem};
}

kay::result<void> write_text(const std::string& file, const std::string& what,
                             std::string_view text) {
    return write_whole(file, what, [&](const std::string& path) -> std::string {
        std::FILE* const out = std::fopen(path.c_str(), "wb");
        if (!out) return std::generic_category().message(errno);
        errno = 0;
        bool good = std::fwrite(text.data(), 1, text.size(), out) == text.size();
        good = std::fclose(out) == 0 && good;
        return good ? "" : std::generic_category().message(errno);
    });
}

} // namespace city
