// SPDX-License-Identifier: MIT
#include "output_file.hpp"

#include <filesystem>

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

} // namespace city
