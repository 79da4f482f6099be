// SPDX-License-Identifier: MIT
//
// The one file that sees libosmium.
#include "osm_reader.hpp"

#include <osmium/io/any_input.hpp>
#include <osmium/osm/node.hpp>
#include <osmium/osm/relation.hpp>
#include <osmium/osm/way.hpp>
#include <osmium/visitor.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_map>

namespace city {
namespace {

constexpr std::size_t refs_max = 2'000'000'000;

tags tags_of(const osmium::OSMObject& object) {
    tags t;
    for (const osmium::Tag& tag : object.tags()) t.all.push_back({tag.key(), tag.value()});
    return t;
}

/// The ways around multipolygons, and what is within.
struct outline {
    std::int64_t way;
    land_use use;
};

struct relation_reader : osmium::handler::Handler {
    osm_data& data;
    std::vector<outline>& outlines;

    relation_reader(osm_data& d, std::vector<outline>& o) : data(d), outlines(o) {}

    void relation(const osmium::Relation& relation) {
        const tags t = tags_of(relation);
        const std::string_view type = t["type"];
        if (type == "multipolygon") return multipolygon(relation, t);
        if (type == "restriction" || type.starts_with("restriction:")) restrict(relation, t);
    }

private:
    void multipolygon(const osmium::Relation& relation, const tags& t) {
        const land_use use = use_of_area(t);
        if (use.kind == use_kind::none) return;
        for (const osmium::RelationMember& m : relation.members())
            if (m.type() == osmium::item_type::way && std::strcmp(m.role(), "inner") != 0)
                outlines.push_back({m.ref(), use});
    }

    void restrict(const osmium::Relation& relation, const tags& t) {
        ++data.counts.restrictions;
        restriction r;
        r.id = relation.id();
        restriction_kind kind = kind_of_restriction(t, r.only, r.back);
        bool has_node = false;
        for (const osmium::RelationMember& m : relation.members()) {
            const std::string_view role = m.role();
            const bool is_way = m.type() == osmium::item_type::way;
            if (role == "from" && is_way) r.from.push_back(m.ref());
            if (role == "to" && is_way) r.to.push_back(m.ref());
            if (role == "via" && is_way) r.via_ways.push_back(m.ref());
            if (role == "via" && m.type() == osmium::item_type::node) {
                r.via_node = m.ref();
                has_node = true;
            }
        }
        constexpr std::size_t members_max = 20;
        const bool is_whole = !r.from.empty() && !r.to.empty() &&
                              (has_node || !r.via_ways.empty()) &&
                              relation.members().size() <= members_max;
        if (kind == restriction_kind::obeyed && !is_whole) kind = restriction_kind::not_understood;
        if (kind == restriction_kind::obeyed)
            data.restrictions.push_back(std::move(r));
        else
            ++data.counts.left_restrictions[static_cast<std::size_t>(kind)];
    }
};

struct way_reader : osmium::handler::Handler {
    osm_data& data;
    const std::vector<outline>& outlines;                   ///< sorted by way
    std::unordered_map<std::string, std::uint32_t> numbers; ///< of names

    way_reader(osm_data& d, const std::vector<outline>& o) : data(d), outlines(o) {}

    void way(const osmium::Way& way) {
        const tags t = tags_of(way);
        const way_kind kind = kind_of_way(t);
        if (kind == way_kind::street) {
            street(way, t);
        } else {
            ++data.counts.ways[static_cast<std::size_t>(kind)];
            if (!t.has("highway")) closed_way(way, t);
        }
    }

private:
    void street(const osmium::Way& way, const tags& t) {
        street_way s{way.id(), read_street(t), nodes_of(way)};
        if (s.nodes.count < 2) {
            data.refs.resize(s.nodes.first);
            ++data.counts.broken_ways;
            return;
        }
        ++data.counts.ways[static_cast<std::size_t>(way_kind::street)];
        data.left_sided += t["driving_side"] == "left";
        data.right_sided += t["driving_side"] == "right";
        s.name = number_of(name_of(t));
        data.streets.push_back(s);
    }

