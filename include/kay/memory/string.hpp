// SPDX-License-Identifier: MIT
//
// kay::string: bytes of text in an actor or a message. Sixteen bytes and its characters in the
// block, as in kay::vector; no terminating zero. Reads as a std::string_view, which has all that
// searches: name.view().find("x").
#pragma once

#include <kay/core/hash.hpp>
#include <kay/memory/vector.hpp>

#include <compare>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace kay {

class string {
public:
    using value_type = char;
    using iterator = char*;
    using const_iterator = const char*;

    string() = default;
    string(std::string_view text) : chars_(text.begin(), text.end()) {}
    string(const char* text) : string(std::string_view(text)) {}
    string(const std::string& text) : string(std::string_view(text)) {}

    operator std::string_view() const { return view(); }
    std::string_view view() const { return {chars_.data(), chars_.size()}; }

    const char* data() const { return chars_.data(); }
    char* data() { return chars_.data(); }
    std::size_t size() const { return chars_.size(); }
    std::size_t capacity() const { return chars_.capacity(); }
    bool empty() const { return chars_.empty(); }
    char& operator[](std::size_t index) { return chars_[index]; }
    char operator[](std::size_t index) const { return chars_[index]; }
    char* begin() { return chars_.begin(); }
    char* end() { return chars_.end(); }
    const char* begin() const { return chars_.begin(); }
    const char* end() const { return chars_.end(); }

    void clear() { chars_.clear(); }
    void reserve(std::size_t count) { chars_.reserve(count); }
    void resize(std::size_t count, char value = '\0') { chars_.resize(count, value); }
    void push_back(char c) { chars_.push_back(c); }
    void pop_back() { chars_.pop_back(); }

    string& append(std::string_view text) {
        const string copy(aliases(text) ? text : std::string_view());
        if (!copy.empty()) text = copy;
        const std::size_t needed = size() + text.size();
        if (needed > capacity())
            chars_.reserve(std::max(needed, std::min(capacity() * 2, chars_.max_size())));
        for (char c : text) chars_.push_back(c);
        return *this;
    }
    string& operator+=(std::string_view text) { return append(text); }
    string& operator+=(char c) {
        push_back(c);
        return *this;
    }

    friend string operator+(string a, std::string_view b) {
        a += b;
        return a;
    }

    friend bool operator==(const string& a, const string& b) { return a.view() == b.view(); }
    friend bool operator==(const string& a, std::string_view b) { return a.view() == b; }
    friend bool operator==(const string& a, const char* b) { return a.view() == b; }
    friend auto operator<=>(const string& a, const string& b) { return a.view() <=> b.view(); }
    friend auto operator<=>(const string& a, std::string_view b) { return a.view() <=> b; }
    template <class Traits>
    friend auto& operator<<(std::basic_ostream<char, Traits>& out, const string& s) {
        return out << s.view();
    }

private:
    friend struct detail::packer<string>;

    bool aliases(std::string_view text) const {
        return std::less_equal<>()(data(), text.data()) &&
               std::less<>()(text.data(), data() + size());
    }

    vector<char> chars_;
};

namespace detail {

template <>
struct packer<string> {
    using chars = packer<vector<char>>;
    static bool is_spilled(const string& s) { return chars::is_spilled(s.chars_); }
    static std::size_t content_bytes(const string& s) { return chars::content_bytes(s.chars_); }
    static std::size_t weight(const string& s) { return chars::weight(s.chars_); }
    static void pack(string& from, string& to, packing& p) {
        chars::pack(from.chars_, to.chars_, p);
    }
    static void lift(string& s) { chars::lift(s.chars_); }
    static void moved(string& s, std::ptrdiff_t by) { chars::moved(s.chars_, by); }
    static void shifted(string& s, std::ptrdiff_t by) { chars::shifted(s.chars_, by); }
    static void release(string& s) { chars::release(s.chars_); }
    template <class Sink>
    static void visit(const string& s, Sink&& sink) {
        chars::visit(s.chars_, sink);
    }
};

template <>
struct described<string> {
    static constexpr auto name = concat("string");
    static constexpr std::uint64_t layout_hash = hash_layout("string");
    static constexpr bool storable = true;
    static constexpr bool sendable = true;
    static constexpr bool has_padding = false;
};

} // namespace detail
} // namespace kay
