package org.ntk4j.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;

/**
 * {@code resize}: space gets another size. Along an axis of n positions that becomes m, position o lies at {@code c = (o + ½)n/m − ½};
 * {@code nearest} takes the position {@code ⌊(2o+1)n/(2m)⌋}, {@code linear} and {@code cubic} (Keys 1981, −½) weigh position i with
 * {@code κ(|c − i|/a)} over the sum of these, where a = n/m downwards with {@code antialias}, else 1. An axis whose size stays is
 * untouched. At infinite width {@code K' = T K Tᵀ}, the product of both axes' maps.
 *
 * @param size      the new size of each axis of space
 * @param method    {@code nearest}, {@code linear} or {@code cubic}
 * @param antialias whether downwards the weights are as wide as the steps; no matter for {@code nearest}
 */
public record Resize(List<Integer> size, String method, boolean antialias) implements Layer {

    private static final List<String> METHODS = List.of("nearest", "linear", "cubic");
    private static final int MOST = 1 << 20;
    private static final String UNPADDED = "leave it out, or give inputs of one size without padding";

    public Resize {
        size = List.copyOf(size);
        if (size.isEmpty() || size.stream().anyMatch(s -> s < 1)) {
            throw Failure.input("resize: size " + size + "; one whole number from 1 for each axis of space is needed");
        }
        if (!METHODS.contains(method)) {
            throw Failure.input("resize: method '" + method + "' is not known; allowed: nearest, linear, cubic");
        }
    }

    public static Resize read(Options o) {
        List<Integer> size = o.integers("size", List.of(), 1, MOST);
        if (o.entry("size").isEmpty()) {
            o.mistakes().add(o.place(), o.path() + ": 'size' is missing: a list with one size for each axis of space, such as [8, 8]");
        } else if (size.isEmpty() && o.entry("size").get() instanceof Entry.Listing) {
            o.mistake("size", "an empty list; one size for each axis of space is needed, such as [8, 8]");
        }
        if (o.entry("method").isEmpty()) {
            o.mistakes().add(o.place(), o.path() + ": 'method' is missing; allowed: nearest, linear, cubic");
        }
        return new Resize(size.isEmpty() ? List.of(1) : size, o.choice("method", "linear", METHODS.toArray(String[]::new)),
                o.flag("antialias", true));
    }

    /** With antialiasing, or without. */
    public Resize antialias(boolean yes) {
        return new Resize(size, method, yes);
    }

    @Override
    public String name() {
        return "resize";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("size", size);
        options.put("method", method);
        options.put("antialias", antialias);
        return options;
    }

    @Override
    public Shape outputShape(Shape in) {
        if (in.isVector()) {
            throw Failure.input("resize on an input of " + in + ", which has no positions; put it before flatten and pooling");
        }
        if (in.space().size() != size.size()) {
            throw Failure.input("resize to " + size + " on an input of " + in + ", which has " + in.space().size()
                    + (in.space().size() == 1 ? " axis" : " axes")
                    + " of space; give one size for each axis");
        }
        return new Shape(size, in.channels());
    }

    private PositionMap map(Shape in) {
        PositionMap map = along(in.space().get(0), size.get(0));
        for (int axis = 1; axis < size.size(); axis++) {
            map = map.beside(along(in.space().get(axis), size.get(axis)));
        }
        return map;
    }

    private PositionMap along(int n, int m) {
        if (n == m || method.equals("nearest")) {
            return PositionMap.picking(n, IntStream.range(0, m).map(o -> (int) ((2L * o + 1) * n / (2L * m))).toArray());
        }
        double s = (double) n / m;
        double a = antialias ? Math.max(s, 1) : 1;
        double[][] weights = new double[m][n];
        for (int o = 0; o < m; o++) {
            double c = (o + 0.5) * s - 0.5;
            double sum = 0;
            for (int i = 0; i < n; i++) {
                weights[o][i] = weight(Math.abs(c - i) / a);
                sum += weights[o][i];
            }
            for (int i = 0; i < n; i++) {
                weights[o][i] /= sum;
            }
        }
        return PositionMap.of(weights, n);
    }

    private double weight(double x) {
        if (method.equals("linear")) {
            return Math.max(0, 1 - x);
        }
        return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.move(f.unpadded(x, name(), UNPADDED), map(x.shape()), outputShape(x.shape()));
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.unpadded(name(), UNPADDED).move(map(c.shape()), outputShape(c.shape()));
    }

    @Override
    public Span needs(Shape in, Span after) {
        return map(in).picks() ? after : Span.ALL;
    }
}
