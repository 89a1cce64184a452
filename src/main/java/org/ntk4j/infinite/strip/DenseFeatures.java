package org.ntk4j.infinite.strip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.kernel.KernelFeatures;
import org.ntk4j.layer.Serial;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * Random features of K_∞ and Θ_∞ of a dense network: rows Φ and Ψ with {@code E ΦΦᵀ = K_∞} and {@code E ΨΨᵀ = Θ_∞}, layer after layer. A
 * dense layer multiplies them by the roots of its factors and sets them side by side. At an activation m directions w are drawn, standard
 * normal in as many dimensions as Φ has, and m vectors g of random signs: {@code Φ' = φ(Φw)/√m} (Rahimi &amp; Recht 2007; Cho &amp; Saul
 * 2009), {@code Ψ' = φ'(Φw)·(Ψg)/√m}, whose inner products have as their mean the product of the kernel of φ' with ΨΨᵀ (Zandieh et al.
 * 2021; Han et al. 2022, whose sketch of a tensor product this takes sample by sample). Each row is then given the length that it has in
 * the limit, which is known: what draws do to all lengths alike is the largest part of the error. The error of an inner product falls as
 * 1/√m. Numbers are kept in float32.
 */
public final class DenseFeatures implements KernelFeatures {

    private static final int BLOCK = 1024;
    /** Half a step of the difference that φ' is taken by. */
    private static final double STEP = 5e-6;

    private final int rows;
    private final int count;
    private final List<float[]> blocks;
    private final String name;

    private DenseFeatures(int rows, int count, List<float[]> blocks, String name) {
        this.rows = rows;
        this.count = count;
        this.blocks = blocks;
        this.name = name;
    }

    /** Why a network has none; empty if it has. */
    public static Optional<String> refusal(Serial network, Shape in) {
        if (network.words().isPresent()) {
            return Optional.of("its inputs are words");
        }
        Shape shape = InputGram.shape(network, in);
        Optional<List<StripStep>> steps = StripStep.chain(network, shape);
        if (steps.isEmpty()) {
            return Optional.of("random features are made for dense layers and activations one after the other, after a flatten or "
                    + "on inputs without positions");
        }
        return steps.get().stream().flatMap(s -> s instanceof StripStep.Activate a && !a.phi().isFunction()
                ? Stream.of(a.where() + " is a map of kernels without values") : Stream.empty()).findFirst();
    }

    /** Bytes of the features of this many inputs, and of the directions that are drawn for them. */
    public static double bytes(Serial network, Shape in, int inputs, int count) {
        long activations = StripStep.chain(network, InputGram.shape(network, in)).orElse(List.of()).stream()
                .filter(StripStep.Activate.class::isInstance).count();
        return (double) Float.BYTES * count * (inputs + 4.0 * BLOCK + activations * (count + in.size()));
    }

