package org.ntk4j.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TangentOperator;
import org.ntk4j.finite.TangentPlan;
import org.ntk4j.finite.Training;
import org.ntk4j.infinite.EngineChoice;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.strip.DenseFeatures;
import org.ntk4j.inference.Solver;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;
import org.ntk4j.base.Precision;
import org.ntk4j.result.Subject;
import org.ntk4j.study.option.StatisticsOption;

/**
 * What an experiment is going to do, how much memory it needs and about how long it takes: operations counted by hand over
 * the rate of a product that is timed now. Training is counted up to {@code maxSteps}; it usually ends before.
 */
final class Plan {

    /** A step of NN_quad in steps of the network: measured for multilayer perceptrons. */
    private static final double STEPS_OF_QUADRATIC = 6;
    /** How many values it holds for each of the network's. */
    private static final double VALUES_OF_QUADRATIC = 4;
    /**
     * What a step of training takes beside its products, for each value between two maps, on one core: measured for small convolutions and
     * for attention.
     */
    private static final double NANOS_PER_VALUE = 10;

    /** Products with a kernel that functions along training take. */
    private static final double OF_KRYLOV = 100;
    /** Vectors that the largest eigenvalue takes. */
    private static final double LANCZOS_VECTORS = 24;

    /** Until TensorFlow has made a graph its own. */
    private static final double SECONDS_PER_GRAPH = 0.5;

    /** Below this number of inputs a regression is an eigendecomposition. */
    static final int SMALL = 1500;
    private static final double MEMORY_RATE = 5e9;

    /** An eigendecomposition needs this many times n² values beside its matrix of n² values. */
    private static final long WORK_OF_EIGEN = 4;

    private final Definition definition;
    private final Settings settings;
    private final List<Definition.Point> points;
    private final List<CellPlan> cells = new ArrayList<>();
    private final Set<Object> infinite = new HashSet<>();
    /** Bytes of the infinite kernels of all cells, those that cells share counted once, without the largest. */
    private final long others;
    /** Cells that differ in a seed have the same. */
    private final Map<List<Object>, TangentPlan> tangents = new HashMap<>();

    private Plan(Definition definition, Settings settings) {
        this.definition = definition;
        this.settings = settings;
        this.points = definition.points();
        double rate = rate(settings.threads());
        Map<Object, Long> kernels = new HashMap<>();
        points.stream().map(Definition.Point::definition)
                .forEach(d -> kernels.put(infiniteKey(d), Shared.infiniteNames(d).size() * kernel(d)));
        this.others = kernels.values().stream().mapToLong(Long::longValue).sum()
                - kernels.values().stream().mapToLong(Long::longValue).max().orElse(0);
        points.forEach(p -> cells.add(cell(p.definition(), rate)));
    }

    private static Object infiniteKey(Definition d) {
        return List.of(d.data().toMap(), layers(d).infiniteKey(), d.precision());
    }

    private static Serial layers(Definition d) {
        return d.layersOnData();
    }

    /** Bytes of a kernel of the training inputs and of the test inputs with these. */
    private static long kernel(Definition d) {
        long n = d.data().trainCount();
        return Double.BYTES * n * (n + d.data().testCount());
    }

    /** Whether the memory holds the infinite kernels of all cells at once. */
    boolean keepsAll() {
        return cells.stream().allMatch(c -> HeapGuard.budgetFor(c.least() + others) <= settings.memory());
    }

    /** How large a cell is for the memory. */
    Scale scale(int cell) {
        return cells.get(cell).scale();
    }

    /** Bytes that Java holds until the end of a cell. */
    long held(int cell) {
        return cells.get(cell).held() + (keepsAll() ? others : 0);
    }

    /** Where a cell has its tangent kernels of all outputs from. */
    OutputKernels outputs(int cell) {
        return cells.get(cell).outputs();
    }

    static Plan of(Definition definition, Settings settings) {
        return new Plan(definition, settings);
    }

