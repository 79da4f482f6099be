// SPDX-License-Identifier: MIT
#include "byte_source.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace city {
namespace {

struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

} // namespace

struct byte_source::state {
    std::unique_ptr<std::FILE, closer> file; ///< null: from memory
    std::string_view memory;                 ///< what is left of it
    std::uint64_t bytes_left = 0;
    std::array<unsigned char, 1 << 16> packed{};
    z_stream unpacker{};
    bool is_packed = false;
    bool is_open = false;   ///< whether the unpacker is within a member
    bool has_begun = false; ///< whether it is known if bytes are packed

    explicit state(std::uint64_t bytes_max) : bytes_left(bytes_max) {}
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() {
        if (is_packed) inflateEnd(&unpacker);
    }

    std::size_t read_raw(std::span<unsigned char> into) {
        if (!file) {
            const std::size_t size = std::min(into.size(), memory.size());
            if (size > 0) std::memcpy(into.data(), memory.data(), size);
            memory.remove_prefix(size);
            return size;
        }
        errno = 0;
        const std::size_t size = std::fread(into.data(), 1, into.size(), file.get());
        if (size < into.size() && std::ferror(file.get()))
            throw broken_file("cannot be read: " + std::generic_category().message(errno));
        return size;
    }

    void begin() {
        has_begun = true;
        unpacker.next_in = packed.data();
        unpacker.avail_in = static_cast<uInt>(read_raw(packed));
        if (unpacker.avail_in < 2 || packed[0] != 0x1f || packed[1] != 0x8b) return;
        constexpr int gzip_only = 15 + 16;
        if (inflateInit2(&unpacker, gzip_only) != Z_OK) throw std::bad_alloc();
        is_packed = is_open = true;
    }

    /// What was read ahead, then the rest.
    std::size_t read_plain(std::span<char> into) {
        const auto bytes = std::span(reinterpret_cast<unsigned char*>(into.data()), into.size());
        const std::size_t ahead = std::min<std::size_t>(unpacker.avail_in, bytes.size());
        if (ahead == 0) return read_raw(bytes);
        std::memcpy(bytes.data(), unpacker.next_in, ahead);
        unpacker.next_in += ahead;
        unpacker.avail_in -= static_cast<uInt>(ahead);
        return ahead;
    }

    std::size_t read_packed(std::span<char> into) {
        unpacker.next_out = reinterpret_cast<Bytef*>(into.data());
        unpacker.avail_out = static_cast<uInt>(into.size());
        while (unpacker.avail_out > 0) {
            if (unpacker.avail_in == 0) {
                unpacker.next_in = packed.data();
                unpacker.avail_in = static_cast<uInt>(read_raw(packed));
                if (unpacker.avail_in == 0) {
                    if (is_open) throw broken_file("is cut off: compressed by gzip, without end");
                    break;
                }
            }
            if (!is_open) { // members may follow each other
                if (inflateReset(&unpacker) != Z_OK) throw broken_file("is damaged");
                is_open = true;
            }
            const int done = inflate(&unpacker, Z_NO_FLUSH);
            if (done == Z_MEM_ERROR) throw std::bad_alloc();
            if (done == Z_STREAM_END)
                is_open = false;
            else if (done != Z_OK)
                throw broken_file("is damaged or not compressed by gzip");
        }
        return into.size() - unpacker.avail_out;
    }
};

byte_source::byte_source(const std::string& path, std::uint64_t bytes_max)
    : state_(std::make_unique<state>(bytes_max)) {
    state_->file.reset(std::fopen(path.c_str(), "rb"));
    if (!state_->file)
        throw broken_file("cannot be read: " + std::generic_category().message(errno));
}

byte_source::byte_source(std::string_view bytes, std::uint64_t bytes_max)
    : state_(std::make_unique<state>(bytes_max)) {
    state_->memory = bytes;
}

byte_source::byte_source(byte_source&&) noexcept = default;
byte_source::~byte_source() = default;

std::size_t byte_source::read(std::span<char> into) {
    constexpr std::size_t at_once = 1 << 24; // zlib counts in 32 bits
    into = into.first(std::min(into.size(), at_once));
    if (into.empty()) return 0;
    if (!state_->has_begun) state_->begin();
    const std::size_t size =
        state_->is_packed ? state_->read_packed(into) : state_->read_plain(into);
    if (size > state_->bytes_left)
        throw broken_file("is longer than " + std::to_string(state_->bytes_left) +
                          " bytes more: that is no demand of a city");
    state_->bytes_left -= size;
    return size;
}

} // namespace city
