package org.ntk4j.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ntk4j.base.Screen;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.LayerList;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;

/** The layers of a network with the shape after each and the number of weights; layers inside others are indented. */
final class LayerTable {

    /** Columns of shapes and weights beside the names of layers, and those that a plan is indented by. */
    private static final int NUMBERS = 24 + 12;
    private static final int LEAST_NAME = 30;
    /** A summary shows as many layers. */
    private static final int SHOWN = 12;

    private LayerTable() {
    }

    static String of(Network network, Shape in, int outputs) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"layer", "shape", "weights"});
        rows.add(new String[] {"input", in.toString(), ""});
        Serial layers = network.layers(in, outputs);
        layers.checked(in);
        describe(layers, in, "", rows);
        rows.add(new String[] {"", "", grouped(network.parameters(in, outputs))});
        int room = Screen.outColumns() > 0 ? Math.max(LEAST_NAME, Screen.outColumns() - NUMBERS) : Integer.MAX_VALUE;
        int widest = Math.min(room, rows.stream().mapToInt(row -> row[0].length()).max().orElse(0));
        return rows.stream().flatMap(row -> {
            List<String> name = Screen.wrapped(row[0], widest).lines().toList();
            String last = name.isEmpty() ? "" : name.get(name.size() - 1);
            String numbers = String.format(Locale.ROOT, "%-" + widest + "s %9s %13s", last, row[1], row[2]).stripTrailing();
            return Stream.concat(name.stream().limit(Math.max(0, name.size() - 1)), Stream.of(numbers));
        }).collect(Collectors.joining(System.lineSeparator()));
    }

    private static void describe(Serial serial, Shape in, String indent, List<String[]> rows) {
        Shape shape = in;
        for (int i = 0; i < serial.layers().size(); i++) {
            Layer layer = serial.layers().get(i);
            Shape before = shape;
            long weights = layer.weights(before).stream().mapToLong(Weights::size).sum();
            shape = serial.after(i, before);
            rows.add(new String[] {indent + i + " " + layer.line(), shape.toString(), weights == 0 ? "" : grouped(weights)});
            Map<String, Serial> lists = layer.lists();
            lists.forEach((name, list) -> {
                if (!name.isEmpty() && lists.size() > 1) {
                    rows.add(new String[] {indent + "    " + name + (list.layers().isEmpty() ? ": identity" : ":"), "", ""});
                }
                describe(list, before, indent + (lists.size() > 1 ? "      " : "    "), rows);
            });
        }
    }

    /** The definition on one line; of a list of layers and of an mlp, then the first layers. */
    static String summary(Network network, Architecture architecture) {
        StringBuilder text = new StringBuilder();
        if (architecture instanceof LayerList list) {
            text.append("network of ").append(list.serial().layers().size()).append(" layers");
        } else {
            text.append(String.valueOf(network.toYaml()).replaceAll("^\\{(.*)}$", "$1").replace('=', ' '));
        }
        if (!(architecture instanceof LayerList || architecture instanceof Mlp)) {
            return text.toString();
        }
        List<Layer> layers = network.layers(Shape.of(1), 1).layers();
        int shown = Math.min(layers.size(), SHOWN);
        for (int i = 0; i < shown; i++) {
            text.append(System.lineSeparator()).append("  ").append(i).append(' ').append(layers.get(i).line());
        }
        if (shown < layers.size()) {
            text.append(System.lineSeparator()).append("  … ").append(layers.size() - shown).append(" more");
        }
        return text.toString();
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
