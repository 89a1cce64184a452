package org.ntk4j.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Sha256;
import org.ntk4j.files.Npy;

/**
 * A source whose rows, diagonal and products with vectors are kept on disk where they take long: a run that was killed in the middle of an
 * iteration takes the same way again, from files as far as it had come, to the same bits. One file for each vector, named by a digest of
 * all that it depends on.
 */
public final class KeptSource implements KernelSource {

    /** What is computed anew within this time is not worth a file. */
    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int NAME = 24;

    private final KernelSource source;
    private final Path folder;
    private final String key;
    private final long least;

    private KeptSource(KernelSource source, Path folder, String key, long least) {
        this.source = source;
        this.folder = folder;
        this.key = key;
        this.least = least;
    }

    /**
     * What a source gives, kept in a folder, which is made when there is something to keep.
     *
     * @param key tells this kernel, to the last bit of its weights and inputs, from others that may have left something there
     */
    public static KeptSource of(KernelSource source, Path folder, String key) {
        return new KeptSource(source, folder, key, LEAST);
    }

    /** Keeping all that took at least so many nanoseconds. */
    static KeptSource of(KernelSource source, Path folder, String key, long least) {
        return new KeptSource(source, folder, key, least);
    }

    @Override
    public int threads() {
        return source.threads();
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        source.read(fromRow, toRow, fromColumn, toColumn, target);
    }

    @Override
    public void tiles(TileVisitor visitor, Monitor monitor) {
        source.tiles(visitor, monitor);
    }

    @Override
    public void rows(int[] rows, int columns, double[] target) {
        double[] places = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            places[i] = rows[i];
        }
        double[] values = kept("rows", places, rows.length * columns, () -> {
            source.rows(rows, columns, target);
            return target;
        });
        System.arraycopy(values, 0, target, 0, values.length);
    }

    @Override
    public Optional<double[]> diagonal() {
        // A source without a way of its own says so at once.
        double[] values = kept("diagonal", new double[0], -1, () -> source.diagonal().orElse(new double[0]));
        return values.length == 0 ? Optional.empty() : Optional.of(values);
    }

    @Override
    public boolean isElsewhere() {
        return source.isElsewhere();
    }

    @Override
    public Optional<KernelProduct> product(Monitor monitor) {
        return source.product(monitor).map(KeptProduct::new);
    }

    @Override
    public Optional<Double> squares() {
        return source.squares();
    }

    /** Vectors one by one, so that a kill costs one product at most. */
    private final class KeptProduct implements KernelProduct {

        private final KernelProduct product;

        KeptProduct(KernelProduct product) {
            this.product = product;
        }

        @Override
        public int rows() {
            return product.rows();
        }

        @Override
        public int columns() {
            return product.columns();
        }

        @Override
        public double[] times(double[] b, int k) {
            return byColumns(b, k, v -> kept("product", v, rows(), () -> product.times(v, 1)));
        }

        @Override
        public void close() {
            product.close();
        }
    }

    /**
     * Values from their file, or computed, and kept if that took long.
     *
     * @param count how many they are; negative: not known beforehand
     */
    private double[] kept(String what, double[] of, int count, Supplier<double[]> compute) {
        Path file = folder.resolve(what + "-" + name(what, of) + ".npy");
        if (Files.isRegularFile(file)) {
            double[] values = Npy.read(file).values();
            if (count < 0 || values.length == count) {
                return values;
            }
        }
        long began = System.nanoTime();
        double[] values = compute.get();
        if (System.nanoTime() - began >= least && values.length > 0) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw Failure.run(folder + ": cannot be written (" + e.getMessage() + ")", e);
            }
            Npy.write(file, values, values.length);
        }
        return values;
    }

    private String name(String what, double[] of) {
        MessageDigest digest = Sha256.begin();
        digest.update((key + "\n" + what + "\n").getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.allocate(of.length * Double.BYTES);
        bytes.asDoubleBuffer().put(of);
        digest.update(bytes);
        return HexFormat.of().formatHex(digest.digest()).substring(0, NAME);
    }
}
