// SPDX-License-Identifier: MIT
#include "cut.hpp"

#include <kay/core/assert.hpp>

#include <algorithm>
#include <iterator>

namespace city {

/// How far each vertex between the ends is, over arcs with room, from (backwards: to) the nearest
/// vertex of one end: of all vertices, or if the other end is reached, of those before it. Whether
/// it is.
bool cut_finder::spread(std::span<const std::uint32_t> from, bool backwards) {
    const flow_graph& graph = *graph_;
    std::fill(steps_.begin(), steps_.end(), unseen);
    queue_.assign(from.begin(), from.end());
    for (std::uint32_t v : from) steps_[v] = 0;
    const std::uint8_t start = backwards ? sink : source;
    std::uint32_t reached = unseen; // after so many steps
    for (std::size_t next = 0; next < queue_.size(); ++next) {
        const std::uint32_t v = queue_[next];
        if (steps_[v] == reached) break;
        for (std::uint32_t a = graph.first[v]; a < graph.first[v + 1]; ++a) {
            const flow_graph::arc& arc = graph.arcs[a];
            if (steps_[arc.to] != unseen || end_[arc.to] == start) continue;
            if ((backwards ? arc.room_back() : arc.room) == 0) continue;
            steps_[arc.to] = steps_[v] + 1;
            current_[arc.to] = graph.first[arc.to];
            if (end_[arc.to] != neither) reached = steps_[arc.to];
            queue_.push_back(arc.to);
        }
    }
    return reached != unseen;
}

/// Sends flow along one shortest path from a source to any sink. Requires steps to the sinks.
bool cut_finder::push_one(std::uint32_t from) {
    flow_graph& graph = *graph_;
    path_.clear();
    std::uint32_t v = from;
    while (end_[v] != sink) {
        bool went_on = false;
        for (std::uint32_t& a = current_[v]; a < graph.first[v + 1]; ++a) {
            const flow_graph::arc& arc = graph.arcs[a];
            if (arc.room == 0 || steps_[arc.to] + 1 != steps_[v]) continue;
            path_.push_back(a);
            v = arc.to;
            went_on = true;
            break;
        }
        if (went_on) continue;
        if (path_.empty()) return false;
        v = graph.arcs[graph.arcs[path_.back()].back].to;
        ++current_[v];
        path_.pop_back();
    }
    for (std::uint32_t a : path_) {
        --graph.arcs[a].room;
        ++graph.arcs[graph.arcs[a].back].room;
    }
    return true;
}

std::uint64_t cut_finder::push() {
    std::uint64_t sent = 0;
    for (std::uint32_t v : sources_)
        while (steps_[v] != unseen && push_one(v)) ++sent;
    return sent;
}

void cut_finder::begin(flow_graph& graph, std::span<const std::uint32_t> sequence) {
    const std::uint32_t size = graph.size();
    KAY_ASSERT(sequence.size() == size);
    graph_ = &graph;
    sequence_ = sequence;
    ends_ = 0;
    flow_ = 0;
    end_.assign(size, neither);
    steps_.resize(size);
    current_.resize(size);
    for (flow_graph::arc& a : graph.arcs) a.room = a.at_rest;
}

/// What lies deep in an end does not matter: nothing has to flow there.
void cut_finder::widen(std::uint32_t ends) {
    KAY_ASSERT(ends >= std::max(ends_, 1u) && ends <= graph_->size() / 2);
    ends_ = ends;
    const auto sources = sequence_.first(ends), sinks = sequence_.last(ends);
    for (std::uint32_t v : sources) end_[v] = source;
    for (std::uint32_t v : sinks) end_[v] = sink;
    const auto is_at_rim = [&](std::uint32_t v) {
        const auto* const arcs = graph_->arcs.data();
        return std::any_of(arcs + graph_->first[v], arcs + graph_->first[v + 1],
                           [&](const flow_graph::arc& a) { return end_[a.to] != end_[v]; });
    };
    sources_.clear();
    sinks_.clear();
    std::copy_if(sources.begin(), sources.end(), std::back_inserter(sources_), is_at_rim);
    std::copy_if(sinks.begin(), sinks.end(), std::back_inserter(sinks_), is_at_rim);
}

/// An end, and what was seen from its rim.
std::vector<std::uint32_t> cut_finder::side_of(std::span<const std::uint32_t> end,
                                               std::size_t rim) const {
    std::vector<std::uint32_t> side(end.begin(), end.end());
    side.insert(side.end(), queue_.begin() + static_cast<std::ptrdiff_t>(rim), queue_.end());
    return side;
}

graph_cut cut_finder::find(std::uint32_t ends, const graph_cut& best) {
    widen(ends);
    const std::uint32_t size = graph_->size();
    const auto is_hopeless = [&] { // even were it to cut in halves
        return flow_ * best.smaller > best.capacity * (size / 2);
    };
    while (!is_hopeless() && spread(sinks_, true)) flow_ += push();
    if (is_hopeless()) return {};
    const auto near_sinks = side_of(sequence_.last(ends), sinks_.size());
    spread(sources_, false);
    const auto near_sources = side_of(sequence_.first(ends), sources_.size());

    const auto smaller = [&](const std::vector<std::uint32_t>& side) {
        const auto here = static_cast<std::uint32_t>(side.size());
        return std::min(here, size - here);
    };
    const bool at_sinks = smaller(near_sinks) > smaller(near_sources);
    const auto& side = at_sinks ? near_sinks : near_sources;
    graph_cut found{std::vector<bool>(size, at_sinks), flow_, smaller(side)};
    for (std::uint32_t v : side) found.side[v] = !at_sinks;
    return found;
}

} // namespace city