    /**
     * The features of inputs, {@code count} at each activation: for Θ_∞ half of them each of K_∞ and of what comes from the layers before.
     * A seed draws the same directions whatever the inputs are.
     *
     * @param tangent whether of Θ_∞, or of K_∞
     * @throws Failure for other networks, and after Ctrl-C
     */
    public static DenseFeatures of(Serial network, Inputs x, boolean tangent, int count, long seed, Monitor monitor) {
        refusal(network, x.shape()).ifPresent(why -> {
            throw Failure.input("randomFeatures: " + why + "; use nystrom, or conjugateGradient");
        });
        if (count < 2) {
            throw Failure.input("randomFeatures: count must be at least 2, not " + count);
        }
        network.checked(x);
        List<Drawn> layers = drawn(StripStep.chain(network, InputGram.shape(network, x.shape())).orElseThrow(), x.shape().size(),
                tangent, tangent ? count / 2 : count, seed);
        List<float[]> blocks = new ArrayList<>();
        int size = x.shape().size();
        int columns = 0;
        try (Monitor.Task task = monitor.begin("random features of " + (tangent ? "Θ_∞" : "K_∞") + ", inputs", x.count())) {
            for (int from = 0; from < x.count(); from += BLOCK) {
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while computing random features");
                }
                int to = Math.min(x.count(), from + BLOCK);
                float[] k = new float[(to - from) * size];
                for (int i = 0; i < k.length; i++) {
                    double value = x.values()[from * size + i];
                    k[i] = Double.isNaN(value) ? 0 : (float) (value / Math.sqrt(size));
                }
                Rowed phi = new Rowed(to - from, size, k);
                Rowed psi = new Rowed(to - from, 0, new float[0]);
                for (Drawn layer : layers) {
                    Rowed next = layer.covariance(phi);
                    psi = tangent ? layer.tangent(phi, psi) : psi;
                    phi = next;
                }
                Rowed found = tangent ? psi : phi;
                columns = found.columns;
                blocks.add(found.values);
                task.done(to);
            }
        }
        for (int b = 0; b < blocks.size(); b++) {
            for (int i = 0; i < blocks.get(b).length; i++) {
                if (!Float.isFinite(blocks.get(b)[i])) {
                    throw Failure.run("random features: a feature of input " + (b * BLOCK + i / columns) + " is " + blocks.get(b)[i]
                            + " in float32; use another solver");
                }
            }
        }
        return new DenseFeatures(x.count(), columns, blocks, tangent ? "Θ_∞" : "K_∞");
    }

    private static List<Drawn> drawn(List<StripStep> steps, int size, boolean tangent, int m, long seed) {
        List<Drawn> layers = new ArrayList<>();
        int ofPhi = size;
        int ofPsi = 0;
        for (int s = 0; s < steps.size(); s++) {
            StripStep step = steps.get(s);
            if (step instanceof StripStep.Linear l) {
                Rows.Affine map = l.map();
                layers.add(new Linear(map));
                ofPsi = (map.fromK() > 0 ? ofPhi : 0) + (map.fromT() > 0 ? ofPsi : 0) + (map.biasT() > 0 ? 1 : 0);
                ofPhi += map.bias() > 0 ? 1 : 0;
                continue;
            }
            Nonlinearity phi = ((StripStep.Activate) step).phi();
            Random random = new Random(31 * seed + s);
            float[] w = new float[Math.multiplyExact(m, ofPhi)];
            for (int i = 0; i < w.length; i++) {
                w[i] = (float) random.nextGaussian();
            }
            float[] g = new float[tangent ? Math.multiplyExact(m, ofPsi) : 0];
            for (int i = 0; i < g.length; i++) {
                g[i] = random.nextBoolean() ? 1 : -1;
            }
            layers.add(new Bent(phi, m, ofPhi, w, ofPsi, g));
            ofPhi = m;
            ofPsi = m;
        }
        return layers;
    }

    /** Values by rows. */
    private record Rowed(int rows, int columns, float[] values) {

        /** The square of the length of each row. */
        double[] squares() {
            double[] squares = new double[rows];
            for (int i = 0; i < values.length; i++) {
                squares[i / columns] += (double) values[i] * values[i];
            }
            return squares;
        }

        /** Each row with a length of this square, where that is one. */
        Rowed scaledTo(double[] squares) {
            double[] now = squares();
            for (int i = 0; i < values.length; i++) {
                int row = i / columns;
                boolean known = now[row] > 0 && squares[row] > 0 && Double.isFinite(squares[row]);
                values[i] = known ? (float) (values[i] * Math.sqrt(squares[row] / now[row])) : values[i];
            }
            return this;
        }

        /** {@code values · bᵀ} for m rows b. */
        float[] times(float[] b, int m) {
            float[] product = new float[rows * m];
            if (columns > 0) {
                openblas.cblas_sgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, rows, m, columns, 1, values,
                        columns, b, columns, 0, product, m);
            }
            return product;
        }

        /** Multiplied by a factor beside others multiplied by one, and a constant: what has the factor 0 is left out. */
        static Rowed beside(Rowed a, double factorA, Rowed b, double factorB, double constant) {
            int fromA = factorA > 0 ? a.columns : 0;
            int fromB = factorB > 0 ? b.columns : 0;
            int columns = fromA + fromB + (constant > 0 ? 1 : 0);
            float[] all = new float[a.rows * columns];
            for (int i = 0; i < a.rows; i++) {
                for (int j = 0; j < fromA; j++) {
                    all[i * columns + j] = (float) (factorA * a.values[i * a.columns + j]);
                }
                for (int j = 0; j < fromB; j++) {
                    all[i * columns + fromA + j] = (float) (factorB * b.values[i * b.columns + j]);
                }
                if (constant > 0) {
                    all[i * columns + columns - 1] = (float) constant;
                }
            }
            return new Rowed(a.rows, columns, all);
        }
    }

    /** A layer with what is drawn for it. */
    private sealed interface Drawn {

        /** Φ after it. */
        Rowed covariance(Rowed phi);

        /** Ψ after it, from Φ and Ψ before it. */
        Rowed tangent(Rowed phi, Rowed psi);
    }

    private record Linear(Rows.Affine map) implements Drawn {

        @Override
        public Rowed covariance(Rowed phi) {
            return Rowed.beside(phi, Math.sqrt(map.scale()), phi, 0, Math.sqrt(map.bias()));
        }

        @Override
        public Rowed tangent(Rowed phi, Rowed psi) {
            return Rowed.beside(phi, Math.sqrt(map.fromK()), psi, Math.sqrt(map.fromT()), Math.sqrt(map.biasT()));
        }
    }

    private record Bent(Nonlinearity phi, int m, int ofPhi, float[] w, int ofPsi, float[] g) implements Drawn {

        @Override
        public Rowed covariance(Rowed x) {
            float[] z = x.times(w, m);
            double scale = 1 / Math.sqrt(m);
            for (int i = 0; i < z.length; i++) {
                z[i] = (float) (scale * phi.value(z[i]));
            }
            return new Rowed(x.rows, m, z).scaledTo(withItself(x).value);
        }

        /** E[φ(u)²] and E[φ'(u)²] for u of the variance that each row has. */
        private Pairs withItself(Rowed x) {
            double[] q = x.squares();
            Pairs pairs = Pairs.of(q, q, q);
            phi.expectations(pairs);
            return pairs;
        }

        @Override
        public Rowed tangent(Rowed x, Rowed psi) {
            float[] z = x.times(w, m);
            float[] along = psi.times(g, m);
            double scale = 1 / Math.sqrt(m);
            for (int i = 0; i < z.length; i++) {
                double h = STEP * Math.max(1, Math.abs(z[i]));
                double slope = (phi.value(z[i] + h) - phi.value(z[i] - h)) / (2 * h);
                along[i] = (float) (scale * slope * along[i]);
            }
            double[] squares = psi.squares();
            double[] slopes = withItself(x).slope;
            for (int i = 0; i < squares.length; i++) {
                squares[i] *= slopes[i];
            }
            return new Rowed(x.rows, m, along).scaledTo(squares);
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void read(int from, int to, double[] target) {
        for (int i = from; i < to; i++) {
            float[] block = blocks.get(i / BLOCK);
            int at = i % BLOCK * count;
            for (int j = 0; j < count; j++) {
                target[(i - from) * count + j] = block[at + j];
            }
        }
    }

    @Override
    public String describe() {
        return count + " random features of " + name;
    }
}
