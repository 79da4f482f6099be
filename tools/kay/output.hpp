// SPDX-License-Identifier: MIT
//
// What a command writes, to standard output or into a file. Errors are kept until finish: whoever
// writes need not ask.
#pragma once

#include <kay/core/result.hpp>

#include <cstdio>
#include <string>
#include <string_view>

namespace tool {

class output {
public:
    /// An empty path is standard output.
    static kay::result<output> open(const std::string& path);
    output(output&& other) noexcept;
    output& operator=(output&&) = delete;
    ~output();

    void add(std::string_view text);
    /// All is written, or it is said why not.
    kay::result<void> finish();

private:
    explicit output(std::string path, std::FILE* file);
    void flush();

    std::string path_;
    std::FILE* file_;
    std::string waiting_;
    int problem_ = 0; ///< errno
};

} // namespace tool