    /**
     * Does nothing if every cell fits into the memory.
     *
     * @throws Failure naming the largest cell otherwise
     */
    void check() {
        points.forEach(p -> p.definition().check());
        points.stream().map(Definition.Point::definition).filter(d -> d.regression().solver() instanceof Solver.RandomFeatures)
                .forEach(Plan::checkFeatures);
        points.stream().map(Definition.Point::definition).forEach(Plan::checkOutputs);
        for (int i = 0; i < cells.size(); i++) {
            long smallest = HeapGuard.budgetFor(cells.get(i).least());
            if (smallest > settings.memory()) {
                throw Failure.input(String.format(Locale.ROOT,
                        "memory: %s needs about %s and %s are allowed; use --memory %dm or more, or fewer examples or a "
                        + "smaller width", points.size() == 1 ? definition.name() : "the cell " + points.get(i).key(),
                                PlanText.memory(smallest),
                        PlanText.memory(settings.memory()), (smallest >> 20) + 1));
            }
        }
    }

    /** Seconds that the estimates of a tangent kernel take: rows of it, and vectors through the network, each once for each output. */
    private static double estimates(Definition d, Shape in, int outputs, double products, double rate) {
        double n = d.data().trainCount();
        StatisticsOption option = d.statistics().orElseThrow();
        double ofRows = 2 * n * (option.samples() + 32.0) * (LayerWork.values(layers(d), in) + in.size()) * outputs;
        double vectors = LANCZOS_VECTORS + 40.0 * option.probes();
        return (ofRows + vectors * outputs * n * 12 * products) / rate + 4 * SECONDS_PER_GRAPH;
    }

    /** Bytes of random features in place of kernels. */
    private static long features(Definition d) {
        return d.regression().solver() instanceof Solver.RandomFeatures random ? (long) DenseFeatures.bytes(layers(d), d.data().shape(),
                d.data().trainCount() + d.data().testCount(), random.count()) : 0;
    }

    /** Outputs of a finite network meet the targets: at the end of all kernels, if nobody looks before. */
    private static void checkOutputs(Definition d) {
        Shape end = layers(d).outputShape(d.data().shape());
        int targets = d.data().classCount();
        boolean finite = d.train().isPresent() || d.kernels().stream().anyMatch(Subject::isEmpirical);
        if (finite && end.positions() > 1 && end.size() != targets) {
            throw Failure.input(d.name() + ": network: it ends with " + end + ", which are " + end.size() + " outputs, and the data have "
                    + targets + " targets; put flatten or globalAvgPool before its last dense layer, or flatten first of all");
        }
    }

    /** Random features are those of infinite kernels of dense networks. */
    private static void checkFeatures(Definition d) {
        DenseFeatures.refusal(layers(d), d.data().shape()).ifPresent(why -> {
            throw Failure.input(d.name() + ": regression.solver: randomFeatures: " + why
                    + "; use {nystrom: {rank: m}}, which takes any kernel");
        });
        d.kernels().stream().filter(Subject::isEmpirical).findFirst().ifPresent(k -> {
            throw Failure.input(d.name() + ": regression.solver: randomFeatures are those of ntk.infinite and nngp.infinite, and kernels "
                    + "has " + k + "; leave it out there, or use {nystrom: {rank: m}}, which takes any kernel");
        });
    }

