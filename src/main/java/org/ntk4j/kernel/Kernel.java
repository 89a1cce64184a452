package org.ntk4j.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Required;
import org.ntk4j.base.Settings;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.PictureFile;
import org.ntk4j.files.NamedArrays;
import org.ntk4j.files.NpyMatrix;
import org.ntk4j.kernel.tiles.TileStore;

/**
 * A kernel matrix K(x, x'), read in float64: one row for each x, one column for each x'. Immutable. One that is too large for the heap lies
 * elsewhere: in a {@code .npy} file, in tiles outside the heap or in files, in float32 or float64; or nowhere, where its values are
 * computed whenever they are needed. Single values, rows and blocks are read from there; what needs all of it goes by {@link #tiles}.
 */
public final class Kernel {

    /** A difference of two values has ten digits if it is so large relative to them. */
    private static final double HELD = 1e-3;

    private final String name;
    private final int rows;
    private final int columns;
    private final KernelValues values;
    private final boolean symmetric;
    private final List<String> notes;
    private final @Nullable Distances distances;

    /**
     * Distances of inputs that were carried beside the values; a difference of values in float64 cannot hold them where inputs are close.
     */
    public interface Distances {

        /** {@code K(i,i) + K(j,j) − 2 K(i,j)}; empty where it is not known better than by the values. */
        OptionalDouble squared(int i, int j);
    }

    private Kernel(String name, int rows, int columns, KernelValues values, boolean symmetric, List<String> notes) {
        this(name, rows, columns, values, symmetric, notes, null);
    }

    private Kernel(String name, int rows, int columns, KernelValues values, boolean symmetric, List<String> notes,
            @Nullable Distances distances) {
        this.name = name;
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.symmetric = symmetric;
        this.notes = List.copyOf(notes);
        this.distances = distances;
    }

    /**
     * A kernel between two sets of inputs.
     *
     * @param name   what it is, such as {@code ntk.infinite}
     * @param values {@code rows × columns} values, row by row; taken over, not copied
     * @throws Failure if a value is NaN or infinite, with its place
     */
    public static Kernel of(String name, int rows, int columns, double[] values) {
        Required.value(name, "name");
        Required.value(values, "values");
        return checked(name, rows, columns, values, false);
    }

    /** A kernel of one set of inputs with itself: square and symmetric. */
    public static Kernel symmetric(String name, int size, double[] values) {
        Required.value(name, "name");
        Required.value(values, "values");
        return checked(name, size, size, values, true);
    }

    /** A kernel from rows; square and symmetric ones are taken to be of one set of inputs with itself. */
    public static Kernel of(double[][] rows) {
        Required.values(rows, "rows");
        int columns = rows.length == 0 ? 0 : rows[0].length;
        return checked("kernel", rows.length, columns, KernelValues.flat(rows, columns), KernelValues.isSymmetric(rows));
    }

    /**
     * A kernel that stays in its file.
     *
     * @param matrix    its finite values
     * @param symmetric true if it is of one set of inputs with itself
     */
    static Kernel inFile(String name, NpyMatrix matrix, boolean symmetric) {
        return new Kernel(name, matrix.rows(), matrix.columns(), new KernelValues.InFile(matrix), symmetric, List.of());
    }

    /**
     * A kernel in a {@code .npy} file of float64 or float32, in C order, which is mapped and read when it is needed.
     *
     * @param symmetric true if it is of one set of inputs with itself; only what lies above the diagonal is read then
     * @throws Failure if it is no such file, or not square although symmetric
     */
    public static Kernel mapped(String name, Path npy, boolean symmetric) {
        Required.value(name, "name");
        Required.value(npy, "npy");
        NpyMatrix matrix = NpyMatrix.open(npy);
        if (symmetric && matrix.rows() != matrix.columns()) {
            throw Failure.input(npy + ": a matrix of " + matrix.rows() + " × " + matrix.columns()
                    + " is no kernel of one set of inputs with itself");
        }
        return inFile(name, matrix, symmetric);
    }

    /** A kernel in tiles; whoever made the store closes it, after which the kernel has no values. */
    public static Kernel inTiles(String name, TileStore store) {
        return new Kernel(name, store.layout().size(), store.layout().size(), new KernelValues.InTiles(store), true, List.of());
    }

    /** A kernel whose values are computed whenever they are needed. */
    public static Kernel computed(String name, int rows, int columns, boolean symmetric, KernelSource source) {
        return new Kernel(name, rows, columns, new KernelValues.Computed(source), symmetric, List.of());
    }

