package org.ntk4j.study;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.finite.Until;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.measure.SubjectFunction;

/** The network of a cell expanded in its weights at initialisation, where that is asked for: NN_lin to first, NN_quad to second order. */
final class ExpandedNetworks {

    private final CellContext cell;
    private final Functions functions;
    private final InitialFunction start;

    ExpandedNetworks(CellContext cell, Functions functions, InitialFunction start) {
        this.cell = cell;
        this.functions = functions;
        this.start = start;
    }

    /** NN_lin at each step of the network's history. */
    void linearized(CellNetworks networks) {
        if (!cell.definition().linearized()) {
            return;
        }
        if (networks.trained().isEmpty()) {
            cell.notes().add("linearized needs training; add 'train'");
            return;
        }
        Trained trained = networks.trained().get();
        List<Trained.Point> points = trained.history().stream().filter(p -> p.split().equals("train")).toList();
        Optional<OutputKernel> outputs0 = networks.outputs0().filter(o -> cell.outputKernels().full());
        FullRegression.Values f0 = start.trained();
        try {
            new Linearized(cell.definition().train().orElseThrow(), trained.learningRate(), cell.sample(), cell.held(), cell.monitor())
                    .path(networks.initial(), cell.definition().seed(), networks.theta0(), outputs0, f0.train(), f0.test(),
                            points.stream().map(Trained.Point::step).toList(), cell.notes()::add)
                    .ifPresent(path -> along(path, points));
        } catch (Failure e) {
            if (cell.monitor().cancelled()) {
                throw e;
            }
            cell.notes().add("linearized: " + e.getMessage());
        }
    }

    private void along(Linearized.Path path, List<Trained.Point> points) {
        Map<Integer, FullRegression.Values> all = new TreeMap<>();
        path.train().forEach((step, train) -> all.put(step,
                new FullRegression.Values(train, Objects.requireNonNull(path.test().get(step)))));
        Map<Integer, FullRegression.Values> kept = functions.untilTheyDiverge(Subject.LINEARIZED, all);
        for (Trained.Point p : points) {
            FullRegression.Values f = kept.get(p.step());
            if (f != null) {
                functions.along(Subject.LINEARIZED, p, f);
            }
        }
        int last = path.train().lastKey();
        FullRegression.Values end = kept.get(last);
        if (end != null) {
            functions.add(1, new SubjectFunction(Subject.LINEARIZED, Step.of(last), end.train(), end.test()));
        }
    }

    /** NN_quad at each step of the network's history: trained by the same rule, at the same rate, on the same batches. */
    void quadratic(CellNetworks networks) {
        if (!cell.definition().quadratic()) {
            return;
        }
        if (networks.trained().isEmpty()) {
            cell.notes().add("quadratic needs training; add 'train'");
            return;
        }
        Sample sample = cell.sample();
        Trained network = networks.trained().get();
        Training training = cell.definition().train().orElseThrow().until(new Until(OptionalDouble.of(0), OptionalInt.of(network.steps()),
                OptionalDouble.empty(), Optional.empty()));
        List<Integer> steps = network.history().stream().map(Trained.Point::step).distinct().toList();
        Trained quadratic = Trainer.quadratic(networks.initial(), training, network.learningRate(), sample.train().inputs(), cell.monitor())
                .watchedAt(steps).keepingFunctions(true).train(networks.initial(), sample.train(), sample.test(), List.of());
        if (quadratic.ended().equals(Trained.INTERRUPTED)) {
            throw Failure.cancelled("Ctrl-C at step " + quadratic.steps() + " of the training of order 2");
        }
        if (quadratic.failure().isPresent()) {
            cell.notes().add("quadratic: " + quadratic.failure().get().getMessage());
            return;
        }
        network.history().stream().filter(p -> p.split().equals("train")).forEach(p -> functions.along(Subject.QUADRATIC, p,
                new FullRegression.Values(Objects.requireNonNull(quadratic.functions().get(p.step())),
                        Objects.requireNonNull(quadratic.onTest().get(p.step())))));
        functions.add(functions.has(Subject.LINEARIZED) ? 2 : 1,
                new SubjectFunction(Subject.QUADRATIC, Step.of(network.steps()), quadratic.train(), quadratic.test()));
    }
}
