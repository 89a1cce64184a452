package org.ntk4j.study;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.ntk4j.base.Footprint;
import org.ntk4j.base.Settings;
import org.ntk4j.finite.TangentPlan;
import org.ntk4j.finite.TangentTiles;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.result.Subject;
import org.ntk4j.shape.Shape;
import org.ntk4j.study.option.Time;

/**
 * A plan as it is shown.
 *
 * @param cells those of the definition's points
 */
record PlanText(Definition definition, Settings settings, List<CellPlan> cells) {

    private static final int[] CORES = {64, 256, 1000};
    /** Signs of a description; all of it is in the report. */
    private static final int MOST_DESCRIBED = 1000;
    private static final double SECONDS_OF_HOUR = 3600;

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, definition.name() + definition.description().map(d -> ": " + (d.length() <= MOST_DESCRIBED ? d
                : d.substring(0, MOST_DESCRIBED) + "…")).orElse(""));
        line(text, "data       " + definition.data());
        CellPlan first = cells.get(0);
        text.append("network    ")
                .append(String.format(Locale.ROOT, "%,d weights%s%n", first.parameters(), cells.size() > 1 ? " in the first cell" : ""));
        int outputs = definition.outputs();
        definition.points().get(0).definition().network().describe(definition.data().shape(), outputs).lines()
                .forEach(l -> line(text, "           " + l));
        line(text, "training   " + definition.train().map(t -> t.optimizer().name() + ", " + t.loss() + ", learning rate "
                + (t.learningRate().isPresent() ? number(t.learningRate().getAsDouble()) : "auto") + ", batch "
                        + (t.batch().isPresent() ? t.batch().getAsInt() : "full")
                + ", until train loss " + number(t.until().loss()) + " or " + t.until().steps() + " steps"
                        + (t.centred() ? ", centred" : ", not centred")).orElse("none"));
        line(text, "kernels    " + String.join(", ", definition.kernels().stream().map(Subject::toString).toList()) + "; regression ridge "
                + (definition.regression().ridge().isPresent() ? number(definition.regression().ridge().getAsDouble()) : "auto") + ", at "
                        + String.join(" and ", definition.regression().times().stream().map(Time::toString).toList()));
        solvers().forEach(s -> line(text, "           solver: " + s));
        if (first.tangent() != null) {
            line(text, "           tangent kernels of the finite network" + (cells.size() > 1 ? " in the first cell:" : ":"));
            first.tangent().toString().lines().forEach(l -> line(text, "             " + l));
        }
        definition.statistics().ifPresent(s -> line(text, "           tangent kernels of the finite network: not stored, estimated from "
                + Math.min(s.samples(), definition.data().trainCount()) + " rows"
                + (s.probes() > 0 ? " and " + s.probes() + " vectors" : "") + "; no regression with them"));
        if (definition.kernels().contains(Subject.NTK_INFINITE) || definition.kernels().contains(Subject.NNGP_INFINITE)) {
            line(text, "           infinite kernels: " + first.engines()
                    + (first.scale().computed() ? whereValuesAre(first.scale()) : "")
                    + (cells.size() > 1 ? ", in the first cell" : ""));
            Shape end = definition.layersOnData().outputShape(definition.data().shape());
            if (end.positions() > 1) {
                line(text, "           the network ends with " + end
                        + ": its kernel is the mean over positions, as with flatten behind it");
            }
        }
        line(text, "cells      " + cells.size() + (definition.sweep().isEmpty() ? "" : ": " + definition.sweep().axes().keySet()));
        long bytes = cells.stream().mapToLong(CellPlan::bytes).max().orElse(0) + HeapGuard.overhead(0);
        Footprint process = definition.train().isPresent() || cells.stream().anyMatch(c -> c.tangent() != null) ? Footprint.TRAINING
                : Footprint.STUDY;
        line(text, "memory     about " + memory(bytes) + " of " + memory(settings.memory()) + " allowed; about "
                + memory(bytes - HeapGuard.overhead(0) + process.bytes()) + " with Java and TensorFlow themselves");
        double kernels = cells.stream().mapToDouble(CellPlan::kernelSeconds).sum();
        double fits = cells.stream().mapToDouble(CellPlan::fitSeconds).sum();
        double most = process.seconds(settings.threads()) + cells.stream().mapToDouble(CellPlan::seconds).sum();
        double slowest = cells.stream().mapToDouble(CellPlan::stepSeconds).max().orElse(0);
        line(text, "time       kernels about " + time(kernels) + ", regressions about " + time(fits) + (definition.train().isEmpty()
                ? "; in all about " + time(most) : String.format(Locale.ROOT,
                "; a step of training about %s%s; at most %s if every cell trains to maxSteps", time(first.stepSeconds()),
                slowest > 1.05 * first.stepSeconds() ? " to " + time(slowest) : "", time(most))));
        line(text, "machine    " + settings.threads() + (settings.threads() == 1 ? " thread" : " threads") + ", device "
                + settings.device().orElse("auto") + "; results go to " + settings.out().resolve(definition.name()));
        return text.toString().stripTrailing();
    }

    /**
     * How long it takes on a cluster: each cell whole on one core; of a single cell the tiles of its infinite kernels on all of them.
     *
     * @param given cores of the cluster, where that is known
     * @param price of a core for an hour
     */
    String onCluster(String master, OptionalInt given, OptionalDouble price) {
        double seconds = settings.threads() * cells.stream().mapToDouble(CellPlan::seconds).sum();
        double longest = cells.size() > 1 ? settings.threads() * cells.stream().mapToDouble(CellPlan::seconds).max().orElse(0) : 0;
        String what = cells.size() > 1 ? cells.size() + " cells, each whole on one core"
                : cells.get(0).scale().computed() ? "one cell, its infinite kernels and products on all cores"
                : "one cell, the tiles of its " + (isTangentSent(given) ? "infinite and tangent kernels" : "infinite kernels")
                        + " on all cores where they take long";
        StringBuilder text = new StringBuilder("Spark      " + master + ": " + what
                + String.format(Locale.ROOT, "; at most %.3g core-hours", seconds / SECONDS_OF_HOUR));
        for (int cores : IntStream.concat(given.stream(), IntStream.of(CORES)).distinct().sorted().toArray()) {
            double hours = Math.max(longest, seconds / cores) / SECONDS_OF_HOUR;
            text.append(System.lineSeparator()).append(String.format(Locale.ROOT, "           on %,d cores %s%s", cores,
                    time(hours * SECONDS_OF_HOUR),
                    price.isPresent() ? String.format(Locale.ROOT, ", %.2f dollars", hours * cores * price.getAsDouble()) : ""));
        }
        if (cells.size() == 1 && !cells.get(0).scale().computed()) {
            text.append(System.lineSeparator()).append("           tiles go to ")
                    .append(Cluster.tilesGoTo(settings, settings.out().resolve(definition.name()).resolve("RUN")));
        }
        return text.toString();
    }

    private String whereValuesAre(Scale scale) {
        return switch (scale.holding()) {
            case NOWHERE -> ", computed anew tile by tile whenever they are needed";
            case IN_MEMORY -> ", of the training inputs computed once and held in memory";
            case IN_FILES -> ", of the training inputs computed once and held in files, "
                    + memory(Scale.heldBytes(definition.points().get(0).definition())) + " on disk each";
        };
    }

    /** Each solver once, where cells of a sweep differ in it with the numbers of training inputs and the longest time of a kernel. */
    private List<String> solvers() {
        Map<String, Set<Integer>> counts = new LinkedHashMap<>();
        Map<String, DoubleSummaryStatistics> seconds = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            Scale scale = cells.get(i).scale();
            int n = definition.points().get(i).definition().data().trainCount();
            String solver = (scale.eigen() && n < Plan.SMALL ? "eigendecomposition in float64" : scale.solver().describe()
                    + (scale.eigen() ? "; an eigendecomposition beside it, for what else is asked for" : ""));
            counts.computeIfAbsent(solver, s -> new TreeSet<>()).add(n);
            seconds.computeIfAbsent(solver, s -> new DoubleSummaryStatistics()).accept(cells.get(i).solveSeconds());
        }
        long disk = cells.stream().mapToLong(c -> c.scale().solver().disk()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        counts.forEach((solver, sizes) -> {
            DoubleSummaryStatistics time = Objects.requireNonNull(seconds.get(solver));
            lines.add(solver + ", about " + (time.getMax() > 1.5 * time.getMin() ? time(time.getMin()) + " to " : "") + time(time.getMax())
                    + " a kernel" + (solver.contains(" in files") && disk > 0 ? ", " + memory(disk) + " on disk" : "")
                    + (counts.size() > 1 || sizes.size() > 1 ? ", for n = " + String.join(", ", sizes.stream().map(n ->
                            String.format(Locale.ROOT, "%,d", n)).toList()) : ""));
        });
        return lines;
    }

    private boolean isTangentSent(OptionalInt cores) {
        TangentPlan tangent = cells.get(0).tangent();
        return tangent != null && TangentTiles.isLarge(cores, settings.threads())
                && TangentTiles.isWorthSending(tangent.operations(), settings.threads());
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }

    /** {@code 0.001}, {@code 1e-4}, {@code 1000}. */
    private static String number(double value) {
        return String.valueOf(value).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }

    static String memory(long bytes) {
        return bytes < 1 << 30 ? String.format(Locale.ROOT, "%.0f MiB", bytes / (double) (1 << 20))
                : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
    }

    private static String time(double seconds) {
        return seconds < 1 ? String.format(Locale.ROOT, "%.0f ms", Math.ceil(seconds * 1000)) : seconds < 120
                ? String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds)
                : seconds < 7200 ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