    void closed_way(const osmium::Way& way, const tags& t) {
        const bool is_closed = way.nodes().size() > 3 && way.nodes().front() == way.nodes().back();
        land_use use = is_closed ? use_of_area(t) : land_use{};
        const auto outer =
            std::lower_bound(outlines.begin(), outlines.end(), way.id(),
                             [](const outline& o, std::int64_t id) { return o.way < id; });
        if (use.kind == use_kind::none && outer != outlines.end() && outer->way == way.id())
            use = outer->use;
        if (use.kind != use_kind::none && way.nodes().size() > 1)
            data.areas.push_back({way.id(), use, nodes_of(way)});
    }

    /// What people call it, and what stands on the signs.
    static std::string name_of(const tags& t) {
        const std::string name(t["name"]), sign(t["ref"]);
        if (name.empty() || sign.empty() || name == sign) return name + (name.empty() ? sign : "");
        return name + " (" + sign + ")";
    }
    std::uint32_t number_of(const std::string& name) {
        if (name.empty()) return 0;
        const auto next = static_cast<std::uint32_t>(data.names.size());
        const auto [it, is_new] = numbers.emplace(name, next);
        if (is_new) data.names.push_back(name);
        return it->second;
    }

    /// Nodes that stand there twice in a row are one.
    ref_range nodes_of(const osmium::Way& way) {
        if (data.refs.size() > refs_max) throw std::length_error("more nodes than fit");
        ref_range range{static_cast<std::uint32_t>(data.refs.size()), 0};
        for (const osmium::NodeRef& ref : way.nodes()) {
            if (range.count > 0 && data.refs.back() == ref.ref()) continue;
            data.refs.push_back(ref.ref());
            ++range.count;
        }
        return range;
    }
};

struct node_reader : osmium::handler::Handler {
    osm_data& data;
    std::uint32_t next = 0; ///< files are mostly sorted: the node after the last one found

    explicit node_reader(osm_data& d) : data(d) {}

    void node(const osmium::Node& node) {
        if (!node.location().valid()) return;
        if (!node.tags().empty()) {
            const land_use use = use_of_node(tags_of(node));
            if (use.kind != use_kind::none)
                data.places.push_back({node.location().lon(), node.location().lat(), use});
        }
        if (next >= data.node_ids.size() || data.node_ids[next] != node.id())
            next = data.find_node(node.id());
        if (next == osm_data::none) return;
        node_data& n = data.nodes[next++];
        n.longitude = node.location().lon();
        n.latitude = node.location().lat();
        n.is_there = true;
        if (!node.tags().empty()) n.sign = sign_of(tags_of(node));
    }

private:
    static node_sign sign_of(const tags& t) {
        const std::string_view highway = t["highway"];
        node_sign s;
        if (highway == "traffic_signals") s.what = right_of_way::signals;
        if (highway == "stop") s.what = right_of_way::stop;
        if (highway == "give_way") s.what = right_of_way::give_way;
        std::string_view towards = t["traffic_signals:direction"];
        if (towards.empty()) towards = t["direction"];
        if (towards == "forward") s.towards = 1;
        if (towards == "backward") s.towards = -1;
        return s;
    }
};

template <class Handler>
void pass(const osmium::io::File& file, osmium::osm_entity_bits::type entities, Handler handler) {
    osmium::io::Reader reader(file, entities);
    osmium::apply(reader, handler);
    reader.close();
}

template <class MakeFile>
osm_data read(MakeFile make_file) {
    try {
        const osmium::io::File file = make_file();
        osm_data data;
        std::vector<outline> outlines;
        pass(file, osmium::osm_entity_bits::relation, relation_reader(data, outlines));
        std::stable_sort(outlines.begin(), outlines.end(),
                         [](const outline& a, const outline& b) { return a.way < b.way; });
        pass(file, osmium::osm_entity_bits::way, way_reader(data, outlines));
        data.seal();
        pass(file, osmium::osm_entity_bits::node, node_reader(data));
        return data;
    } catch (const osmium::gzip_error& e) {
        throw broken_file(std::string("is cut off, damaged or not compressed by gzip: ") +
                          e.what());
    } catch (const osmium::bzip2_error& e) {
        throw broken_file(std::string("is cut off, damaged or not compressed by bzip2: ") +
                          e.what());
    }
}

} // namespace

osm_data read_osm_data(const std::string& path) {
    return read([&] { return osmium::io::File(path); });
}

osm_data read_osm_data(std::string_view bytes, const std::string& format) {
    return read([&] { return osmium::io::File(bytes.data(), bytes.size(), format); });
}

} // namespace city
