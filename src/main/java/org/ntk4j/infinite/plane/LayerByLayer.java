package org.ntk4j.infinite.plane;

import java.util.Locale;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;
import org.ntk4j.rows.InnerProducts;
import org.ntk4j.shape.Shape;

/** The engine for any network: a tile's covariance goes through layer after layer, or comes from the planes of the first layers. */
public final class LayerByLayer implements Engine {

    /** A side of a tile of dense networks that stays in the second-level cache, and that {@link InnerProducts} of any lanes divide. */
    private static final int LARGEST_TILE = 144;

    private final Serial network;
    /** The same layers in one list, as planes count them. */
    private final Serial flat;
    private final InputGram rows;
    private final InputGram columns;
    private final Optional<Planes> planes;
    private final Precision arithmetic;
    private final OwnValues ofRows;
    private final OwnValues ofColumns;

    /** Takes the inputs over; {@code columns} is {@code rows} for a symmetric kernel. */
    public LayerByLayer(Serial network, InputGram rows, InputGram columns, Precision wanted) {
        this.network = network;
        this.rows = rows;
        this.columns = columns;
        Optional<Planes> found = rows.hasPadding() || columns.hasPadding() ? Optional.empty() : Planes.of(network, rows.shape());
        // Where not even float64 holds what comes on the way, the layers tell where.
        Optional<Precision> held = found.flatMap(p -> p.holds(wanted, rows, columns));
        this.planes = held.isPresent() ? found : Optional.empty();
        this.arithmetic = held.orElse(Precision.FLOAT64);
        this.flat = network.flat();
        int values = planes.map(Planes::ownValues).orElse(0);
        this.ofRows = new OwnValues(rows.count(), values);
        this.ofColumns = columns == rows ? ofRows : new OwnValues(columns.count(), values);
    }

    @Override
    public TileValues tile(Tile t) {
        boolean diagonal = rows == columns && t.isDiagonal();
        Covariance c = covariance(t);
        int width = t.columns();
        double[] nngp = new double[Math.multiplyExact(t.rows(), width)];
        double[] ntk = new double[nngp.length];
        for (int i = 0; i < t.rows(); i++) {
            for (int j = diagonal ? i : 0; j < width; j++) {
                double[] both = c.at(i, j, diagonal && i == j);
                nngp[i * width + j] = both[0];
                ntk[i * width + j] = both[1];
            }
        }
        TileValues values = new TileValues(t, nngp, ntk);
        return diagonal ? values.mirrored() : values;
    }

    /**
     * The side of a tile of so many inputs with so many others: of planes few enough to keep all threads busy, else one that stays in the
     * second-level cache.
     */
    public static int side(Serial network, Shape in, int rows, int columns, int threads) {
        return Planes.of(network, in).map(p -> p.tile(rows, columns, threads)).orElseGet(() -> (int) Math.max(1,
                Math.min(LARGEST_TILE, Math.sqrt((double) (LARGEST_TILE * LARGEST_TILE) / valuesOfPair(network, in)))));
    }

    /**
     * How many values a pair of examples has at once: at the input, where planes leave it, or after a layer that makes more positions.
     *
     * @throws Failure naming the layer if they do not fit into one array
     */
    public static long valuesOfPair(Serial network, Shape in) {
        Optional<Planes> planes = Planes.of(network, in);
        long most;
        if (planes.isPresent()) {
            most = planes.get().valuesAfter();
        } else {
            Shape shape = InputGram.shape(network, in);
            most = values(shape, shape.isVector() ? Span.EQUAL : network.needs(in, Span.EQUAL));
            if (most > Integer.MAX_VALUE) {
                throw tooMany("the input has", shape, "");
            }
        }
        Serial flat = network.flat();
        int from = planes.map(Planes::layers).orElse(0);
        Shape shape = in;
        for (int i = 0; i < flat.layers().size(); i++) {
            int before = shape.positions();
            shape = flat.after(i, shape);
            if (i >= from && shape.positions() > before) {
                Serial rest = new Serial(flat.layers().subList(i + 1, flat.layers().size()));
                most = Math.max(most, values(shape, rest.needs(shape, Span.EQUAL)));
            }
            if (most > Integer.MAX_VALUE) {
                throw tooMany(flat.layers().get(i).name() + " makes", shape, ": layer " + i + " of `network.serial`");
            }
        }
        return most;
    }

    private static long values(Shape shape, Span span) {
        return span == Span.EQUAL ? shape.positions() : (long) shape.positions() * shape.positions();
    }

    private static Failure tooMany(String what, Shape shape, String where) {
        return Failure.input(String.format(Locale.ROOT, "%s %,d positions, and their %,d pairs are more than fit into one array "
                + "(2,147,483,647)%s; fewer positions, or flatten instead of pooling", what, shape.positions(),
                values(shape, Span.ALL), where));
    }

    private Covariance covariance(Tile t) {
        if (planes.isPresent()) {
            Planes p = planes.get();
            Covariance pooled = p.covariance(arithmetic, rows, ofRows, t.i0(), t.i1(), columns, ofColumns, t.j0(), t.j1());
            try {
                return flat.kernel(pooled, Span.EQUAL, p.layers()).flattened();
            } catch (Failure e) {
                if (flat.equals(network)) {
                    throw e;
                }
                // A layer is named by where it is written: without planes it is.
            }
        }
        return network.kernel(InputGram.covariance(rows, t.i0(), t.i1(), columns, t.j0(), t.j1()), Span.EQUAL).flattened();
    }

    @Override
    public String name() {
        return planes.isPresent() ? "planes, then layer by layer" : "layer by layer";
    }

    @Override
    public void close() {
        rows.close();
        if (columns != rows) {
            columns.close();
        }
    }
}
