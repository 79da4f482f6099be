// SPDX-License-Identifier: MIT
#include "cut.hpp"

#include <kay/core/assert.hpp>

#include <algorithm>

namespace city {

/// How far each vertex is, over arcs with room, from (backwards: to) the ones given. Whether the
/// other end was reached.
bool cut_finder::spread(const flow_graph& graph, std::span<const std::uint32_t> from,
                        bool backwards) {
    std::fill(steps_.begin(), steps_.end(), unseen);
    queue_.assign(from.begin(), from.end());
    for (std::uint32_t v : from) steps_[v] = 0;
    const std::uint8_t goal = backwards ? source : sink;
    bool reached = false;
    for (std::size_t next = 0; next < queue_.size(); ++next) {
        const std::uint32_t v = queue_[next];
        for (std::uint32_t a = graph.first[v]; a < graph.first[v + 1]; ++a) {
            const flow_graph::arc& arc = graph.arcs[a];
            if (steps_[arc.to] != unseen) continue;
            if ((backwards ? graph.arcs[arc.back].room : arc.room) == 0) continue;
            steps_[arc.to] = steps_[v] + 1;
            reached |= end_[arc.to] == goal;
            queue_.push_back(arc.to);
        }
    }
    return reached;
}

/// Sends flow along one shortest path from a source to any sink.
bool cut_finder::push_one(flow_graph& graph, std::uint32_t from) {
    path_.clear();
    std::uint32_t v = from;
    while (end_[v] != sink) {
        bool went_on = false;
        for (std::uint32_t& a = current_[v]; a < graph.first[v + 1]; ++a) {
            const flow_graph::arc& arc = graph.arcs[a];
            if (arc.room == 0 || steps_[arc.to] != steps_[v] + 1) continue;
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

std::uint64_t cut_finder::push(flow_graph& graph, std::span<const std::uint32_t> from) {
    std::copy(graph.first.begin(), graph.first.end() - 1, current_.begin());
    std::uint64_t sent = 0;
    for (std::uint32_t v : from)
        while (push_one(graph, v)) ++sent;
    return sent;
}

graph_cut cut_finder::find(flow_graph& graph, std::span<const std::uint32_t> sequence,
                           std::uint32_t ends, const graph_cut& best) {
    const std::uint32_t size = graph.size();
    KAY_ASSERT(sequence.size() == size);
    KAY_ASSERT(ends >= 1 && ends <= size / 2);
    const auto sources = sequence.first(ends), sinks = sequence.last(ends);
    end_.assign(size, neither);
    for (std::uint32_t v : sources) end_[v] = source;
    for (std::uint32_t v : sinks) end_[v] = sink;
    steps_.resize(size);
    current_.resize(size);
    for (flow_graph::arc& a : graph.arcs) a.room = a.at_rest;

    graph_cut found;
    while (spread(graph, sources, false)) {
        found.capacity += push(graph, sources);
        // Even were it to cut in halves.
        if (found.capacity * best.smaller > best.capacity * (size / 2)) return found;
    }
    const auto near_sources = static_cast<std::uint32_t>(queue_.size());
    std::vector<bool> side(size);
    for (std::uint32_t v : queue_) side[v] = true;
    spread(graph, sinks, true);
    const auto near_sinks = static_cast<std::uint32_t>(queue_.size());
    const std::uint32_t a = std::min(near_sources, size - near_sources);
    const std::uint32_t b = std::min(near_sinks, size - near_sinks);
    found.smaller = std::max(a, b);
    if (b > a) {
        side.assign(size, true);
        for (std::uint32_t v : queue_) side[v] = false;
    }
    found.side = std::move(side);
    return found;
}

} // namespace city