    private CellPlan cell(Definition d, double rate) {
        Shape in = d.data().shape();
        int outputs = d.outputs();
        Network network = d.network();
        Serial layers = layers(d);
        layers.checked(in);
        long parameters = network.parameters(in, outputs);
        double n = d.data().trainCount();
        double m = d.data().testCount();
        Precision precision = d.train().map(Training::precision).orElse(Precision.FLOAT32);
        double finiteRate = precision == Precision.FLOAT32 ? 2 * rate : rate;
        double products = LayerWork.products(layers, in);
        long empirical = d.kernels().stream().filter(k -> k.isEmpirical()).count();
        boolean sampled = d.statistics().isPresent();
        boolean needsTheta = !sampled && (empirical > 0 || d.train().isPresent());
        double estimates = sampled ? empirical * estimates(d, in, outputs, products, finiteRate) : 0;
        boolean needsInfinite = d.kernels().size() > empirical;
        long without = held(d, layers, parameters);
        int full = sampled ? 0 : OutputKernels.count(d);
        OutputKernels all = OutputKernels.of(d.regression().outputs(), d.data().trainCount(), d.data().testCount(), outputs,
                products, TangentOperator.bytes(d.data().trainCount(), LayerWork.values(layers, in), outputs, parameters, precision),
                settings, without, full);
        long averages = definition.sweep().hasSeeds()
                ? kernel(d) * points.stream().map(Definition.Point::swept).distinct().count() : 0;
        long held = without + averages + full * all.bytes();
        TangentPlan theta = !needsTheta
                ? null : tangents.computeIfAbsent(List.of(network.toString(), d.trainedPart(), precision, in, outputs,
                d.data().trainCount(), held), k ->
                tangent(FiniteNetwork.of(network, new Seed(0)).outputs(outputs).precision(precision).trained(d.trainedPart()), in,
                        d.data().trainCount(), held));
        double widths = layers.weights(in).stream().filter(w -> w.shape().size() > 1).mapToDouble(w -> w.shape().get(0) + w.shape().get(1))
                .sum();
        int batch = d.train().flatMap(t -> t.batch().isPresent() ? Optional.of(t.batch().getAsInt()) : Optional.<Integer>empty())
                .orElse((int) n);
        double step = Math.min(batch, n) * (6.0 * products / finiteRate
                + NANOS_PER_VALUE * 1e-9 * LayerWork.values(layers, in) / settings.threads())
                * (d.quadratic() ? 1 + STEPS_OF_QUADRATIC : 1);
        // Half of n² pairs of training inputs, once more layer by layer, and n·m with the test inputs.
        double tangent = empirical == 0 || theta == null ? 0
                : theta.operations() * ((d.layers() ? 2 : 1) + 2 * m / n) / finiteRate + 2 * SECONDS_PER_GRAPH;
        List<String> names = Shared.infiniteNames(d);
        EngineChoice engines = EngineChoice.of(layers, in, d.data().padded(), settings).of(names);
        double pair = engines.best().nanosPerPair(d.precision()) * 1e-9 / settings.threads();
        // Cells share what depends neither on the seed nor on widths.
        boolean shared = !needsInfinite || !infinite.add(infiniteKey(d));
        double closedForm = shared ? 0 : (n * n / 2 + n * m) * pair;
        double steps = d.train().map(t -> t.until().steps()).orElse(0);
        int slots = d.train().map(t -> t.optimizer().slots()).orElse(0);
        long training = d.train().isEmpty() ? 0 : (long) (precision.bytes() * ((parameters * (3.0 + slots) + 3.0 * n * widths)
                * (d.quadratic() ? VALUES_OF_QUADRATIC : 1)));
        boolean wholeSpectrum = Scale.needsEigen(d);
        long decomposition = Double.BYTES * (wholeSpectrum ? WORK_OF_EIGEN : n < SMALL ? WORK_OF_EIGEN : 0) * (long) n * (long) n;
        long least = Math.max(held + Math.max(training, decomposition), theta == null ? 0 : theta.least());
        Scale scale = Scale.of(d, settings, least, held);
        if (scale.computed()) {
            CellPlan still = computed(d, parameters, scale.holding(d, n * n / 2 * pair, settings.spark().isPresent()), engines, pair, rate,
                    estimates);
            return d.train().isEmpty() ? still : still.training(training + all.bytes(), step, steps, all);
        }
        long solving = (scale.eigen() ? 0 : scale.solver().bytes()) + features(d);
        least = Math.max(least, held + solving);
        // A product with a kernel in memory reads it once; at some gigabytes in a second it is nothing beside the rest.
        double regression = (scale.eigen() ? 12 * n * n * n / rate : 0)
                + (scale.eigen() && n < SMALL ? 0 : scale.solver().seconds(rate, n * n * Double.BYTES / MEMORY_RATE));
        double ofOutputs = theta == null || !all.full() ? 0 : full * (all.seconds() + outputs * theta.operations() / finiteRate);
        double kernels = empirical * tangent + ofOutputs + estimates + closedForm;
        double fits = d.stored().size() * regression;
        long most = Math.max(least, theta == null ? 0 : theta.bytes());
        if (needsInfinite) {
            least = Math.max(least, Math.max(InfiniteKernels.Plan.least(layers, in, (int) n, Optional.empty(), held, engines, names),
                    InfiniteKernels.Plan.least(layers, in, (int) m, Optional.of((int) n), held, engines, names)));
        }
        return new CellPlan(parameters, held, least, Math.max(least, most), kernels, fits, step, kernels + fits + steps * step,
                empirical == 0 ? null : theta, engines, scale, regression, all);
    }

