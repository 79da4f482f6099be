// SPDX-License-Identifier: MIT
//
// Records of numbers and texts as bytes: numbers little-endian as they lie in memory, a text as its
// length in 32 bits and its bytes. What is read may be anybody's: a reader that came to the end, or
// read what cannot be, says so and gives zeros from then on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kay::detail {

class byte_writer {
public:
    byte_writer() = default;
    /// Into the room of something that is not needed any more.
    explicit byte_writer(std::vector<std::byte> room) : bytes_(std::move(room)) { bytes_.clear(); }

    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
    template <class T>
        requires std::is_arithmetic_v<T>
    void number(T value) {
        bytes(std::as_bytes(std::span(&value, 1)));
    }
    void text(std::string_view text) {
        number(static_cast<std::uint32_t>(text.size()));
        bytes(std::as_bytes(std::span(text)));
    }
    void bytes(std::span<const std::byte> more) {
        bytes_.insert(bytes_.end(), more.begin(), more.end());
    }
    /// Numbers in a row, with how many there are before them.
    template <class T>
        requires std::is_arithmetic_v<T>
    void numbers(std::span<const T> values) {
        number(static_cast<std::uint64_t>(values.size()));
        bytes(std::as_bytes(values));
    }

    std::span<const std::byte> written() const { return bytes_; }
    /// Forgets all but the first bytes, and keeps the room.
    void cut(std::size_t bytes) { bytes_.resize(bytes); }
    std::vector<std::byte> take() { return std::move(bytes_); }

private:
    std::vector<std::byte> bytes_;
};

class byte_reader {
public:
    explicit byte_reader(std::span<const std::byte> bytes) : left_(bytes) {}

    template <class T>
        requires std::is_arithmetic_v<T>
    T number() {
        T value{};
        const std::span<const std::byte> from = bytes(sizeof value);
        if (!from.empty()) std::memcpy(&value, from.data(), sizeof value);
        return value;
    }
    std::string text() {
        const std::span<const std::byte> from = bytes(number<std::uint32_t>());
        return {reinterpret_cast<const char*>(from.data()), from.size()};
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    std::vector<T> numbers() {
        const auto count = number<std::uint64_t>();
        if (count > left_.size() / sizeof(T)) return fail(), std::vector<T>{};
        const std::span<const std::byte> from = bytes(count * sizeof(T));
        std::vector<T> values(count);
        if (count) std::memcpy(values.data(), from.data(), from.size());
        return values;
    }
    /// Empty where there are not so many.
    std::span<const std::byte> bytes(std::size_t count) {
        if (failed_ || count > left_.size()) return fail(), std::span<const std::byte>{};
        const std::span<const std::byte> first = left_.first(count);
        left_ = left_.subspan(count);
        return first;
    }

    /// What follows is of no use.
    void fail() { failed_ = true; }
    bool failed() const { return failed_; }
    /// All was read, and nothing was missing.
    bool is_at_end() const { return !failed_ && left_.empty(); }
    std::size_t left() const { return failed_ ? 0 : left_.size(); }

private:
    std::span<const std::byte> left_;
    bool failed_ = false;
};

} // namespace kay::detail
