// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace tool {
namespace {

constexpr std::size_t waiting_bytes_max = std::size_t{256} << 10;

kay::error failed(const std::string& path, int problem) {
    return {kay::error_code::io,
            (path.empty() ? "standard output" : path) +
                ": cannot be written: " + std::generic_category().message(problem)};
}

} // namespace

kay::result<output> output::open(const std::string& path) {
    std::FILE* const file = path.empty() ? stdout : std::fopen(path.c_str(), "wb");
    if (!file) return failed(path, errno);
    return output(path, file);
}

output::output(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}

output::output(output&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, nullptr)),
      waiting_(std::move(other.waiting_)), problem_(other.problem_) {}

output::~output() {
    if (file_ && file_ != stdout) std::fclose(file_);
}

void output::add(std::string_view text) {
    waiting_.append(text);
    if (waiting_.size() >= waiting_bytes_max) flush();
}

void output::flush() {
    if (!problem_ && std::fwrite(waiting_.data(), 1, waiting_.size(), file_) != waiting_.size())
        problem_ = errno;
    waiting_.clear();
}

kay::result<void> output::finish() {
    flush();
    if (!problem_ && std::fflush(file_) != 0) problem_ = errno;
    if (file_ != stdout && std::fclose(std::exchange(file_, nullptr)) != 0 && !problem_)
        problem_ = errno;
    if (problem_) return failed(path_, problem_);
    return {};
}

} // namespace tool
