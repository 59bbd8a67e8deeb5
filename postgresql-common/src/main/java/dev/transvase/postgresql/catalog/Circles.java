package dev.transvase.postgresql.catalog;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what refers to each other in circles: the strongly connected parts of a graph, by Tarjan's way without recursion. */
final class Circles {

    private final Collection<Integer> all;
    private final Map<Integer, Set<Integer>> edges;
    private final Map<Integer, Integer> index = new HashMap<>();
    private final Map<Integer, Integer> low = new HashMap<>();
    private final Deque<Integer> path = new ArrayDeque<>();
    private final Set<Integer> onPath = new HashSet<>();
    private final Map<Integer, Integer> found = new HashMap<>();

    /** A node on its way, and what is left of those that it refers to. */
    private record Visit(int node, Iterator<Integer> left) {}

    Circles(List<Integer> all, Map<Integer, Set<Integer>> edges) {
        this.all = all;
        this.edges = edges;
    }

    /** For each that is in a circle a number, which those of one circle share. */
    Map<Integer, Integer> found() {
        for (int node : all) {
            if (!index.containsKey(node)) {
                visit(node);
            }
        }
        return found;
    }

    private void visit(int first) {
        Deque<Visit> visits = new ArrayDeque<>();
        visits.push(begin(first));
        while (!visits.isEmpty()) {
            Visit visit = visits.peek();
            if (visit.left().hasNext()) {
                int next = visit.left().next();
                if (!index.containsKey(next)) {
                    visits.push(begin(next));
                } else if (onPath.contains(next)) {
                    low.merge(visit.node(), index.get(next), Math::min);
                }
            } else {
                visits.pop();
                end(visit.node());
                if (!visits.isEmpty()) {
                    low.merge(visits.peek().node(), low.get(visit.node()), Math::min);
                }
            }
        }
    }

    private Visit begin(int node) {
        index.put(node, index.size());
        low.put(node, index.get(node));
        path.push(node);
        onPath.add(node);
        return new Visit(node, edges.get(node).iterator());
    }

    private void end(int node) {
        if (!low.get(node).equals(index.get(node))) {
            return;
        }
        boolean alone = path.peek() == node;
        int last;
        do {
            last = path.pop();
            onPath.remove(last);
            if (!alone) {
                found.put(last, node);
            }
        } while (last != node);
    }
}
