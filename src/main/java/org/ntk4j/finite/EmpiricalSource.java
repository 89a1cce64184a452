package org.ntk4j.finite;

import java.nio.file.Path;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.Fingerprint;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.KernelSource;
import org.ntk4j.kernel.KeptSource;
import org.ntk4j.kernel.TileVisitor;

/**
 * The mean over outputs of a network's tangent kernel, {@code (1/k) Σ_c J_c J_cᵀ}, of inputs with themselves, which is not stored:
 * rectangles are computed whenever they are needed, and products with vectors go through the network, {@link TangentOperator#mean}.
 */
public final class EmpiricalSource implements KernelSource {

    private static final int SIDE = 2048;

    private final FiniteNetwork network;
    private final Inputs x;
    private final long held;
    private final Monitor monitor;

    private EmpiricalSource(FiniteNetwork network, Inputs x, long held, Monitor monitor) {
        this.network = network;
        this.x = x;
        this.held = held;
        this.monitor = monitor;
    }

    /**
     * The kernel.
     *
     * @param held bytes of the memory that are taken
     */
    public static Kernel kernel(String name, FiniteNetwork network, Inputs x, long held, Monitor monitor) {
        return Kernel.computed(name, x.count(), x.count(), true, new EmpiricalSource(network, x, held, monitor));
    }

    /**
     * The kernel, of which what takes long is kept: a run that was killed goes on where it was. Nothing is kept of a network with a
     * function given in Java, which cannot be told from another.
     *
     * @param folder where; made when there is something to keep
     */
    public static Kernel kept(String name, FiniteNetwork network, Inputs x, long held, Path folder, Monitor monitor) {
        EmpiricalSource source = new EmpiricalSource(network, x, held, monitor);
        boolean told = Fingerprint.tells(network.architecture().toYaml());
        return Kernel.computed(name, x.count(), x.count(), true,
                told ? KeptSource.of(source, folder, TangentTiles.fingerprint(network, x.shape()).with("x", x).name()) : source);
    }

    private EmpiricalKernel some() {
        return new EmpiricalKernel(network).beside(held);
    }

    /** TensorFlow has threads of its own. */
    @Override
    public int threads() {
        return 1;
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        boolean same = fromRow == fromColumn && toRow == toColumn;
        Kernel block = some().mean(x.slice(fromRow, toRow), same ? null : x.slice(fromColumn, toColumn), Monitor.silent());
        System.arraycopy(block.values(), 0, target, 0, block.values().length);
    }

    @Override
    public void rows(int[] rows, int columns, double[] target) {
        double[] values = some().mean(x.pick(rows), x, monitor).values();
        System.arraycopy(values, 0, target, 0, values.length);
    }

    @Override
    public void tiles(TileVisitor visitor, Monitor told) {
        int n = x.count();
        long across = ((long) n + SIDE - 1) / SIDE;
        long done = 0;
        try (Monitor.Task task = told.begin("tiles of a tangent kernel, " + n + " × " + n, across * (across + 1) / 2)) {
            for (int i = 0; i < n; i += SIDE) {
                for (int j = i; j < n; j += SIDE) {
                    if (told.cancelled()) {
                        throw Failure.cancelled("stopped while computing a tangent kernel");
                    }
                    int height = Math.min(n, i + SIDE) - i;
                    int width = Math.min(n, j + SIDE) - j;
                    double[] tile = new double[height * width];
                    read(i, i + height, j, j + width, tile);
                    visitor.visit(0, i, j, height, width, tile);
                    task.done(++done);
                }
            }
        }
    }

    @Override
    public Optional<double[]> diagonal() {
        return Optional.of(some().diagonal(x, monitor));
    }

    @Override
    public Optional<KernelProduct> product(Monitor told) {
        return Optional.of(new Product(new TangentOperator(network, x), told));
    }

    /** Vectors through the network, one after the other. */
    private final class Product implements KernelProduct {

        private final TangentOperator operator;
        private final Monitor told;

        Product(TangentOperator operator, Monitor told) {
            this.operator = operator;
            this.told = told;
        }

        @Override
        public int rows() {
            return x.count();
        }

        @Override
        public int columns() {
            return x.count();
        }

        @Override
        public double[] times(double[] b, int k) {
            return byColumns(b, k, v -> {
                if (told.cancelled()) {
                    throw Failure.cancelled("stopped during a product with a tangent kernel");
                }
                return operator.mean(v);
            });
        }

        @Override
        public void close() {
            operator.close();
        }
    }
}
