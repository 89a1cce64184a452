package org.ntk4j.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Fit;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.ntk4j.study.finding.Residuals;

/**
 * Says where a comparison is not of what the theory describes: gradient flow on the mean squared error to its end, with a width far above
 * the depth and no ridge to speak of.
 */
final class Checklist {

    /** A regression that leaves more than this share of the targets' energy on the training set no longer interpolates them. */
    private static final double RIDGE_MATTERS = 0.01;
    /** A loss below this share of the loss of f = 0 counts as converged. */
    private static final double CONVERGED = 0.05;

    /** Where an average step moves weights by less than this share of float32's last digit, most of them do not move. */
    private static final double VANISHING = 0.5;

    private Checklist() {
    }

    /** What is to be said of the training itself. */
    static List<String> training(Training training, Trained trained, double stable, Split data) {
        List<String> notes = new ArrayList<>();
        if (trained.learningRate() > stable) {
            notes.add(String.format(Locale.ROOT, "learningRate %.4g is above the largest stable one, %.4g: the kernels' dynamics do not "
                    + "describe such a training",
                    trained.learningRate(), stable));
        }
        double loss = trained.history().stream().filter(p -> p.split().equals("train")).reduce((a, b) -> b).orElseThrow().loss();
        if (trained.failure().isEmpty() && training.until().loss() > 0 && trained.ended().equals("maxSteps")) {
            notes.add(String.format(Locale.ROOT, "training ended at maxSteps with a train loss of %.3g, before trainLoss, %.3g, was "
                    + "reached", loss, training.until().loss()));
        }
        double start = Residuals.loss(training.loss(), new double[data.count()][data.targets()[0].length], data);
        if (trained.failure().isEmpty() && loss > CONVERGED * start) {
            notes.add(String.format(Locale.ROOT, "training is not converged: its loss is %.2g times that of f = 0, so a regression in the "
                    + "limit is another function than NN_T by "
                    + "that alone; compare at the network's own step", loss / start));
        }
        if (training.loss().equals(Training.CROSS_ENTROPY)) {
            notes.add("an RMSE between a network trained by cross-entropy and a regression on targets means little; look at agreement and "
                    + "accuracy");
        }
        if (training.optimizer().isAdaptive()) {
            notes.add(training.optimizer().name() + " does not follow the gradient: even an infinitely wide network trained so need not "
                    + "end at f_∞");
        }
        if (training.batch().isPresent() && training.batch().getAsInt() < data.count()) {
            notes.add("batches of " + training.batch().getAsInt() + ": their noise is not in the kernels' dynamics");
        }
        return notes;
    }

    /** Whether float32 keeps the updates of the weights: with a large outputScale they are tiny. */
    static Optional<String> updates(Training training, Map<String, double[]> before, Trained trained, Shape in) {
        if (training.precision() != Precision.FLOAT32 || trained.steps() == 0 || trained.failure().isPresent()) {
            return Optional.empty();
        }
        Map<String, double[]> after = trained.network().weights(in);
        Set<String> measured = trained.network().layers(in).weights(in).stream().filter(w -> w.measured().isPresent()).map(Weights::name)
                .collect(Collectors.toSet());
        double moved = 0;
        double size = 0;
        for (Map.Entry<String, double[]> w : before.entrySet()) {
            if (measured.contains(w.getKey())) {
                continue;
            }
            double[] now = Objects.requireNonNull(after.get(w.getKey()));
            for (int i = 0; i < now.length; i++) {
                moved += (now[i] - w.getValue()[i]) * (now[i] - w.getValue()[i]);
                size += now[i] * now[i];
            }
        }
        double step = Math.sqrt(moved / size) / trained.steps();
        return step >= VANISHING * Math.ulp(1f) ? Optional.empty() : Optional.of(String.format(Locale.ROOT,
                "the weights moved by %.1e of their size in a step, less than float32 resolves: updates vanish; use train.precision: "
                        + "float64", step));
    }

    private static double meanSquare(double[][] targets) {
        double sum = 0;
        for (double[] row : targets) {
            for (double value : row) {
                sum += value * value / row.length;
            }
        }
        return sum / targets.length;
    }

    /** What is to be said of the network. */
    static List<String> network(Serial layers, Inputs x) {
        Shape in = x.shape();
        List<String> notes = new ArrayList<>();
        List<Weights> maps = layers.weights(in).stream().filter(w -> w.name().endsWith("/W") && w.shape().size() > 1).toList();
        Optional<Integer> narrowest = maps.stream().limit(Math.max(0, maps.size() - 1)).map(w -> w.shape().get(w.shape().size() - 1))
                .min(Integer::compare);
        if (narrowest.isPresent() && narrowest.get() < maps.size()) {
            notes.add("the narrowest layer has " + narrowest.get() + " units and the network " + maps.size()
                    + " layers: fluctuations grow with depth over width (Hanin & Nica 2020), the "
                    + "infinite limit says little of it");
        }
        if (x.graphs().isPresent() && !layers.readsGraphs()) {
            notes.add(InfiniteKernels.NO_AGGREGATE);
        }
        if (layers.weights(in).stream().anyMatch(w -> w.measured().isPresent())) {
            notes.add("batchNorm: steps of training see the statistics of their batch; network, kernels and regressions take those of the "
                    + "whole training set as given numbers (the inference form), so that Θ_0 leaves out what a step changes by them");
        }
        if (layers.isNoisy()) {
            notes.add("dropout in mode train: the infinite kernels are those of the noisy network, the finite network is compared without "
                    + "noise");
        }
        return notes;
    }

    /** Whether the ridge of a regression matters. */
    static Optional<String> ridge(String subject, Fit fit, double[][] targets) {
        double[][] f = fit.train();
        double left = 0;
        for (int i = 0; i < f.length; i++) {
            for (int c = 0; c < f[i].length; c++) {
                left += (f[i][c] - targets[i][c]) * (f[i][c] - targets[i][c]) / f[i].length / f.length;
            }
        }
        double share = left / meanSquare(targets);
        return fit.ridge() > 0 && share > RIDGE_MATTERS
                ? Optional.of(String.format(Locale.ROOT, "the ridge of %s, %.3g, is so large that it matters: %.0f %% of the targets' "
                        + "energy on the training set is left", subject, fit.ridge(),
                        100 * share))
                : Optional.empty();
    }
}