    /**
     * The inner products of features of some inputs with themselves, in place of a kernel that they come near to.
     *
     * @param exact that kernel, on which their error is measured; empty: it is not
     */
    public static Kernel ofFeatures(String name, KernelFeatures features, Optional<Kernel> exact) {
        exact.filter(e -> e.rows != features.rows()).ifPresent(e -> {
            throw Failure.input("features of " + features.rows() + " inputs in place of a kernel of " + e.rows);
        });
        return computed(name, features.rows(), features.rows(), true, new FeatureSource(features, features, exact));
    }

    /** The inner products of features of some inputs (rows) with those of others (columns). */
    public static Kernel ofFeatures(String name, KernelFeatures rows, KernelFeatures columns) {
        return computed(name, rows.rows(), columns.rows(), false, new FeatureSource(rows, columns, Optional.empty()));
    }

    /** The features whose inner products it is, if it is that. */
    public Optional<KernelFeatures> features() {
        return source().filter(FeatureSource.class::isInstance).map(s -> ((FeatureSource) s).left());
    }

    /**
     * The error of the features in place of the kernel that they come near to, relative, in the Frobenius norm, on some of its rows; empty
     * where there are none, or nothing to measure them by.
     */
    public Optional<Double> featureError() {
        return source().filter(FeatureSource.class::isInstance).flatMap(s -> ((FeatureSource) s).error());
    }

    /** A kernel of finite values. */
    static Kernel inMemory(String name, int rows, int columns, double[] values, boolean symmetric) {
        return new Kernel(name, rows, columns, new KernelValues.InMemory(columns, values), symmetric, List.of());
    }

    private static Kernel checked(String name, int rows, int columns, double[] values, boolean symmetric) {
        if ((long) rows * columns != values.length) {
            throw Failure.input(values.length + " values are not a kernel of " + rows + " × " + columns);
        }
        FiniteValues.require(name, columns, values);
        return inMemory(name, rows, columns, values, symmetric);
    }

    /** What it is: {@code ntk.infinite}, {@code nngp.infinite}, {@code ntk.init}, {@code ntk.trained}, or a name of one's own. */
    public String name() {
        return name;
    }

    /** This kernel under another name. */
    public Kernel named(String other) {
        Required.value(other, "other");
        return new Kernel(other, rows, columns, values, symmetric, notes, distances);
    }

    /** This kernel with a remark for whoever reads its values. */
    public Kernel noted(List<String> remarks) {
        Required.value(remarks, "remarks");
        return new Kernel(name, rows, columns, values, symmetric, remarks, distances);
    }

    /** This kernel with distances of inputs that are known to more digits than its values hold. */
    public Kernel distances(Distances carried) {
        return new Kernel(name, rows, columns, values, symmetric, notes, carried);
    }

    /** Remarks: how it was estimated, and with which error, where that is not exact. */
    public List<String> notes() {
        return notes;
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The number of columns. */
    public int columns() {
        return columns;
    }

    /** True if this is a kernel of one set of inputs with itself. */
    public boolean isSymmetric() {
        return symmetric;
    }

    /**
     * One value.
     *
     * @throws Failure if there is no such row or column
     */
    public double get(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw outside("row " + row + ", column " + column);
        }
        return values.get(row, column);
    }

    /**
     * The squared distance of two inputs in the space of the kernel's features, {@code K(i,i) + K(j,j) − 2 K(i,j)}. Infinite kernels of
     * dense networks with activations of two slopes (relu and its like) or smooth ones (erf, gelu, tanh and so on) know it to ten digits
     * however close the inputs are; elsewhere it is the difference of the values.
     *
     * @throws Failure if the kernel is not one of some inputs with themselves, or there are no such inputs
     */
    public double squaredDistance(int i, int j) {
        requireSymmetric("a distance of two inputs");
        double difference = get(i, i) + get(j, j) - 2 * get(i, j);
        boolean held = distances == null || Math.abs(difference) > HELD * Math.max(get(i, i), get(j, j));
        return i == j ? 0 : held || distances == null ? difference : distances.squared(i, j).orElse(difference);
    }

    private Failure outside(String what) {
        return Failure.input(name + " has no " + what + ": it is " + rows + " × " + columns + ", counted from 0");
    }

    /**
     * The values of a row, as a copy.
     *
     * @throws Failure if there is no such row
     */
    public double[] row(int row) {
        if (row < 0 || row >= rows) {
            throw outside("row " + row);
        }
        return values.row(row, columns);
    }

    /**
     * All values, row by row. Not a copy: not to be changed. Of a kernel in a file they are read at each call.
     *
     * @throws Failure if they are too many for an array
     */
    public double[] values() {
        double[] all = values.all(name, rows, columns);
        if (!isInHeap()) {
            FiniteValues.require(name, columns, all);
        }
        return all;
    }

