// SPDX-License-Identifier: MIT
//
// kay::set<K>: keys in their order, in one row in the block. Costs as in kay::map.
#pragma once

#include <kay/memory/vector.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>

namespace kay {

template <class K>
class set {
public:
    using key_type = K;
    using value_type = K;
    using iterator = const K*;
    using const_iterator = const K*;

    set() = default;
    set(std::initializer_list<K> keys) {
        for (const K& key : keys) insert(key);
    }

    std::size_t size() const { return keys_.size(); }
    bool empty() const { return keys_.empty(); }
    const K* begin() const { return keys_.begin(); }
    const K* end() const { return keys_.end(); }

    const K* lower_bound(const K& key) const { return std::lower_bound(begin(), end(), key); }
    const K* find(const K& key) const {
        const K* at = lower_bound(key);
        return at != end() && !(key < *at) ? at : end();
    }
    bool contains(const K& key) const { return find(key) != end(); }

    /// False when it is there already. Linear in what comes behind it.
    std::pair<const K*, bool> insert(K key) {
        const K* found = lower_bound(key);
        if (found != end() && !(key < *found)) return {found, false};
        return {keys_.insert(found, std::move(key)), true};
    }
    /// How many were erased: none or one.
    std::size_t erase(const K& key) {
        const K* found = find(key);
        if (found == end()) return 0;
        keys_.erase(found);
        return 1;
    }
    const K* erase(const K* position) { return keys_.erase(position); }
    void clear() { keys_.clear(); }
    void reserve(std::size_t count) { keys_.reserve(count); }

    friend bool operator==(const set&, const set&) = default;

private:
    friend struct detail::packer<set<K>>;

    vector<K> keys_;
};

namespace detail {

template <class K>
struct packer<set<K>> {
    using keys = packer<vector<K>>;
    static bool is_spilled(const set<K>& s) { return keys::is_spilled(s.keys_); }
    static std::size_t content_bytes(const set<K>& s) { return keys::content_bytes(s.keys_); }
    static std::size_t weight(const set<K>& s) { return keys::weight(s.keys_); }
    static void pack(set<K>& from, set<K>& to, packing& p) { keys::pack(from.keys_, to.keys_, p); }
    static void lift(set<K>& s) { keys::lift(s.keys_); }
    static void moved(set<K>& s, std::ptrdiff_t by) { keys::moved(s.keys_, by); }
    static void shifted(set<K>& s, std::ptrdiff_t by) { keys::shifted(s.keys_, by); }
    static void release(set<K>& s) { keys::release(s.keys_); }
    template <class Sink>
    static void visit(const set<K>& s, Sink&& sink) {
        keys::visit(s.keys_, sink);
    }
};

template <class K>
struct described<set<K>> {
    static constexpr auto name = concat("set<", name_text<K>, ">");
    static constexpr std::uint64_t layout_hash = hash_layout("set", layout_hash_of<K>);
    using elements = type_list<K>;
    static constexpr bool has_padding = false;
};

} // namespace detail
} // namespace kay
