package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.shape.Shape;

/**
 * Which layers are trained, by the names of saved weights ({@code 1.dense}); the name of a layer that is made of others
 * ({@code 2.residual}) means all inside.
 *
 * @param frozen those that stay as they were drawn
 * @param only   those that are trained, and no others; empty: all that are not frozen
 */
public record TrainedPart(List<String> frozen, List<String> only) {

    /** Everything is trained. */
    public static final TrainedPart ALL = new TrainedPart(List.of(), List.of());

    public TrainedPart {
        frozen = List.copyOf(frozen);
        only = List.copyOf(only);
        if (!frozen.isEmpty() && !only.isEmpty()) {
            throw Failure.input("train: frozen and only exclude each other; give one of them");
        }
    }

    /** Whether everything is trained. */
    public boolean isAll() {
        return frozen.isEmpty() && only.isEmpty();
    }

    /** The network of which only this part is trained. */
    public Architecture of(Architecture network) {
        return isAll() || network instanceof PartlyTrained p && p.part().equals(this) ? network : new PartlyTrained(network, this);
    }

    /**
     * The layers, those that are not trained marked so.
     *
     * @throws Failure if there is no such layer with weights, or nothing is left to train
     */
    public Serial of(Serial layers, Shape in) {
        if (isAll()) {
            return layers;
        }
        List<String> names = layers.weights(in).stream().map(Weights::layer).distinct().toList();
        for (String name : frozen.isEmpty() ? only : frozen) {
            if (names.stream().noneMatch(path -> means(name, path))) {
                throw Failure.input("train." + (frozen.isEmpty() ? "only" : "frozen") + ": '" + name + "' is not a layer with weights"
                        + Mistakes.suggestion(name, names));
            }
        }
        if (names.stream().allMatch(this::isFrozen)) {
            throw Failure.input("train." + (frozen.isEmpty() ? "only" : "frozen") + ": nothing is left to train; there are: "
                    + String.join(", ", names));
        }
        List<List<String>> places = new ArrayList<>();
        places(layers, List.of(""), places);
        Iterator<List<String>> next = places.iterator();
        // Both go through the layers in the same order.
        return layers.rebuilt(layer -> {
            List<String> weighty = next.next().stream().filter(names::contains).toList();
            long still = weighty.stream().filter(this::isFrozen).count();
            if (still > 0 && still < weighty.size()) {
                throw Failure.input("train: a layer that is repeated is frozen in all repetitions or in none; name all of "
                        + String.join(", ", weighty) + ", or write the layers out");
            }
            return still > 0 ? new Frozen(layer) : layer;
        });
    }

    private boolean isFrozen(String path) {
        return only.isEmpty() ? named(frozen, path) : !named(only, path);
    }

    private static boolean named(Collection<String> names, String path) {
        return names.stream().anyMatch(name -> means(name, path));
    }

    private static boolean means(String name, String path) {
        return path.equals(name) || path.startsWith(name + ".");
    }

    /** The paths of each layer that is made of no others; of one that is repeated, several. */
    private static void places(Serial list, List<String> outside, List<List<String>> all) {
        for (int i = 0; i < list.layers().size(); i++) {
            Layer layer = list.layers().get(i);
            String step = i + "." + layer.name();
            List<String> own = outside.stream().map(p -> p.isEmpty() ? step : p + "." + step).toList();
            if (layer.lists().isEmpty()) {
                all.add(own);
            }
            layer.lists().forEach((name, inner) -> places(inner, inside(own, layer, name), all));
        }
    }

    private static List<String> inside(List<String> own, Layer layer, String name) {
        if (layer instanceof Repeat r && !r.shared()) {
            return own.stream().flatMap(p -> IntStream.range(0, r.times()).mapToObj(t -> p + "." + t + ".serial")).toList();
        }
        return own.stream().flatMap(p -> Stream.of(name.isEmpty() ? p : p + "." + name)).toList();
    }
}
