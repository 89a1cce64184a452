package org.ntk4j.inference;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.PictureFile;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.LabelMetrics;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.solver.BlockLanczos;

/** A fitted {@link Regression} at a moment. Immutable; what is costly is computed when first asked for and kept. */
public final class Fit {

    /** Where the search for a ridge begins, relative to the mean diagonal, if there is none. */
    private static final double FIRST_RIDGE = 1e-3;

    private final Problem problem;
    private final Moment moment;
    private @Nullable RegressionWeights weights;
    private @Nullable Diagnosis diagnosis;
    private @Nullable LeaveOneOut leaveOneOut;

    Fit(Problem problem, Moment moment) {
        this.problem = problem;
        this.moment = moment;
    }

    /** This regression at another moment: {@code at(steps(1000).learningRate(1))}, {@code at(flow(50))}, {@code at(infinity())}. */
    public Fit at(Moment other) {
        Required.value(other, "other");
        return other.equals(moment) ? this : new Fit(problem, other);
    }

    /** At several moments. Of a kernel that is known by its products alone they have the products in common. */
    List<Fit> at(List<Moment> moments) {
        List<Fit> fits = new ArrayList<>(moments.stream().map(this::at).toList());
        List<Moment> finite = moments.stream().filter(m -> !m.isInfinite()).toList();
        if (problem.byProducts() && !finite.isEmpty()) {
            List<RegressionWeights> all = KrylovWeights.of(problem, finite);
            for (Fit fit : fits) {
                if (!fit.moment.isInfinite()) {
                    fit.weights = all.get(finite.indexOf(fit.moment));
                }
            }
        }
        return fits;
    }

    /** Predictions of several: of a kernel outside the heap, which may be computed anew for each product, by one for all of them. */
    static List<double[][]> predict(List<Fit> fits, Kernel kTest, double @Nullable [][] f0Test) {
        if (fits.size() < 2 || kTest.isInHeap()) {
            return fits.stream().map(f -> f0Test == null ? f.predict(kTest) : f.predict(kTest, f0Test)).toList();
        }
        Problem problem = fits.get(0).problem;
        int n = problem.inputs();
        int k = problem.outputs();
        int width = k * fits.size();
        OutputRows.requireColumns(kTest, n);
        double[] offset = f0Test == null ? new double[kTest.rows() * k] : OutputRows.flat("offset", f0Test, kTest.rows(), k);
        double[] all = new double[Math.multiplyExact(n, width)];
        for (int f = 0; f < fits.size(); f++) {
            double[] weights = fits.get(f).weights().values();
            for (int i = 0; i < n; i++) {
                System.arraycopy(weights, i * k, all, i * width + f * k, k);
            }
        }
        double[] product = OutputRows.predict(kTest, all, width, null, problem.resources());
        List<double[][]> predictions = new ArrayList<>();
        for (int f = 0; f < fits.size(); f++) {
            double[] own = offset.clone();
            for (int i = 0; i < kTest.rows(); i++) {
                for (int c = 0; c < k; c++) {
                    own[i * k + c] += product[i * width + f * k + c];
                }
            }
            predictions.add(OutputRows.unflat("prediction", own, kTest.rows(), k));
        }
        return predictions;
    }

    /** The moment that the predictions belong to. */
    public Moment moment() {
        return moment;
    }

    /** This regression with the targets themselves, without an offset. */
    public Fit withoutOffset() {
        double[] offset = problem.offset();
        if (offset == null) {
            return this;
        }
        double[] targets = problem.residual().clone();
        for (int i = 0; i < targets.length; i++) {
            targets[i] += offset[i];
        }
        return new Fit(problem.on(targets), moment);
    }

    /** K(train, train), as it was given. */
    public Kernel kernel() {
        return problem.kernel().plain();
    }

    /** True if the kernel predicts f − f_0 and f_0 is added. */
    public boolean hasOffset() {
        return problem.offset() != null;
    }

    /**
     * Predictions, {@code M × k}.
     *
     * @param kTest one row for each of M test inputs, one column for each training input
     * @throws Failure if the shapes do not suit, if there is an offset, or if training has diverged by then
     */
    public double[][] predict(Kernel kTest) {
        Required.value(kTest, "kTest");
        if (hasOffset()) {
            throw Failure.input("this regression has an offset: give it on the test inputs too, predict(kTest, f0Test)");
        }
        return predicted(kTest, null);
    }

    /**
     * Predictions with the offset added.
     *
     * @param f0Test the function at initialisation on the test inputs, {@code M × k}
     */
    public double[][] predict(Kernel kTest, double[][] f0Test) {
        Required.value(kTest, "kTest");
        Required.values(f0Test, "f0Test");
        if (!hasOffset()) {
            throw Failure.input("this regression has no offset on the training inputs: Regression.of(kTrain).offset(f0Train)");
        }
        return predicted(kTest, OutputRows.flat("offset", f0Test, kTest.rows(), problem.outputs()));
    }