    /** Where infinite kernels do not stand in the heap. */
    private static CellPlan computed(Definition d, long parameters, Scale scale, EngineChoice engines, double pair, double rate,
            double estimates) {
        double n = d.data().trainCount();
        // Inner products of the inputs, and the layers.
        double computing = n * n / 2 * pair;
        double product = scale.product(d, computing);
        double solve = scale.solver().seconds(rate, product);
        boolean followed = d.train().filter(Training::hasClosedForm).isPresent() && d.stored().contains(Subject.NTK_INFINITE);
        double along = followed ? OF_KRYLOV : 0;
        long held = Scale.inputs(d);
        long krylov = followed ? (long) (Double.BYTES * OF_KRYLOV * n * d.outputs()) : 0;
        long bytes = scale.bytes(d) + Math.max(0, krylov - scale.solver().bytes()) + features(d);
        // Held values are computed once, those of the test inputs for the predictions; a product more is for the alignment with the labels.
        double once = (scale.holding() == Scale.Holding.NOWHERE ? 0 : computing) + product + n * d.data().testCount() * pair;
        boolean compared = d.stored().containsAll(Scale.INFINITE) && (d.compare().isEmpty() || d.compare().stream()
                .anyMatch(p -> Scale.INFINITE.contains(p.subject()) && Scale.INFINITE.contains(p.reference())));
        double comparing = compared ? 2 * (product + n * d.data().testCount() * pair) : 0;
        double kernels = d.stored().size() * once + comparing + estimates;
        double fits = d.stored().size() * (solve + along * product);
        return new CellPlan(parameters, held, bytes, bytes, kernels, fits, 0, kernels + fits, null, engines, scale, solve,
                OutputKernels.mean(""));
    }

    /**
     * Operations in a second, float64, with this number of threads: timed on a small product on one, which a busy machine disturbs least.
     */
    private static double rate(int threads) {
        int n = 256;
        double[] a = new double[n * n];
        java.util.Arrays.fill(a, 1e-3);
        double best = Double.MAX_VALUE;
        Blas.setThreads(1);
        for (int i = 0; i < 16; i++) {
            long start = System.nanoTime();
            Blas.product(false, true, n, n, n, a, a);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        Blas.setThreads(threads);
        return threads * 2.0 * n * n * n / best;
    }

    /** The plan of a tangent kernel in the memory; where that is too small, the plan in any memory. */
    private TangentPlan tangent(FiniteNetwork network, Shape in, int count, long held) {
        TangentPlan plan = new EmpiricalKernel(network.on(settings.withMemory(Long.MAX_VALUE / 2))).beside(held).plan(in, count);
        return HeapGuard.budgetFor(plan.least()) > settings.memory()
                ? plan : new EmpiricalKernel(network.on(settings)).beside(held).plan(in, count);
    }

    /** What lies in Java's heap until the end of a cell: the data, weights, and for each kernel its values and its eigenvectors. */
    private static long held(Definition d, Serial layers, long parameters) {
        long n = d.data().trainCount();
        long m = d.data().testCount();
        long kernels = (long) d.stored().size() + (d.statistics().isPresent() ? 0 : d.record().size());
        long paths = layers.weights(d.data().shape()).stream().map(w -> w.name().split("/")[0]).distinct().count();
        boolean vectors = Scale.needsEigen(d) || n < SMALL;
        long matrices = kernel(d) * kernels
                + Double.BYTES * n * n * ((vectors ? kernels : 0) + (d.layers() ? 2 * paths : 0));
        return matrices + d.statistics().map(o -> 2L * Double.BYTES * o.samples() * n * d.kernels().size()).orElse(0L)
                + Double.BYTES * ((n + m) * d.data().shape().size() + parameters * (2 + d.record().size()));
    }

    @Override
    public String toString() {
        return text().toString();
    }

    /** How long it takes on a cluster, see {@link PlanText#onCluster}. */
    String onCluster(String master, OptionalInt cores, OptionalDouble price) {
        return text().onCluster(master, cores, price);
    }

    private PlanText text() {
        return new PlanText(definition, settings, cells);
    }
}
