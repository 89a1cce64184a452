package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.Vectors;
import org.ntk4j.solver.Preconditioned;

/**
 * Regression with a tangent kernel of all outputs with all outputs, as {@link Regression} has it with one kernel for every output. A kernel
 * that is small is decomposed. Of a larger one functions along training come from a {@link Krylov} space; the limit from a factorisation
 * where it is stored, else from conjugate gradients, which the mean over outputs preconditions, and where those do not reach it, from a
 * factorisation after all.
 *
 * @param kernel  Θ
 * @param mean    the eigendecomposition of its mean over outputs
 * @param ridge   absolute
 * @param epsilon the relative error of the kernel's entries, see {@link Regression#epsilon}
 * @param notes   where it is said if the limit was not reached
 */
public record FullRegression(OutputKernel kernel, @Nullable SymmetricEigen mean, double ridge, double epsilon, Monitor monitor,
        Consumer<String> notes) {

    /** Up to this many rows the eigendecomposition serves each moment; beyond, many moments come cheaper from one Krylov space. */
    private static final int DECOMPOSED_AT_EACH_MOMENT = 600;
    /** A limit with a larger residual than this is called approximate. */
    private static final double NOTABLE = 1e-4;
    /** A ridge as small as this holds the directions that an eigendecomposition would leave out as rounding. */
    private static final double SHARE_OF_CUTOFF = 0.1;
    private static final double FLOAT64_TOLERANCE = 1e-9;

    /** A function on both sets: rows of k values. */
    public record Values(double[][] train, double[][] test) {
    }

    /**
     * The functions at these moments, from any start.
     *
     * @param f0Train the function at initialisation, {@code N × k}
     * @param f0Test  the same, {@code M × k}
     * @param y       targets, {@code N × k}
     */
    public List<Values> at(double[][] f0Train, double[][] f0Test, double[][] y, List<Moment> moments) {
        boolean small = kernel.size() <= DECOMPOSED_AT_EACH_MOMENT;
        return kernel.stored().filter(pair -> small).map(pair -> decomposed(pair, f0Train, f0Test, y, moments))
                .orElseGet(() -> byProducts(f0Train, f0Test, y, moments));
    }

    private List<Values> decomposed(OutputKernel.Pair pair, double[][] f0Train, double[][] f0Test, double[][] y, List<Moment> moments) {
        int k = kernel.outputs();
        Fit fit = fit(pair).offset(column(f0Train)).fit(column(y));
        List<Values> found = new ArrayList<>();
        for (Moment moment : moments) {
            Fit now = fit.at(moment);
            found.add(new Values(rows(now.train(), k), rows(now.predict(pair.test(), column(f0Test)), k)));
        }
        return found;
    }

    private Regression fit(OutputKernel.Pair pair) {
        return Regression.of(pair.train()).absoluteRidge(ridge).epsilon(epsilon);
    }

    private List<Values> byProducts(double[][] f0Train, double[][] f0Test, double[][] y, List<Moment> moments) {
        int k = kernel.outputs();
        double[] start = flat(f0Train);
        double[] targets = flat(y);
        List<Moment> finite = moments.stream().filter(m -> !m.isInfinite()).toList();
        Krylov space = finite.isEmpty() ? null : Krylov.of(kernel, ridge, start, targets, finite, monitor);
        double[][] onTrain = space == null ? new double[0][] : space.train();
        List<Values> found = new ArrayList<>();
        int next = 0;
        for (Moment moment : moments) {
            double[] train;
            double[] weights;
            if (moment.isInfinite() && kernel.stored().isPresent()) {
                found.addAll(decomposed(kernel.stored().get(), f0Train, f0Test, y, List.of(moment)));
                continue;
            } else if (moment.isInfinite()) {
                weights = limit(OutputRows.minus(targets, start));
                train = kernel.times(weights);
                Vectors.subtract(train, start, -1);
            } else {
                train = onTrain[next];
                weights = Objects.requireNonNull(space).weights(next++);
            }
            double[] test = kernel.test(weights);
            Vectors.subtract(test, flat(f0Test), -1);
            found.add(new Values(OutputRows.unflat("prediction", train, train.length / k, k),
                    OutputRows.unflat("prediction", test, test.length / k, k)));
        }
        return found;
    }

    private double[] limit(double[] residual) {
        SymmetricEigen eigen = Objects.requireNonNull(mean);
        double cutoff = eigen.cutoff(epsilon * kernel.outputs());
        double shift = ridge + SHARE_OF_CUTOFF * cutoff;
        if (kernel.isStored()) {
            Optional<double[]> direct = kernel.solved(shift, residual);
            if (direct.isPresent()) {
                return direct.get();
            }
        }
        Preconditioned solved = Preconditioned.solve(kernel, eigen, kernel.outputs(), shift, cutoff, residual,
                Math.max(FLOAT64_TOLERANCE, epsilon * kernel.size() * 80), monitor);
        if (solved.residual() > NOTABLE) {
            Optional<double[]> direct = kernel.isStored() ? Optional.empty() : kernel.solved(shift, residual);
            if (direct.isPresent()) {
                return direct.get();
            }
            notes.accept(String.format(Locale.ROOT, "in the limit it is approximate: after %d products a share of %.1e of the targets is "
                    + "left on the training set; a larger ridge helps, or memory in which the kernel can be stored and factored",
                    solved.products(), solved.residual()));
        }
        return solved.weights();
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double[][] column(double[][] rows) {
        int k = rows.length == 0 ? 1 : rows[0].length;
        double[][] column = new double[rows.length * k][1];
        for (int i = 0; i < column.length; i++) {
            column[i][0] = rows[i / k][i % k];
        }
        return column;
    }

    private static double[][] rows(double[][] column, int k) {
        double[][] rows = new double[column.length / k][k];
        for (int i = 0; i < column.length; i++) {
            rows[i / k][i % k] = column[i][0];
        }
        return rows;
    }
}
