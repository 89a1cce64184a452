package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * Branches side by side and put together: {@code sum} (K and Θ add), {@code product} ({@code K = Π K_i}, {@code Θ = Σ_i Θ_i Π_{j≠i} K_j}),
 * {@code concat} (the channel-weighted mean).
 *
 * @param branches the branches
 * @param merge    {@code sum}, {@code product} or {@code concat}
 */
public record Parallel(List<Serial> branches, String merge) implements Layer {

    public Parallel {
        branches = List.copyOf(branches);
        if (branches.isEmpty()) {
            throw Failure.input("parallel: at least one branch is needed");
        }
        if (!List.of("sum", "product", "concat").contains(merge)) {
            throw Failure.input("parallel: merge '" + merge + "' is not known; allowed: sum, product, concat");
        }
    }

    public static Parallel read(Options o, LayerReader reader) {
        List<Entry> items = o.list("branches").orElse(List.of());
        List<Serial> branches = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            branches.add(reader.list(items.get(i), o.sub("branches." + i), o.mistakes()));
        }
        if (branches.isEmpty()) {
            o.mistake("branches", "a list of lists of layers is needed");
            branches.add(new Serial(List.of()));
        }
        if (o.entry("merge").isEmpty()) {
            o.mistakes().add(o.place(), o.path() + ": 'merge' is missing; allowed: sum, product, concat");
        }
        return new Parallel(branches, o.choice("merge", "sum", "sum", "product", "concat"));
    }

    @Override
    public Map<String, Serial> lists() {
        Map<String, Serial> lists = new LinkedHashMap<>();
        for (int i = 0; i < branches.size(); i++) {
            lists.put("branches." + i, branches.get(i));
        }
        return lists;
    }

    @Override
    public Parallel rebuilt(UnaryOperator<Layer> change) {
        return new Parallel(branches.stream().map(b -> b.rebuilt(change)).toList(), merge);
    }

    @Override
    public String name() {
        return "parallel";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("branches", branches.stream().map(Serial::toList).toList());
        options.put("merge", merge);
        return options;
    }

    @Override
    public Object infiniteKey() {
        return List.of(name(), merge, branches.stream().map(Serial::infiniteKey).toList());
    }

    @Override
    public List<String> notes() {
        return branches.stream().flatMap(b -> b.notes().stream()).distinct().toList();
    }

    @Override
    public Shape outputShape(Shape in) {
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            Serial branch = branches.get(i);
            shapes.add(Misfit.inOption("branches." + i, () -> branch.outputShape(in)));
        }
        Shape first = shapes.get(0);
        boolean concat = merge.equals("concat");
        for (Shape s : shapes) {
            if (!s.space().equals(first.space()) || !concat && s.channels() != first.channels()) {
                throw Failure.input("parallel whose branches give " + shapes + "; a " + merge + " needs the same "
                        + (concat ? "space" : "shape") + " from all of them");
            }
        }
        if (!concat) {
            return first;
        }
        long channels = shapes.stream().mapToLong(Shape::channels).sum();
        if (channels > Integer.MAX_VALUE) {
            throw Failure.input(String.format(Locale.ROOT, "parallel whose branches give %,d channels together; at most 2,147,483,647",
                    channels));
        }
        return first.withChannels((int) channels);
    }

    @Override
    public List<Weights> weights(Shape in) {
        List<Weights> all = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            all.addAll(Weights.inside("branches." + i, branches.get(i).weights(in)));
        }
        return all;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        List<Signal> outputs = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            outputs.add(branches.get(i).forward(f.inside("branches." + i), x));
        }
        return switch (merge) {
            case "sum" -> f.sum(outputs);
            case "product" -> f.product(outputs);
            default -> f.concat(outputs);
        };
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        List<Optional<List<PlaneStep>>> found = branches.stream().map(b -> b.planes(in)).toList();
        if (!found.stream().allMatch(Optional::isPresent)) {
            return Optional.empty();
        }
        List<List<PlaneStep>> ways = found.stream().map(Optional::get).toList();
        double channels = outputShape(in).channels();
        return Optional.of(switch (merge) {
            case "sum" -> new PlaneStep.Sum(ways);
            case "product" -> new PlaneStep.Product(ways);
            default -> new PlaneStep.Concat(ways, branches.stream().map(b -> b.outputShape(in).channels() / channels).toList());
        });
    }

    @Override
    public Covariance kernel(Covariance c) {
        Covariance start = c.branch();
        List<Covariance> outputs = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            outputs.add(branches.get(i).kernel(start.at(c.where() + ".branches." + i)));
        }
        return switch (merge) {
            case "sum" -> c.sum(outputs);
            case "product" -> c.product(outputs);
            default -> c.concat(outputs);
        };
    }

    @Override
    public Span needs(Shape in, Span after) {
        return branches.stream().anyMatch(b -> b.needs(in, after) == Span.ALL) ? Span.ALL : Span.EQUAL;
    }
}
