// SPDX-License-Identifier: MIT
//
// kay::map<K, V>: entries in the order of their keys, in one row in the block. Looking up is a
// binary search, inserting and erasing move what comes behind: made for the tens to thousands of
// entries that one actor has. The order of iteration depends on the keys alone, never on history.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/memory/vector.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>

namespace kay {

/// One entry of a map.
template <class K, class V>
struct map_entry {
    K key{};
    V value{};

    friend bool operator==(const map_entry&, const map_entry&) = default;
};

template <class K, class V>
class map {
public:
    using key_type = K;
    using mapped_type = V;
    using value_type = map_entry<K, V>;
    /// Keys are for reading: changing one through an iterator breaks the order.
    using iterator = value_type*;
    using const_iterator = const value_type*;

    map() = default;
    map(std::initializer_list<value_type> entries) {
        for (const value_type& e : entries) insert_or_assign(e.key, e.value);
    }

    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }
    iterator begin() { return entries_.begin(); }
    iterator end() { return entries_.end(); }
    const_iterator begin() const { return entries_.begin(); }
    const_iterator end() const { return entries_.end(); }

    iterator find(const K& key) {
        const iterator at = lower_bound(key);
        return at != end() && !(key < at->key) ? at : end();
    }
    const_iterator find(const K& key) const { return const_cast<map*>(this)->find(key); }
    bool contains(const K& key) const { return find(key) != end(); }

    iterator lower_bound(const K& key) {
        return std::lower_bound(begin(), end(), key,
                                [](const value_type& e, const K& k) { return e.key < k; });
    }
    const_iterator lower_bound(const K& key) const {
        return const_cast<map*>(this)->lower_bound(key);
    }

    /// The value of a key that is there.
    V& at(const K& key) {
        const iterator found = find(key);
        KAY_ASSERT(found != end());
        return found->value;
    }
    const V& at(const K& key) const { return const_cast<map*>(this)->at(key); }

    /// The value of the key; made if it is not there. Linear in what comes behind it then.
    V& operator[](const K& key) {
        iterator found = lower_bound(key);
        if (found == end() || key < found->key)
            found = entries_.insert(found, value_type{key, V{}});
        return found->value;
    }

    /// False, and nothing changes, when the key is there already.
    std::pair<iterator, bool> insert(K key, V value) {
        const iterator found = lower_bound(key);
        if (found != end() && !(key < found->key)) return {found, false};
        return {entries_.insert(found, value_type{std::move(key), std::move(value)}), true};
    }
    std::pair<iterator, bool> insert_or_assign(K key, V value) {
        const iterator found = lower_bound(key);
        if (found != end() && !(key < found->key)) {
            found->value = std::move(value);
            return {found, false};
        }
        return {entries_.insert(found, value_type{std::move(key), std::move(value)}), true};
    }

    /// How many were erased: none or one.
    std::size_t erase(const K& key) {
        const iterator found = find(key);
        if (found == end()) return 0;
        entries_.erase(found);
        return 1;
    }
    iterator erase(const_iterator position) { return entries_.erase(position); }
    void clear() { entries_.clear(); }
    void reserve(std::size_t count) { entries_.reserve(count); }

    friend bool operator==(const map&, const map&) = default;

private:
    friend struct detail::packer<map<K, V>>;

    vector<value_type> entries_;
};

namespace detail {

template <class K, class V>
struct packer<map<K, V>> {
    using entries = packer<vector<map_entry<K, V>>>;
    static bool is_spilled(const map<K, V>& m) { return entries::is_spilled(m.entries_); }
    static std::size_t content_bytes(const map<K, V>& m) {
        return entries::content_bytes(m.entries_);
    }
    static std::size_t weight(const map<K, V>& m) { return entries::weight(m.entries_); }
    static void pack(map<K, V>& from, map<K, V>& to, packing& p) {
        entries::pack(from.entries_, to.entries_, p);
    }
    static void lift(map<K, V>& m) { entries::lift(m.entries_); }
    static void moved(map<K, V>& m, std::ptrdiff_t by) { entries::moved(m.entries_, by); }
    static void shifted(map<K, V>& m, std::ptrdiff_t by) { entries::shifted(m.entries_, by); }
    static void release(map<K, V>& m) { entries::release(m.entries_); }
    template <class Sink>
    static void visit(const map<K, V>& m, Sink&& sink) {
        entries::visit(m.entries_, sink);
    }
};

template <class K, class V>
struct described<map<K, V>> {
    static constexpr auto name = concat("map<", name_text<K>, ",", name_text<V>, ">");
    static constexpr std::uint64_t layout_hash =
        hash_layout("map", layout_hash_of<K>, layout_hash_of<V>);
    using elements = type_list<K, V>;
    static constexpr bool has_padding = false;
};

} // namespace detail
} // namespace kay
