package org.ntk4j.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.data.Sample;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.Regression;
import org.ntk4j.inference.Ridge;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.report.FunctionMetrics;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Residuals;
import org.ntk4j.study.finding.Summary;

/**
 * {@code regression.averaged}: the regression with Θ_T averaged over the seeds of a point, beside the averaged function of the networks
 * (Atanasov et al. 2022 find the averaged kernel better). The kernels are the means over outputs, {@code n × n}; those of cells that were
 * finished before a {@code --resume} are not there any more, and then there is none.
 */
final class KernelAverages {

    private static final class Sum {
        private final Sample sample;
        private final Ridge ridge;
        private final double[] train;
        private final double[] test;
        private final List<Long> seeds = new ArrayList<>();

        Sum(Sample sample, Ridge ridge) {
            int n = sample.train().count();
            this.sample = sample;
            this.ridge = ridge;
            this.train = new double[n * n];
            this.test = new double[sample.test().count() * n];
        }

        void add(Kernel ofTrain, Kernel ofTest) {
            add(train, ofTrain.values());
            add(test, ofTest.values());
        }

        private static void add(double[] to, double[] what) {
            for (int i = 0; i < to.length; i++) {
                to[i] += what[i];
            }
        }

        double[][] predicted() {
            int n = sample.train().count();
            double share = 1.0 / seeds.size();
            double[] meanTrain = Residuals.scaled(new double[][] {train}, share)[0];
            double[] meanTest = Residuals.scaled(new double[][] {test}, share)[0];
            Fit fit = Regression.of(Kernel.symmetric("ntk.trained, averaged", n, meanTrain)).ridge(ridge).epsilon((double) Math.ulp(1f) / n)
                    .fit(sample.train().targets());
            return fit.predict(Kernel.of("ntk.trained, averaged", sample.test().count(), n, meanTest));
        }
    }

    private final boolean wanted;
    /** Where the kernels of a cell are left for the process that sums them up; empty: this one does. */
    private final Optional<KernelStore> left;
    private final Map<Map<String, String>, Sum> sums = new LinkedHashMap<>();

    private KernelAverages(boolean wanted, Optional<KernelStore> left) {
        this.wanted = wanted;
        this.left = left;
    }

    /**
     * Averages that are still empty.
     *
     * @param wanted whether there are several seeds; else nothing is kept
     */
    KernelAverages(boolean wanted) {
        this(wanted, Optional.empty());
    }

    /** Averages that another process takes: cells leave their kernels in the run's folder. */
    static KernelAverages leftIn(KernelStore store) {
        return new KernelAverages(true, Optional.of(store));
    }

    /** Whether there are several seeds. */
    boolean isWanted() {
        return wanted;
    }

    /** Takes in Θ_T of a cell. */
    void add(Definition.Point point, Sample sample, Kernel train, Kernel test) {
        if (!wanted) {
            return;
        }
        if (left.isPresent()) {
            left.get().leave(point.key(), "train", train);
            left.get().leave(point.key(), "test", test);
            return;
        }
        Sum sum = sums.computeIfAbsent(point.swept(), s -> new Sum(sample, point.definition().regression().ridgeOfKernel()));
        sum.add(train, test);
        sum.seeds.add(point.definition().seed());
    }

    /** Takes in Θ_T of a cell that was computed elsewhere; false if it is not there. */
    boolean take(Definition.Point point, Sample sample, KernelStore store) {
        int n = sample.train().count();
        Optional<Kernel> train = store.left(point.key(), "train", n, n);
        Optional<Kernel> test = store.left(point.key(), "test", sample.test().count(), n);
        if (train.isPresent() && test.isPresent()) {
            add(point, sample, train.get(), test.get());
        }
        return train.isPresent() && test.isPresent();
    }

    /** Lines of {@code summary.csv} for points whose cells of several seeds are all there. */
    List<Summary.Line> lines(List<CellResult> cells) {
        List<Summary.Line> lines = new ArrayList<>();
        Summary.points(cells).forEach((swept, seeds) -> {
            Sum sum = sums.get(swept);
            if (sum == null || seeds.size() < 2 || sum.seeds.size() != seeds.size() || sum.sample.test().count() == 0) {
                return;
            }
            double[][] network = new double[sum.sample.test().count()][sum.sample.test().targets()[0].length];
            for (CellResult cell : seeds) {
                double[][] f = cell.function(Subject.NETWORK, Summary.lastStep(cell)).orElseThrow();
                for (int i = 0; i < f.length; i++) {
                    for (int c = 0; c < f[i].length; c++) {
                        network[i][c] += f[i][c] / seeds.size();
                    }
                }
            }
            double[][] regression = sum.predicted();
            if (sum.sample.test().hasClasses()) {
                lines.add(line(swept, Subject.AVERAGED, Subject.LABELS, Quantity.ACCURACY.metric(), sum.sample.test().accuracy(regression),
                        seeds.size()));
                lines.add(line(swept, Subject.NETWORK, Subject.LABELS, Quantity.AVERAGED_ACCURACY.metric(), sum.sample.test()
                        .accuracy(network),
                        seeds.size()));
            }
            lines.add(line(swept, Subject.AVERAGED, Subject.LABELS, Quantity.MSE.metric(), FunctionMetrics.mse(regression,
                    sum.sample.test().targets()),
                    seeds.size()));
            lines.add(line(swept, Subject.AVERAGED, Subject.NETWORK, Quantity.RMSE.metric(), FunctionMetrics.rmse(regression, network),
                    seeds.size()));
            lines.add(line(swept, Subject.NETWORK, Subject.LABELS, Quantity.AVERAGED_MSE.metric(),
                    FunctionMetrics.mse(network, sum.sample.test().targets()), seeds.size()));
        });
        return lines;
    }

    private static Summary.Line line(Map<String, String> swept, Subject subject, Subject reference, Metric metric, double value,
            int count) {
        return new Summary.Line(swept, subject, reference, SplitName.TEST, Step.NONE, metric, value, Double.NaN, count);
    }
}