    /** Predictions on the training inputs, {@code N × k}. */
    public double[][] train() {
        double[] rest = problem.kernel().kernel().isInHeap() ? null : weights().how().rest();
        if (rest == null) {
            return predicted(problem.kernel().plain(), problem.offset());
        }
        // K w = b − r w − rest, without another product.
        double[] offset = problem.offset();
        double[] f = new double[rest.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = problem.residual()[i] - problem.ridge() * weights().values()[i] - rest[i] + (offset == null ? 0 : offset[i]);
        }
        return OutputRows.unflat("prediction", f, problem.inputs(), problem.outputs());
    }

    private double[][] predicted(Kernel kernel, double @Nullable [] offset) {
        OutputRows.requireColumns(kernel, problem.inputs());
        return OutputRows.unflat("prediction", OutputRows.predict(kernel, weights().values(), problem.outputs(), offset,
                problem.resources()), kernel.rows(), problem.outputs());
    }

    /** How far this can be trusted. */
    public synchronized Diagnosis diagnosis() {
        if (diagnosis == null) {
            diagnosis = Diagnosis.of(problem, weights());
        }
        return diagnosis;
    }

    /** The absolute ridge, given or chosen. */
    public double ridge() {
        return problem.ridge();
    }

    /**
     * The closed-form leave-one-out error at infinity with this ridge: mean squared, over inputs and outputs; of a large kernel an estimate
     * from some of the inputs.
     */
    public double looError() {
        return leaveOneOut().looError();
    }

    /** The kernel alignment risk estimator at infinity with this ridge (Jacot et al. 2020); of a large kernel an estimate. */
    public double kare() {
        return leaveOneOut().kare();
    }

    /** Leave-one-out error and KARE. */
    public synchronized LeaveOneOut leaveOneOut() {
        if (leaveOneOut == null) {
            leaveOneOut = LeaveOneOut.of(problem, problem.kernel().hasEigen() || !moment.isInfinite() ? null : weights());
        }
        return leaveOneOut;
    }

    /**
     * What other ridges would give, from 1e-10 to 100 times the mean diagonal, ascending, over one eigendecomposition; where the kernel
     * cannot be decomposed, estimated from products with it, as far as these settle ({@link RidgePath#note}).
     */
    public RidgePath ridgePath() {
        return ridgePath(Ridge.grid());
    }

    /** What these ridges, relative to the mean diagonal, would give. */
    public RidgePath ridgePath(double... relative) {
        Required.value(relative, "relative");
        if (!problem.decomposes()) {
            return RidgeQuadrature.path(problem.kernel(), problem.residual(), problem.outputs(), problem.resources(), relative);
        }
        SymmetricEigen eigen = problem.eigen();
        int k = problem.outputs();
        double mean = Math.max(problem.kernel().meanDiagonal(), 0);
        double[] absolute = new double[relative.length];
        for (int i = 0; i < relative.length; i++) {
            absolute[i] = Ridge.relative(relative[i]).value() * mean;
        }
        double[] errors = LabelMetrics.looErrors(eigen, problem.residual(), k, absolute);
        double[] projected = eigen.project(problem.residual(), k);
        List<RidgePoint> path = new ArrayList<>();
        for (int i = 0; i < relative.length; i++) {
            double dimension = 0;
            for (double value : eigen.values()) {
                dimension += value > 0 ? value / (value + absolute[i]) : 0;
            }
            path.add(new RidgePoint(relative[i], absolute[i], errors[i], Ridge.logMarginalLikelihood(eigen, projected, k, absolute[i]),
                    LabelMetrics.kare(eigen, problem.residual(), k, absolute[i]), dimension));
        }
        return new RidgePath(path);
    }

    /**
     * The Gaussian process posterior of this regression, at its moment: for the NNGP kernel, K(train, train), and with the
     * ridge as the variance of the noise.
     *
     * @throws Failure if there is an offset: the function at initialisation has mean 0 here
     */
    public Posterior posterior() {
        requireNoOffset("a posterior");
        return new Posterior(problem, moment);
    }

    /**
     * The ensemble of trained networks, at the moment of this regression with the tangent kernel.
     *
     * @param nngpTrain K(train, train), the covariance of the functions at initialisation, {@code N × N}
     * @throws Failure if there is an offset: the function at initialisation has mean 0 here
     */
    public Ensemble ensemble(Kernel nngpTrain) {
        Required.value(nngpTrain, "nngpTrain");
        requireNoOffset("an ensemble");
        return Ensemble.of(problem, nngpTrain, moment);
    }

