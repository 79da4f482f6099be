// SPDX-License-Identifier: MIT
//
// A disk on a file of the operating system.
#include "disk.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kay::detail {
namespace {

error failed(const std::string& path, const std::string& what, int code) {
    return {code == ENOENT ? error_code::not_found : error_code::io,
            path + ": " + what + ": " + std::generic_category().message(code)};
}

class file_disk final : public disk {
public:
    /// `direct` is the same file, for what need not be kept in memory; -1: there is none.
    file_disk(std::string path, int file, int direct)
        : path_(std::move(path)), file_(file), direct_(direct) {}
    ~file_disk() override {
        if (direct_ >= 0) ::close(direct_);
        ::close(file_);
    }
    file_disk(const file_disk&) = delete;
    file_disk& operator=(const file_disk&) = delete;

    result<std::uint64_t> size() override {
        struct stat about{};
        if (::fstat(file_, &about) != 0) return failed(path_, "its size is not known", errno);
        return static_cast<std::uint64_t>(about.st_size);
    }

    result<void> read(std::uint64_t at, std::span<std::byte> to) override {
        while (!to.empty()) {
            const ssize_t got = ::pread(file_, to.data(), to.size(), static_cast<off_t>(at));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return failed(path_, "cannot be read" + where(at), errno);
            if (got == 0)
                return error{error_code::bad_data,
                             path_ + ": ends" + where(at) +
                                 ", and more should be there: it was cut off"};
            to = to.subspan(static_cast<std::size_t>(got));
            at += static_cast<std::uint64_t>(got);
        }
        return {};
    }

    void expect_read(std::uint64_t at, std::uint64_t bytes) override {
#if defined(POSIX_FADV_WILLNEED)
        ::posix_fadvise(file_, static_cast<off_t>(at), static_cast<off_t>(bytes),
                        POSIX_FADV_WILLNEED); // a hint: it may fail
#endif
    }

    result<void> write(std::uint64_t at, std::span<const std::byte> from) override {
        // What is large and aligned goes to the disk at once. Through the system's memory it would
        // be copied, and push out what programs need; so a world that is written slows itself down.
        while (direct_ >= 0 && is_aligned(at, from)) {
            const ssize_t put = ::pwrite(direct_, from.data(), from.size(), static_cast<off_t>(at));
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) break; // the other way works, or says why
            from = from.subspan(static_cast<std::size_t>(put));
            at += static_cast<std::uint64_t>(put);
        }
        while (!from.empty()) {
            const ssize_t put = ::pwrite(file_, from.data(), from.size(), static_cast<off_t>(at));
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0)
                return failed(path_, "cannot be written" + where(at), put == 0 ? ENOSPC : errno);
            from = from.subspan(static_cast<std::size_t>(put));
            at += static_cast<std::uint64_t>(put);
        }
        return {};
    }

    result<void> sync() override {
#if defined(__APPLE__)
        const bool done = ::fcntl(file_, F_FULLFSYNC) == 0;
#else
        const bool done = ::fdatasync(file_) == 0;
#endif
        if (!done) return failed(path_, "cannot be made durable", errno);
        return {};
    }

private:
    static bool is_aligned(std::uint64_t at, std::span<const std::byte> from) {
        constexpr std::size_t alignment = 4096, least = std::size_t{64} << 10;
        return from.size() >= least && from.size() % alignment == 0 && at % alignment == 0 &&
               reinterpret_cast<std::uintptr_t>(from.data()) % alignment == 0;
    }
    static std::string where(std::uint64_t at) { return " at byte " + std::to_string(at); }

    std::string path_;
    int file_;
    int direct_;
};

/// The name of a new file is durable only when its folder is.
result<void> sync_folder_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return failed(folder, "cannot be opened", errno);
    const int code = ::fsync(file) == 0 ? 0 : errno;
    ::close(file);
    if (code != 0 && code != EINVAL) return failed(folder, "cannot be made durable", code);
    return {};
}

/// The same file once more, for writes that go past the system's memory; -1: it does not do that.
int open_direct(const std::string& path, int file) {
#if defined(O_DIRECT)
    const int direct = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_DIRECT);
    struct stat one{}, other{};
    if (direct < 0 || (::fstat(file, &one) == 0 && ::fstat(direct, &other) == 0 &&
                       one.st_dev == other.st_dev && one.st_ino == other.st_ino))
        return direct;
    ::close(direct);
#endif
    static_cast<void>(path);
    static_cast<void>(file);
    return -1;
}

} // namespace

result<std::unique_ptr<disk>> open_disk(const std::string& path, open_mode mode) {
    const bool writes = mode != open_mode::read;
    int file = ::open(path.c_str(), (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    const bool made = file < 0 && errno == ENOENT && mode == open_mode::make_or_write;
    if (made) file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return failed(path, "cannot be opened", errno);
    const int direct = writes ? open_direct(path, file) : -1;
    auto opened = std::make_unique<file_disk>(path, file, direct);
    struct stat about{};
    if (::fstat(file, &about) == 0 && !S_ISREG(about.st_mode))
        return error{error_code::invalid_argument, path + ": is no file"};
    if (writes && ::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return error{error_code::io, path + ": another program is saving into it"};
        return failed(path, "cannot be locked", errno);
    }
    if (made)
        if (auto durable = sync_folder_of(path); !durable) return durable.error();
    return std::unique_ptr<disk>(std::move(opened));
}

} // namespace kay::detail