    /** True if all values stand in an array of the heap. */
    public boolean isInHeap() {
        return values instanceof KernelValues.InMemory;
    }

    /**
     * Reads a rectangle, by rows; fastest where it is one of {@link #tiles}.
     *
     * @param target takes its values from its start on
     * @throws Failure if there is no such rectangle, or the target is too small for it
     */
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        Required.value(target, "target");
        if (fromRow < 0 || fromRow > toRow || toRow > rows || fromColumn < 0 || fromColumn > toColumn || toColumn > columns) {
            throw outside("rows " + fromRow + " to before " + toRow + ", columns " + fromColumn + " to before " + toColumn);
        }
        requireRoom(toRow - fromRow, toColumn - fromColumn, target);
        values.read(fromRow, toRow, fromColumn, toColumn, target);
    }

    private static void requireRoom(int height, int width, double[] target) {
        if ((long) height * width > target.length) {
            throw Failure.input(height + " × " + width + " values do not fit into an array of " + target.length);
        }
    }

    /**
     * Whole rows, one after the other: faster than one by one where they lie on other machines.
     *
     * @throws Failure if there is no such row, or the target is too small for them
     */
    public void rows(int[] some, double[] target) {
        Required.value(some, "some");
        Required.value(target, "target");
        for (int row : some) {
            if (row < 0 || row >= rows) {
                throw outside("row " + row);
            }
        }
        requireRoom(some.length, columns, target);
        if (values instanceof KernelValues.Computed computed) {
            computed.source().rows(some, columns, target);
            return;
        }
        double[] row = new double[columns];
        for (int i = 0; i < some.length; i++) {
            read(some[i], some[i] + 1, 0, columns, row);
            System.arraycopy(row, 0, target, i * columns, columns);
        }
    }

    /** How many threads {@link #tiles} uses if it is given this many. */
    public int workers(int threads) {
        return values instanceof KernelValues.Computed computed ? computed.source().threads() : Panels.workers(this, threads);
    }

    /**
     * Shows all values tile by tile; of a symmetric kernel each square along the diagonal and what lies to its right: there a tile stands
     * for its mirror image too.
     *
     * @throws Failure after Ctrl-C
     */
    public void tiles(int threads, TileVisitor visitor, Monitor monitor) {
        uncheckedTiles(threads, isInHeap() ? visitor : FiniteValues.only(name, visitor), monitor);
    }

    /** As {@link #tiles}, without looking whether all values are finite: for whoever sees that in what becomes of them. */
    void uncheckedTiles(int threads, TileVisitor visitor, Monitor monitor) {
        if (values instanceof KernelValues.Computed computed) {
            computed.source().tiles(visitor, monitor);
        } else {
            Panels.visit(this, threads, visitor, monitor);
        }
    }

    /** The kernel applied to vectors, tile by tile with this many threads. */
    public KernelProduct product(int threads, Monitor monitor) {
        return source().flatMap(s -> s.product(monitor)).orElseGet(() -> new TiledProduct(this, threads, monitor));
    }

    /** The kernel applied to vectors; in the heap it is copied out of it, for many products. */
    public KernelProduct product(Monitor monitor) {
        return isInHeap() ? NativeMatrix.of(this) : product(Settings.ofProcess().threads(), monitor);
    }

    /** How wide its tiles are, if its values lie in tiles: there one goes over parts of rows. */
    OptionalInt tileWidth() {
        return tileStore().map(store -> OptionalInt.of(store.layout().wide())).orElse(OptionalInt.empty());
    }

    /** Its tiles, if its values lie in tiles. */
    Optional<TileStore> tileStore() {
        return values instanceof KernelValues.InTiles tiles ? Optional.of(tiles.store()) : Optional.empty();
    }

    /** Whether its values lie on other machines: products are cheap there, and single values are dear. */
    public boolean isElsewhere() {
        return source().map(KernelSource::isElsewhere).orElse(false);
    }

    /** Where its values come from if they are computed, or lie on other machines. */
    Optional<KernelSource> source() {
        return values instanceof KernelValues.Computed computed ? Optional.of(computed.source()) : Optional.empty();
    }

    /** The {@code .npy} file in which it stays because it is too large for the memory. */
    public Optional<Path> file() {
        return values.file();
    }

    /** All values as rows, as a copy. */
    public double[][] toArray() {
        double[][] rowsOfValues = new double[rows][];
        for (int i = 0; i < rows; i++) {
            rowsOfValues[i] = row(i);
        }
        return rowsOfValues;
    }

    /**
     * Writes it, CSV (no head, one row a line, all digits) or {@code .npy} by the ending of the name; the folder is made where it is
     * missing.
     *
     * @throws Failure if the ending is another, or the file cannot be written
     */
    public void save(Path file) {
        Required.value(file, "file");
        String ending = NamedArrays.ending(file);
        if (!List.of("csv", "npy").contains(ending)) {
            throw NamedArrays.unknownEnding(file);
        }
        KernelFile.prepare(Objects.requireNonNull(file.toAbsolutePath().getParent()), 0);
        if (ending.equals("npy")) {
            KernelFile.npy(file, this);
        } else {
            KernelFile.csv(file, this, HeapGuard.within(Long.MAX_VALUE));
        }
    }

    /** Some of its rows, for estimates of what is to be said of all of it: where n² values take too long. */
    public KernelSample sample(int rowCount) {
        return KernelSample.of(this, rowCount, 0);
    }

    /** The relative Frobenius distance {@code ‖this − reference‖/‖reference‖}; further measures in {@link KernelMetrics}. */
    public double distanceTo(Kernel reference) {
        Required.value(reference, "reference");
        return KernelMetrics.relativeFrobenius(this, reference)
                .orElseThrow(() -> Failure.input("the distance to " + reference.name() + " is not defined: all its values are 0"));
    }

    /** The eigenvalues; computed at each call, in time n³. */
    public Spectrum spectrum() {
        requireSymmetric("a spectrum");
        return Spectrum.of(SymmetricEigen.valuesOf(values(), rows));
    }

    /** The sum of the diagonal. */
    public double trace() {
        requireSymmetric("a trace");
        double sum = 0;
        for (double value : diagonal()) {
            sum += value;
        }
        return sum;
    }

    /** The values on the diagonal. */
    public double[] diagonal() {
        Optional<double[]> known = source().flatMap(KernelSource::diagonal);
        if (known.isPresent()) {
            return known.get();
        }
        return values.diagonal(Math.min(rows, columns));
    }

    /** Rows and columns exchanged. */
    public Kernel transpose() {
        if (symmetric) {
            return this;
        }
        double[] turned = new double[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < rows; i++) {
            double[] row = row(i);
            for (int j = 0; j < columns; j++) {
                turned[j * rows + i] = row[j];
            }
        }
        return new Kernel(name, columns, rows, new KernelValues.InMemory(rows, turned), false, notes);
    }

    /**
     * The rows {@code fromRow} to before {@code toRow} and the columns {@code fromColumn} to before {@code toColumn}. A block on the
     * diagonal of a symmetric kernel is symmetric: from the kernel of train and test inputs together come
     * K(train, train) and K(test, train).
     */
    public Kernel block(int fromRow, int toRow, int fromColumn, int toColumn) {
        if (fromRow < 0 || fromRow > toRow || toRow > rows || fromColumn < 0 || fromColumn > toColumn || toColumn > columns) {
            throw Failure.input("rows " + fromRow + " to " + toRow + " and columns " + fromColumn + " to " + toColumn
                    + " are not a block of a kernel of " + rows + " × " + columns);
        }
        int width = toColumn - fromColumn;
        double[] part = new double[Math.multiplyExact(toRow - fromRow, width)];
        values.read(fromRow, toRow, fromColumn, toColumn, part);
        return new Kernel(name, toRow - fromRow, width, new KernelValues.InMemory(width, part),
                symmetric && fromRow == fromColumn && toRow == toColumn, notes,
                distances == null || fromRow != fromColumn ? null : (i, j) -> distances.squared(fromRow + i, fromRow + j));
    }

    void requireSymmetric(String what) {
        if (!symmetric) {
            throw Failure.input(what + " needs a kernel of one set of inputs with itself; " + name + " is " + rows + " × " + columns
                    + (rows == columns ? " and not symmetric" : ""));
        }
    }

    /**
     * Draws it as a heat map with its spectrum, as a page in {@code out/plots}.
     *
     * @return where it is
     */
    public Path plot() {
        return PictureFile.write(panel(), name);
    }

    /**
     * Draws it as a heat map with its spectrum.
     *
     * @param file {@code .html} or {@code .svg}
     */
    public Path plot(Path file) {
        Required.value(file, "file");
        return panel().plot(file);
    }

    /** What {@link #plot()} draws. */
    public Panel panel() {
        return KernelPanel.of(this);
    }

    /** A summary: name, shape, range, and for a kernel of one set of inputs trace and condition number. Never the matrix. */
    @Override
    public String toString() {
        return KernelSummary.of(this);
    }
}