    private void requireNoOffset(String what) {
        if (hasOffset()) {
            throw Failure.input(what + " has functions of mean 0 at initialisation: fit the regression without an offset");
        }
    }

    /**
     * Finds wStd and bStd of every layer of a network, and the ridge, that suit these training data best: by the log marginal likelihood of
     * the targets under the Gaussian process with this kernel, the ridge being the variance of its noise. From where the network and this
     * regression's ridge stand; a ridge of 0 begins at 1e-3 of the mean diagonal.
     *
     * @param network the network whose infinite kernel this regression has: Θ_∞, or K_∞ by the kernel's name
     * @param x       the training inputs
     */
    public <S extends Scaled<S>> Tuned<S> tune(S network, Inputs x) {
        Required.value(network, "network");
        Required.value(x, "x");
        return tune(network, x, Evidence.Objective.MARGINAL_LIKELIHOOD.toString());
    }

    /**
     * Finds wStd and bStd of every layer of a network, and the ridge, by an objective of one's choice.
     *
     * @param objective {@code marginalLikelihood} or {@code leaveOneOut}
     */
    public <S extends Scaled<S>> Tuned<S> tune(S network, Inputs x, String objective) {
        Required.value(network, "network");
        Required.value(x, "x");
        Required.value(objective, "objective");
        return tuning(network, x, objective).best(ridgeToTune(), ConsoleMonitor.ofProcess());
    }

    /**
     * The derivatives of an objective with respect to wStd and bStd of every layer of a network, and to the ridge, where they stand.
     *
     * @param objective {@code marginalLikelihood} or {@code leaveOneOut}
     */
    public <S extends Scaled<S>> Tuned<S> derivatives(S network, Inputs x, String objective) {
        Required.value(network, "network");
        Required.value(x, "x");
        Required.value(objective, "objective");
        return tuning(network, x, objective).start(ridgeToTune());
    }

    private double ridgeToTune() {
        return ridge() > 0 ? ridge() : FIRST_RIDGE * problem.kernel().meanDiagonal();
    }

    private <S extends Scaled<S>> Tuning<S> tuning(S network, Inputs x, String objective) {
        requireNoOffset("tuning");
        if (x.count() != problem.inputs()) {
            throw Failure.input("tune: " + x.count() + " inputs, and the regression was fitted to " + problem.inputs());
        }
        List<Evidence.Objective> all = List.of(Evidence.Objective.values());
        Evidence.Objective chosen = all.stream().filter(o -> o.toString().equals(objective)).findFirst()
                .orElseThrow(() -> Failure.input("tune: '" + objective + "' is not known; allowed: "
                        + String.join(", ", all.stream().map(Evidence.Objective::toString).toList())));
        boolean tangent = !problem.kernel().kernel().name().startsWith("nngp");
        return new Tuning<>(network, tangent, x, problem.residual(), problem.outputs(), chosen);
    }

    /**
     * Draws its leave-one-out error over the ridge, and the eigenvalues of its kernel, as a page in {@code out/plots}.
     *
     * @return where it is
     */
    public Path plot() {
        return PictureFile.write(panel(), "fit");
    }

    /**
     * Draws its leave-one-out error over the ridge, and the eigenvalues of its kernel.
     *
     * @param file {@code .html} or {@code .svg}
     */
    public Path plot(Path file) {
        Required.value(file, "file");
        return panel().plot(file);
    }

    /** What {@link #plot()} draws. */
    public Panel panel() {
        return FitPanel.of(this);
    }

    /** The eigendecomposition of K(train, train), shared by everything that was made from one kernel. */
    public SymmetricEigen eigen() {
        return problem.eigen();
    }

    /** Whether the eigendecomposition is there already. */
    public boolean hasEigen() {
        return problem.kernel().hasEigen();
    }

    /** All eigenvalues of K(train, train), descending; of a kernel that cannot be decomposed this many. */
    double[] leadingEigenvalues(int count) {
        if (problem.decomposes()) {
            double[] ascending = problem.eigen().values();
            return IntStream.range(0, ascending.length).mapToDouble(i -> ascending[ascending.length - 1 - i]).toArray();
        }
        try (KernelProduct product = problem.product(0)) {
            return BlockLanczos.of(product, count, problem.resources().monitor()).values();
        }
    }

    private synchronized RegressionWeights weights() {
        if (weights == null) {
            weights = RegressionWeights.of(problem, moment);
        }
        return weights;
    }

    @Override
    public String toString() {
        return "regression on " + problem.inputs() + " inputs, " + problem.outputs() + " outputs, " + moment + ", ridge "
                + problem.ridge() + " (" + problem.choice() + "), " + (hasOffset() ? "with the offset f_0" : "without offset");
    }
}
