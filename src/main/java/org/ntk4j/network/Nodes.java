package org.ntk4j.network;

import java.util.Map;

/** Sees to it that the positions in front of an {@code aggregate} are still the nodes of the graph that belongs to the input. */
final class Nodes {

    private Nodes() {
    }

    /**
     * Does nothing if all is well.
     *
     * @param network layers whose shapes fit
     * @throws org.ntk4j.Failure naming the {@code aggregate} and the layer that changed the positions before it
     */
    static void check(Serial network, Shape in) {
        walk(network, in, null, "");
    }

    /** Which layer has changed the positions before the end; null: none. */
    private static String walk(Serial list, Shape in, String before, String path) {
        String moved = before;
        Shape shape = in;
        for (int i = 0; i < list.layers().size(); i++) {
            Layer layer = list.layers().get(i);
            if (layer instanceof Aggregate && moved != null) {
                throw Misfit.at("aggregate behind " + moved + ", which changes the positions: they are no longer the nodes of the graph", path, i, "put aggregate before " + moved);
            }
            Shape after = layer.outputShape(shape);
            Map<String, Serial> lists = layer.lists();
            String inside = moved;
            for (Map.Entry<String, Serial> inner : lists.entrySet()) {
                String name = (path.isEmpty() ? "" : path + ".") + i + "." + layer.name() + (inner.getKey().isEmpty() ? "" : "." + inner.getKey());
                String through = walk(inner.getValue(), shape, moved, name);
                // What is repeated comes behind itself.
                through = layer instanceof Repeat r && r.times() > 1 && through != null ? walk(inner.getValue(), inner.getValue().outputShape(shape), through, name) : through;
                inside = inside == null ? through : inside;
            }
            moved = inside == null && lists.isEmpty() && !after.space().equals(shape.space()) ? layer.name() : inside;
            shape = after;
        }
        return moved;
    }
}
