// SPDX-License-Identifier: MIT
#include "strong_parts.hpp"

#include <algorithm>

namespace city {

std::vector<std::uint32_t> strong_parts(const arrow_graph& graph) {
    constexpr std::uint32_t none = ~0u;
    const std::uint32_t nodes = graph.nodes();
    std::vector<std::uint32_t> part(nodes, none), order(nodes, none), low(nodes), stack, path;
    std::vector<std::uint32_t> next(graph.first.begin(), graph.first.end() - 1);
    std::uint32_t visited = 0, parts = 0;
    for (std::uint32_t root = 0; root < nodes; ++root) {
        if (order[root] != none) continue;
        path.push_back(root);
        while (!path.empty()) {
            const std::uint32_t v = path.back();
            if (order[v] == none) {
                order[v] = low[v] = visited++;
                stack.push_back(v);
            }
            if (next[v] < graph.first[v + 1]) {
                const std::uint32_t w = graph.to[next[v]++];
                if (order[w] == none)
                    path.push_back(w);
                else if (part[w] == none)
                    low[v] = std::min(low[v], order[w]);
                continue;
            }
            path.pop_back();
            if (!path.empty()) low[path.back()] = std::min(low[path.back()], low[v]);
            if (low[v] != order[v]) continue;
            for (std::uint32_t w = none; w != v;) {
                w = stack.back();
                stack.pop_back();
                part[w] = parts;
            }
            ++parts;
        }
    }
    return part;
}

} // namespace city
