package org.ntk4j.layer;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.shape.Shape;

/** Checks that the positions in front of an {@code aggregate} are still the nodes of the graph that belongs to the input. */
final class Nodes {

    private Nodes() {
    }

    /**
     * Does nothing if all is well.
     *
     * @param network layers whose shapes fit
     * @throws org.ntk4j.base.Failure naming the {@code aggregate} and the layer that changed the positions before it
     */
    static void check(Serial network, Shape in) {
        walk(network, in, null, "");
    }

    /**
     * Sees to it that inputs have what the layers ask of them.
     *
     * @throws Failure naming the {@code aggregate} whose graphs are missing, or whose weights do not suit it
     */
    static void check(Serial network, Inputs x) {
        network.checked(x.shape());
        graphs(network, x, "network");
    }

    private static void graphs(Serial list, Inputs x, String path) {
        for (int i = 0; i < list.layers().size(); i++) {
            Layer layer = list.layers().get(i);
            String where = path + "." + i + "." + layer.name();
            if (layer instanceof Aggregate aggregate) {
                x.graphs().orElseThrow(() -> Failure.input(where + ": " + Aggregation.NO_GRAPH)).checked(aggregate.rule(), where);
            }
            layer.lists().forEach((name, inner) -> graphs(inner, x, name.isEmpty() ? where : where + "." + name));
        }
    }

    /** Whether some layer looks at the graphs of the inputs. */
    static boolean read(Serial list) {
        return list.layers().stream().anyMatch(l -> l instanceof Aggregate || l.lists().values().stream().anyMatch(Nodes::read));
    }

    /** Which layer has changed the positions before the end; null: none. */
    private static @Nullable String walk(Serial list, Shape in, @Nullable String before, String path) {
        String moved = before;
        Shape shape = in;
        for (int i = 0; i < list.layers().size(); i++) {
            Layer layer = list.layers().get(i);
            if (layer instanceof Aggregate && moved != null) {
                throw Misfit.at("aggregate behind " + moved + ", which changes the positions: they are no longer the nodes of the graph",
                        path, i, "put aggregate before " + moved);
            }
            Shape after = layer.outputShape(shape);
            Map<String, Serial> lists = layer.lists();
            String inside = moved;
            if (layer instanceof Repeat r && r.times() == 0) {
                continue;
            }
            for (Map.Entry<String, Serial> inner : lists.entrySet()) {
                String name = (path.isEmpty() ? "" : path + ".") + i + "." + layer.name()
                        + (inner.getKey().isEmpty() ? "" : "." + inner.getKey());
                String through = walk(inner.getValue(), shape, moved, name);
                // What is repeated comes behind itself.
                through = layer instanceof Repeat r && r.times() > 1 && through != null
                        ? walk(inner.getValue(), inner.getValue().outputShape(shape), through, name) : through;
                inside = inside == null ? through : inside;
            }
            moved = inside == null && lists.isEmpty() && !after.space().equals(shape.space()) ? layer.name() : inside;
            shape = after;
        }
        return moved;
    }
}
